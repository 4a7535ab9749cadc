"""Wiring of requests."""

from datetime import datetime, timedelta

from flask import Flask
from flask_babel import lazy_gettext as _

from portal.approvals.queries import measure_with, promise_with
from portal.catalogue.queries import learn_from
from portal.core import navigation, subjects
from portal.people.models import Person, Role
from portal.people.queries import has_role
from portal.requests import (
    approval_clocks,
    clocks,
    fields,
    finding,
    jobs,
    lists,
    merged,
    messages,
    moved_dates,
    ordering,
    policies,
    queries,
    sending,
    subscribers,
    uses,
)
from portal.requests import blocks as home
from portal.requests.kinds import general, registry
from portal.requests.models import Request
from portal.requests.views import (
    bulk,
    comments,
    correcting,
    exporting,
    form,
    handling,
    links,
    merging,
    promising,
    queue,
    saved,
    show,
    splitting,
    teams,
)
from portal.requests.views.blueprint import bp
from portal.search import kinds as search_kinds
from portal.service_levels.queries import calendar_of

VIEWS = (show, queue, saved, handling, comments, links, merging, bulk, correcting, exporting, promising, teams, splitting)


def register(app: Flask) -> None:
    """Add requests to the portal."""
    app.register_blueprint(bp)
    app.register_blueprint(form.bp)
    registry.register(general.General)
    subjects.register(subject())
    search_kinds.register(finding.SOURCE)
    home.register()
    subscribers.install()
    clocks.install()
    approval_clocks.install()
    ordering.install()
    moved_dates.install()
    jobs.install()
    measure_with(working_time)
    learn_from(uses.Uses())
    promise_with(queries.KIND, approval_clocks.promised)
    navigation.register(navigation.Entry("requests.index", _("What you asked for"), "file-text", position=30))
    navigation.register(
        navigation.Entry(
            "requests.queue",
            _("Queue"),
            "inbox",
            position=80,
            group="role",
            phone=False,
            shown=is_agent,
            reads=lists.unassigned,
        )
    )


def working_time(department_id: int, start: datetime, end: datetime) -> timedelta:
    """Return the working time of the department that serves, for the reminders of approvals (AP-25)."""
    return calendar_of(department_id).working_time(start, end)


def is_agent(person: Person) -> bool:
    """Return whether the person has a queue."""
    return has_role(person, Role.AGENT)


def subject() -> subjects.Subject:
    """Return what the shared services know of requests."""
    return subjects.Subject(
        kind=queries.KIND,
        model=Request,
        visible_to=queries.visible_to,
        title=lambda request: request.title,
        address=lambda request: f"/requests/{request.reference}",
        reference=lambda request: request.reference,
        content_hash=sending.content_hash,
        is_confidential=fields.is_confidential,
        may_read_internal=policies.may_read_internal,
        may_read_field=fields.may_read_field,
        may_read_words=merged.may_read_words,
        message_context=messages.words,
        answers=fields.plain_answers,
        quantities=fields.quantities,
    )
