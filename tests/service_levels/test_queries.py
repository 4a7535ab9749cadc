"""Which calendar a department works by."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from portal.core import clock
from portal.core.config import BadSetting
from portal.core.db import db
from portal.people.models import Department
from portal.service_levels.hours import CalendarError
from portal.service_levels.models import Calendar, DepartmentCalendar
from portal.service_levels.queries import calendar_of

from .cases import NIGHTS, Hours, local

CLOSED = {"from": "2026-03-10", "until": "2026-03-10", "yearly": False, "hours": {}, "label": {}}

pytestmark = pytest.mark.usefixtures("app")


def department(**calendar: object) -> tuple[int, Calendar]:
    """A department that works by a calendar of its own."""
    now = clock.now()
    own = Department(slug="warehouse", name={"en": "Warehouse"})
    chosen = Calendar(**{"name": "Nights", "zone": "Europe/Madrid", "created_at": now, "updated_at": now} | calendar)
    db.session.add_all([own, chosen])
    db.session.flush()
    db.session.add(DepartmentCalendar(department_id=own.id, calendar_id=chosen.id))
    db.session.flush()
    return own.id, chosen


@pytest.mark.parametrize("department_id", [None, 4711])
def test_a_department_without_a_calendar_keeps_office_hours(department_id: int | None) -> None:
    """AP16 in the installation's zone."""
    start = local("2026-03-05 16:00")
    assert calendar_of(department_id).due(start, timedelta(hours=8)) == local("2026-03-06 15:00")
    assert calendar_of(department_id).due(start, timedelta(hours=18)) == local("2026-03-09 16:00")


def test_a_department_works_by_its_own_calendar_and_its_exceptions() -> None:
    """SL48 from the tables."""
    department_id, _ = department(hours=NIGHTS, exceptions=[CLOSED])
    found = calendar_of(department_id).due(local("2026-03-09 23:00"), timedelta(hours=8))
    assert found == local("2026-03-11 23:00")


def test_an_unchanged_calendar_keeps_the_days_it_has_worked_out_and_a_changed_one_does_not() -> None:
    department_id, chosen = department(hours=NIGHTS)
    before = calendar_of(department_id)
    assert calendar_of(department_id) is before
    chosen.hours = {"mon": {"08:00": "09:00"}}
    chosen.version += 1
    db.session.flush()
    assert calendar_of(department_id).next_opening(local("2026-03-09 07:00")) == local("2026-03-09 08:00")


def test_a_calendar_is_found_with_one_statement() -> None:
    department_id, _ = department(hours=NIGHTS)
    statements: list[str] = []

    def listen(*args: Any) -> None:
        statements.append(args[2])

    event.listen(db.engine, "before_cursor_execute", listen)
    calendar_of(department_id)
    event.remove(db.engine, "before_cursor_execute", listen)
    assert len(statements) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"hours": {"mon": {}}}, id="never open"),
        pytest.param({"hours": {"mon": {"09:00": "12:00", "11:00": "13:00"}}}, id="overlap"),
        pytest.param({"hours": NIGHTS, "zone": "Europe/Atlantis"}, id="unknown zone"),
        pytest.param({"hours": NIGHTS, "exceptions": [CLOSED | {"hours": {"05:00": "09:00"}}]}, id="overlap on a date"),
    ],
)
def test_a_calendar_that_cannot_be_reckoned_with_is_not_stored(wrong: dict[str, Hours]) -> None:
    with pytest.raises(CalendarError):
        department(**wrong)


def test_the_portal_does_not_start_in_a_zone_that_does_not_exist(make_app: Callable[..., Flask]) -> None:
    with pytest.raises(BadSetting, match="Europe/Atlantis"):
        make_app(PORTAL_TIMEZONE="Europe/Atlantis")
