"""How forms are used, for the linter of the catalogue: what the kind needs, and what nobody answers (forms.md 27)."""

from collections.abc import Mapping

from sqlalchemy import select

from portal.catalogue.models import FormVersion, Service
from portal.core.db import db
from portal.requests.kinds.registry import kind_of
from portal.requests.models import Request, RequestAnswers


class Uses:
    """What requests know of services."""

    def required(self, service: Service) -> Mapping[str, str]:
        """Return the questions that the kind of the service needs."""
        return kind_of(service.kind).required_fields

    def answered(self, service: Service, version: FormVersion, last: int) -> frozenset[str] | None:
        """Return what was answered in the last requests of a service, once all of these were sent on this version."""
        own = (Request.department_id == service.department_id, Request.service_id == service.id)
        sent = select(Request.id, Request.form_version_id).where(*own)
        looked_at = sent.order_by(Request.id.desc()).limit(last).subquery()
        found = select(RequestAnswers.content).join(looked_at, looked_at.c.id == RequestAnswers.request_id)
        contents = db.session.scalars(found.where(looked_at.c.form_version_id == version.id)).all()
        if len(contents) < last:
            return None
        return frozenset(answer["key"] for content in contents for answer in content)
