"""Wiring of tracking."""

from datetime import timedelta

from flask import Flask
from flask_babel import lazy_gettext as _

from portal.core import jobs as work
from portal.core import navigation, security, subjects
from portal.core.navigation import Entry
from portal.tracking import actions, carriers, codes, commands, imports, jobs, lists, queries, requesting, telling, words
from portal.tracking.models import TrackedItem
from portal.tracking.views import api, public, staff
from portal.tracking.views import imports as import_pages

PAGES = (import_pages,)  # importing it has filled the blueprint of staff


def register(app: Flask) -> None:
    """Add tracking to the portal."""
    app.register_blueprint(public.bp)
    app.register_blueprint(staff.bp)
    app.register_blueprint(api.bp)
    app.jinja_env.filters.update(
        tracked_state=words.state_words, tracked_tag=words.tag, tracked_kind=words.kind_words, refusal=words.refusal
    )
    security.log_as("code", codes.loggable)
    navigation.register(Entry("tracking.start", _("Follow a shipment"), "truck", 20, "public"))
    navigation.register(
        Entry(
            "tracking_staff.index",
            _("Shipments"),
            "truck",
            position=86,
            group="role",
            phone=False,
            minor=True,
            reads=lists.looked_after,
            count=lambda person, value: 0 if value else None,
        )
    )
    telling.install()
    requesting.install()
    work.handler(carriers.JOB, carriers.work)
    app.cli.add_command(commands.commands)
    subjects.register(
        subjects.Subject(
            kind=actions.KIND,
            model=TrackedItem,
            visible_to=queries.visible_to,
            title=lambda item: item.reference,
            address=telling.address_of,
            reference=lambda item: "",
        )
    )
    work.handler(imports.JOB, imports.work, outside=True)
    work.handler("tracking.sweep", jobs.sweep, every=timedelta(hours=1))
