"""The editor's work on a service: its texts, who may ask for it, and its end (forms.md 19, 23)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.audit import actions as audit
from portal.catalogue import finding
from portal.catalogue.audiences import key_of, rows_of
from portal.catalogue.editing import key_for
from portal.catalogue.events import ServiceChanged, ServiceWithdrawn
from portal.catalogue.models import AudienceRow, Service
from portal.catalogue.queries import published_version
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.core.events import publish
from portal.people.models import Department, Person
from portal.search import actions as search

TEXTS = ("name", "summary", "for_whom", "prepare", "not_covered")


class StaleService(Refused):
    """Somebody else has saved the service since the page was drawn (C10)."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else saved this service meanwhile."))


def create_service(department: Department, texts: Mapping[str, Any], by: Person) -> Service:
    """Add a service that nobody finds before its form is published."""
    lock(Department, department.id)
    named = texts["name"]
    words = next((named[language] for language in sorted(named, reverse=True) if named[language]), "")
    taken = {
        slug.replace("-", "_") for slug in db.session.scalars(select(Service.slug).where(Service.department_id == department.id))
    }
    slug = key_for(words, taken).replace("_", "-")
    service = Service(department_id=department.id, slug=slug, state="draft", **texts)
    db.session.add(service)
    db.session.flush()
    audit.record(by, "service.created", "service", service.id, after=_told(service))
    return service


def change_service(service: Service, values: Mapping[str, Any], seen_revision: int, by: Person, now: datetime) -> None:
    """Save texts, contact and keywords; an older revision is refused (C10)."""
    lock(Service, service.id)
    if service.revision != seen_revision:
        raise StaleService
    before = _told(service)
    for name, value in values.items():
        setattr(service, name, value)
    service.revision += 1
    db.session.flush()
    audit.record(by, "service.changed", "service", service.id, before=before, after=_told(service))
    if service.state == "published":
        search.index(finding.SOURCE.kind, service, now)
    publish(ServiceChanged(service.id, by.id))


def add_audience(service: Service, row: AudienceRow, by: Person) -> None:
    """Let one more group of people find the service; the same group twice is once (forms.md 19)."""
    lock(Service, service.id)
    row.service_id = service.id
    if key_of(row) in {key_of(each) for each in rows_of(service.id)}:
        return
    db.session.add(row)
    _audience_changed(service, "audience.added", row, by)


def remove_audience(service: Service, key: str, by: Person) -> None:
    """Take a group out of the audience; who belongs to no other no longer finds the service."""
    lock(Service, service.id)
    for row in rows_of(service.id):
        if key_of(row) == key:
            db.session.delete(row)
            _audience_changed(service, "audience.removed", row, by)


def _audience_changed(service: Service, action: str, row: AudienceRow, by: Person) -> None:
    db.session.flush()
    audit.record(by, action, "service", service.id, after={"row": key_of(row)})
    publish(ServiceChanged(service.id, by.id))


def withdraw_service(service: Service, by: Person, now: datetime) -> None:
    """End a service: nobody finds it, drafts say so and can be copied, requests go on (forms.md 23, FO6)."""
    lock(Service, service.id)
    if service.state != "published":
        raise Refused(_("This service is not offered at the moment."))
    version = published_version(service.id)
    if version is not None:
        version.state = "withdrawn"
    service.state = "withdrawn"
    db.session.flush()
    audit.record(by, "service.withdrawn", "service", service.id, before={"state": "published"}, after={"state": "withdrawn"})
    search.remove(finding.SOURCE.kind, service.id)
    publish(ServiceWithdrawn(service.id, by.id))


def _told(service: Service) -> dict[str, Any]:
    values = {name: dict(getattr(service, name) or {}) for name in TEXTS}
    return values | {
        "contact": service.contact_id,
        "keywords": service.keywords,
        "confidential": service.confidential,
        "trackable": service.trackable,
        "team": service.team_id,
    }
