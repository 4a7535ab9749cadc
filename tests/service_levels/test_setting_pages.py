"""What administrators set beside levels: reasons for waiting, warnings, a level's calendar, and what has no date."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.db import db
from portal.people.models import Department
from portal.service_levels import actions, queries
from portal.service_levels.actions.steps import steps_of
from portal.service_levels.actions.warning import warn
from portal.service_levels.models import Calendar, EscalationSent, PauseReason, ServiceLevel, ServiceTarget
from portal.service_levels.queries import About, Facts
from tests.cast.people import Cast, sign_in, token_of
from tests.things import KIND

from .test_timing import at

HEADER = {"Accept-Language": "en"}
P3 = "/admin/service-levels/level0000003"
REASON = {"name_es": "espera piezas", "name_en": "waiting for parts", "needs_date": "y", "stops_fulfilment": "y", "active": "y"}


def post(client: FlaskClient, path: str, **data: Any) -> Any:
    answer = client.post(path, data=token_of(client) | data, headers=HEADER)
    db.session.expire_all()
    return answer


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=HEADER)
    assert answer.status_code == 200
    return answer.text


@pytest.fixture
def admin(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.admin)


def started(thing: Department, priority: str = "P3") -> About:
    about = About(KIND, thing.id)
    actions.start(about, ("fulfilment",), Facts(None, priority=priority), at("mon 09:00"), at("mon 09:00"))
    db.session.commit()
    return about


# --- what has no date ------------------------------------------------------------------------------------------------


def test_SL31_what_no_level_fits_is_listed_with_the_reason(admin: FlaskClient, thing: Department) -> None:
    assert "Everything that is open has a date" in text(admin, "/admin/service-levels/without-date")
    for level in db.session.scalars(select(ServiceLevel)):
        level.active = False
    started(thing)
    page = text(admin, "/admin/service-levels/without-date")
    assert f"VEN-{thing.id:06}" in page
    assert "No level fits." in page
    assert "/admin/service-levels/without-date" in text(admin, "/admin/service-levels")


def test_SL25_a_calendar_that_never_opens_is_named_as_the_reason(admin: FlaskClient, cast: Cast, thing: Department) -> None:
    day = {"from": "2026-03-01", "until": "2029-12-31", "yearly": False, "hours": {}, "label": {}}
    hours = {"mon": {"09:00": "18:00"}}
    content = {"name": "Shut", "zone": "Europe/Madrid", "hours": hours, "exceptions": [day]}
    shut = actions.create_calendar(content, cast.admin, at("mon 08:00"))
    level = db.session.scalars(select(ServiceLevel).where(ServiceLevel.public_id == "level0000003")).one()
    level.calendar_id = shut.id
    started(thing)
    page = text(admin, "/admin/service-levels/without-date")
    assert "The calendar has no open time in the next three years." in page
    assert f"VEN-{thing.id:06}" in page


def test_rule_32_a_level_without_a_target_for_the_work_is_named_as_the_reason(admin: FlaskClient, thing: Department) -> None:
    for target in db.session.scalars(select(ServiceTarget).where(ServiceTarget.kind == "fulfilment")):
        db.session.delete(target)
    started(thing)
    assert "Its level promises nothing for the work." in text(admin, "/admin/service-levels/without-date")


# --- reasons for waiting ---------------------------------------------------------------------------------------------


def test_a_reason_is_added_chosen_and_renamed(admin: FlaskClient, thing: Department) -> None:
    assert post(admin, "/admin/pause-reasons", **REASON).status_code == 303
    assert post(admin, "/admin/pause-reasons", **REASON).status_code == 422
    assert "waiting_for_parts" in [one.key for one in queries.pause_reasons()]
    about = started(thing)
    actions.pause(about, "waiting_for_parts", at("mon 10:00"), at("mon 10:00"), resumes_at=at("tue 10:00"))
    db.session.commit()
    renamed = REASON | {"name_en": "waiting for spare parts"}
    assert post(admin, "/admin/pause-reasons/waiting_for_parts", **renamed).status_code == 303
    assert "waiting for spare parts" in text(admin, "/admin/pause-reasons")
    reading = queries.clock_of(about)
    assert reading is not None
    assert reading.at(at("mon 11:00")).state == "paused"


def test_a_reason_that_was_used_is_put_away_and_never_deleted(admin: FlaskClient, thing: Department) -> None:
    about = started(thing)
    actions.pause(about, "supplier", at("mon 10:00"), at("mon 10:00"), resumes_at=at("tue 10:00"))
    db.session.commit()
    assert post(admin, "/admin/pause-reasons/supplier/removal").status_code == 303
    assert post(admin, "/admin/pause-reasons/planned/removal").status_code == 303
    kept = {one.key: one.active for one in db.session.scalars(select(PauseReason))}
    assert kept == {"waiting_for_requester": True, "correction": True, "supplier": False}
    assert "supplier" not in [one.key for one in queries.pause_reasons()]
    reading = queries.clock_of(about)
    assert reading is not None
    assert reading.at(at("mon 11:00")).state == "paused"


@pytest.mark.parametrize("key", ["waiting_for_requester", "correction"])
def test_reasons_that_the_portal_uses_stay(admin: FlaskClient, key: str) -> None:
    assert post(admin, f"/admin/pause-reasons/{key}/removal").status_code == 409
    away = {name: value for name, value in REASON.items() if name != "active"}
    assert post(admin, f"/admin/pause-reasons/{key}", **away).status_code == 409
    assert key in [one.key for one in queries.pause_reasons()]


def test_a_reason_needs_its_name_in_both_languages(admin: FlaskClient) -> None:
    assert post(admin, "/admin/pause-reasons", **REASON | {"name_es": ""}).status_code == 422


# --- warnings --------------------------------------------------------------------------------------------------------


def rows(*steps: dict[str, Any], version: str = "1") -> dict[str, Any]:
    data: dict[str, Any] = {"rows": str(len(steps)), "version": version}
    for number, step in enumerate(steps):
        data |= {f"row{number}-{name}": value for name, value in step.items()}
    return data


def test_rule_28_warnings_are_edited_and_one_that_stays_is_not_told_twice(admin: FlaskClient, thing: Department) -> None:
    about = started(thing)
    reading = queries.clock_of(about)
    level = db.session.scalars(select(ServiceLevel).where(ServiceLevel.public_id == "level0000003")).one()
    assert reading is not None
    first, _second = steps_of(level)
    assert warn([reading.clock.id], at("mon 16:00")) == 1
    db.session.commit()
    kept = {"step": str(first.id), "percent": "75", "recipients": ["assigned", "department_head"], "text_en": "Hurry"}
    added = {"after": "2 h", "recipients": ["department_head"]}
    assert post(admin, f"{P3}/steps", **rows(kept, {"step": ""}, added)).status_code == 303
    stored = [(one.percent, one.seconds_after, list(one.recipients)) for one in steps_of(level)]
    assert stored == [(75, None, ["assigned", "department_head"]), (None, 7200, ["department_head"])]
    assert warn([reading.clock.id], at("mon 16:30")) == 0
    assert db.session.scalars(select(EscalationSent.step_id)).all() == [first.id]
    assert 'value="2 h"' in text(admin, f"{P3}/steps")


wrong = [
    {"percent": "75"},
    {"percent": "75", "after": "2 h", "recipients": ["assigned"]},
    {"after": "soon", "recipients": ["assigned"]},
    {"after": "2 d", "recipients": ["assigned"]},
    {"percent": "-5", "recipients": ["assigned"]},
    {"percent": "much", "recipients": ["assigned"]},
    {"percent": "75", "recipients": ["everybody"]},
]


@pytest.mark.parametrize("step", wrong)
def test_a_warning_that_is_none_is_refused_and_the_rows_are_kept(admin: FlaskClient, step: dict[str, Any]) -> None:
    level = db.session.scalars(select(ServiceLevel).where(ServiceLevel.public_id == "level0000003")).one()
    good = {"after": "3 h", "recipients": ["assigned"]}
    answer = post(admin, f"{P3}/steps", **rows(good, step))
    assert answer.status_code == 422
    assert 'value="3 h"' in answer.text
    assert [one.percent for one in steps_of(level)] == [75, 100]


def test_the_second_of_two_administrators_keeps_the_rows_typed(admin: FlaskClient) -> None:
    good = {"after": "3 h", "recipients": ["assigned"]}
    assert post(admin, f"{P3}/steps", **rows(good)).status_code == 303
    refused = post(admin, f"{P3}/steps", **rows(good | {"after": "4 h"}))
    assert refused.status_code == 409
    assert 'value="4 h"' in refused.text


# --- a level's calendar ----------------------------------------------------------------------------------------------


def test_a_level_counts_by_the_calendar_that_was_chosen(admin: FlaskClient, cast: Cast, thing: Department) -> None:
    week = {day: {"00:00": "24:00"} for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    content = {"name": "Always", "zone": "Europe/Madrid", "hours": week, "exceptions": []}
    always: Calendar = actions.create_calendar(content, cast.admin, at("mon 08:00"))
    form = {"name_es": "Tres", "name_en": "Three", "active": "y", "priority": "P3", "fulfilment": "12 h", "version": "1"}
    assert post(admin, P3, **form, calendar=always.public_id).status_code == 303
    assert f'selected value="{always.public_id}"' in text(admin, P3)
    reading = queries.clock_of(started(thing))
    assert reading is not None
    assert reading.at(at("mon 10:00")).due == at("mon 09:00") + timedelta(hours=12)
    assert post(admin, P3, **form | {"version": "2"}, calendar="zzzzzzzzzzzz").status_code == 422


# --- who may ---------------------------------------------------------------------------------------------------------

READ = ("/admin/pause-reasons", "/admin/service-levels/without-date")
CHANGE = ("/admin/pause-reasons/new", "/admin/pause-reasons/supplier", f"{P3}/steps")


def test_administrators_change_auditors_read_and_others_see_nothing(client: FlaskClient, cast: Cast) -> None:
    for person, reads, changes in ((cast.admin, 200, 200), (cast.auditor, 200, 403), (cast.head2, 403, 403)):
        sign_in(client, person)
        assert [client.get(path).status_code for path in READ] == [reads] * len(READ)
        assert [client.get(path).status_code for path in CHANGE] == [changes] * len(CHANGE)
        if changes != 200:
            assert post(client, "/admin/pause-reasons", **REASON).status_code == changes
            assert post(client, f"{P3}/steps", **rows()).status_code == changes
