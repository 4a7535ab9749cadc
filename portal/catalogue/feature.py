"""Wiring of the service catalogue."""

from datetime import timedelta

from flask import Flask, url_for
from flask_babel import lazy_gettext as _

from portal.catalogue import jobs, queries
from portal.catalogue.models import Draft
from portal.catalogue.views import browsing
from portal.core import navigation, subjects
from portal.core.jobs import handler
from portal.core.text import in_language

DAILY = timedelta(days=1)


def register(app: Flask) -> None:
    """Add the service catalogue to the portal."""
    subjects.register(
        subjects.Subject(
            kind="draft",
            model=Draft,
            visible_to=queries.visible_drafts,
            title=lambda draft: in_language(draft.service.name),
            address=address_of_draft,
            reference=lambda draft: str(draft.public_id),
            may_read_field=lambda person, draft, field_key, now: bool(draft.person_id == person.id),
        )
    )
    app.register_blueprint(browsing.bp)
    navigation.register(navigation.Entry("catalogue.index", _("Ask for something"), "window-maximize", position=20))
    handler("catalogue.forget_drafts", jobs.forget_drafts, every=DAILY)


def address_of_draft(draft: Draft) -> str:
    """Return where a draft is continued."""
    service = draft.service
    page = url_for("catalogue.service", department_slug=service.department.slug, service_slug=service.slug)
    return f"{page}/request?draft={draft.public_id}"
