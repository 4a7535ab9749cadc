"""Nothing forgotten: requests without a next step, each with its reason (requests.md 9)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal

from portal.approvals import queries as approvals
from portal.core.db import db
from portal.requests.lists import rows
from portal.requests.models import ACTIVE, QUEUE_ORDER, WITH_DEPARTMENT, Assignment, Request, State, stored_in
from portal.requests.queries import KIND
from portal.service_levels.calendar import BusinessCalendar
from portal.service_levels.queries import calendars_of

UNASSIGNED_DAYS, SILENT_DAYS, WAITING_DAYS = 1, 5, 10
LOOK_BACK = 90
SHOWN = 200

REASONS: Mapping[str, Any] = {
    "blocked": _("The approval finds nobody who may decide"),
    "left": _("Who had it no longer works here"),
    "unassigned": _("Nobody has had it for a working day"),
    "silent": _("No entry for five working days"),
    "waiting": _("The requester has not answered for ten working days"),
}


def cutoff(calendar: BusinessCalendar, days: int, now: datetime) -> datetime:
    """Return the instant before which N working days are over now (C12): the end of the latest such date."""
    today = now.astimezone(calendar.zone).date()
    for back in range(1, LOOK_BACK):
        midnight = datetime.combine(today - timedelta(days=back - 1), datetime.min.time(), calendar.zone)
        if calendar.due_days(midnight - timedelta(seconds=1), days) <= now:
            return midnight.astimezone(UTC)
    return now - timedelta(days=LOOK_BACK)


def reason_in(calendar: BusinessCalendar, now: datetime) -> ColumnElement[str]:
    """Return the reason for which a request of a department with these hours is forgotten, or an empty text."""
    unassigned, silent, waiting = (cutoff(calendar, days, now) for days in (UNASSIGNED_DAYS, SILENT_DAYS, WAITING_DAYS))
    with_department = Request.state.in_(WITH_DEPARTMENT)
    left = exists().where(
        Assignment.request_id == Request.id, Assignment.ended == "left", Assignment.until_at == Request.unassigned_since
    )
    return case(
        (and_(Request.state == State.WAITING_FOR_APPROVAL, Request.id.in_(approvals.blocked(KIND))), "blocked"),
        (and_(with_department, Request.assignee_id.is_(None), left), "left"),
        (and_(with_department, Request.assignee_id.is_(None), Request.unassigned_since < unassigned), "unassigned"),
        (and_(Request.state == State.IN_PROGRESS, Request.last_entry_at < silent), "silent"),
        (and_(Request.state == State.WAITING_FOR_REQUESTER, Request.state_since < waiting), "waiting"),
        else_="",
    )


def forgotten(department_ids: Collection[int], now: datetime) -> Sequence[Any]:
    """Return the forgotten requests of the departments with their reason, each department's in the order of its queue."""
    return db.session.execute(_forgotten(department_ids, now).limit(SHOWN)).all()


def few_forgotten(department_ids: Collection[int], now: datetime, few: int) -> Sequence[Any]:
    """Return the first of them, each with how many there are `in_all`, in one statement for home."""
    found = _forgotten(department_ids, now).add_columns(func.count().over().label("in_all"))
    return db.session.execute(found.limit(few)).all()


def _forgotten(department_ids: Collection[int], now: datetime) -> Select[Any]:
    calendars = calendars_of(department_ids)
    whens = [(Request.department_id == each, reason_in(calendars[each], now)) for each in department_ids]
    reason = case(*whens, else_="") if whens else literal("")
    found = rows().add_columns(reason.label("reason")).where(Request.department_id.in_(department_ids), stored_in(ACTIVE))
    order = () if len(department_ids) == 1 else (Request.department_id,)
    return found.where(reason != literal("")).order_by(*order, *QUEUE_ORDER)
