"""Wiring of the service catalogue."""

from datetime import timedelta

from flask import Flask, url_for
from flask_babel import lazy_gettext as _

from portal.catalogue import finding, jobs, queries
from portal.catalogue.models import Draft
from portal.catalogue.policies import may_open_editor
from portal.catalogue.views import browsing, building, covering, editing, routing  # noqa: F401 - they add their routes to one blueprint
from portal.core import clock, navigation, subjects
from portal.core.jobs import handler
from portal.core.text import in_language
from portal.search import kinds

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
    kinds.register(finding.SOURCE)
    app.register_blueprint(browsing.bp)
    app.jinja_env.globals["is_offered_to_reader"] = browsing.is_offered_to_reader
    app.register_blueprint(editing.bp)
    navigation.register(navigation.Entry("catalogue.index", _("Ask for something"), "window-maximize", position=20))
    navigation.register(
        navigation.Entry(
            "catalogue_editor.index",
            _("Edit the catalogue"),
            "pencil",
            position=70,
            group="own",
            phone=False,
            shown=lambda person: bool(may_open_editor(person, clock.now())),
        )
    )
    handler("catalogue.forget_drafts", jobs.forget_drafts, every=DAILY)


def address_of_draft(draft: Draft) -> str:
    """Return where a draft is continued."""
    service = draft.service
    page = url_for("catalogue.service", department_slug=service.department.slug, service_slug=service.slug)
    return f"{page}/request?draft={draft.public_id}"
