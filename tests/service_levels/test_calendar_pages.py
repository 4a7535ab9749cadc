"""The pages of calendars: edited, checked, saved; who may; what is wrong in words."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core import clock as core_clock
from portal.core.db import db
from portal.service_levels import actions
from portal.service_levels.models import Calendar, CalendarDraft, HolidayProposal
from tests.cast.people import Cast, sign_in, token_of

from .cases import C9

WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-18:00")
FORM = {"name": "Informática", "zone": "Europe/Madrid", "rows": "2", "version": "1", **WEEK}
ROW = {"row0-first": "2026-12-24", "row0-hours": "09:00-13:00", "row0-label_es": "Nochebuena"}
HEADER = {"Accept-Language": "en"}


@pytest.fixture
def calendar(cast: Cast) -> Calendar:
    content = {"name": "Informática", "zone": "Europe/Madrid", "hours": C9, "exceptions": []}
    made = actions.create_calendar(content, cast.admin, core_clock.now())
    actions.assign(made, [cast.it.id], [cast.it.id], cast.admin)
    db.session.commit()
    return made


def post(client: FlaskClient, path: str, **data: Any) -> Any:
    return client.post(f"/admin/calendars{path}", data=token_of(client) | data, headers=HEADER)


def test_a_calendar_is_edited_checked_and_saved(client: FlaskClient, cast: Cast, calendar: Calendar) -> None:
    sign_in(client, cast.head2)
    path = f"/{calendar.public_id}"
    assert 'value="09:00-18:00"' in client.get(f"/admin/calendars{path}", headers=HEADER).text
    checked = post(client, f"{path}/drafts", **FORM, **ROW)
    assert checked.status_code == 303
    page = client.get(checked.location, headers=HEADER).text
    assert "Nothing is saved yet" in page
    assert "Nochebuena" in page
    draft = db.session.scalars(select(CalendarDraft.public_id)).one()
    assert post(client, f"{path}/drafts/{draft}/saving").status_code == 303
    db.session.expire_all()
    assert (calendar.version, calendar.exceptions[0]["hours"]) == (2, {"09:00": "13:00"})


def test_SL54_R28_the_second_save_is_refused_with_both_versions(client: FlaskClient, cast: Cast, calendar: Calendar) -> None:
    path = f"/{calendar.public_id}"
    drafts = []
    for person, hours in ((cast.admin, "08:00-15:00"), (cast.head2, "10:00-19:00")):
        sign_in(client, person)
        drafts.append(post(client, f"{path}/drafts", **FORM | {"fri": hours}).location.rpartition("/")[2])
    sign_in(client, cast.admin)
    assert post(client, f"{path}/drafts/{drafts[0]}/saving").status_code == 303
    sign_in(client, cast.head2)
    refused = post(client, f"{path}/drafts/{drafts[1]}/saving")
    assert refused.status_code == 409
    assert "08:00-15:00" in refused.text
    assert "10:00-19:00" in refused.text
    assert post(client, f"{path}/drafts/{drafts[1]}/renewal").status_code == 303
    assert post(client, f"{path}/drafts/{drafts[1]}/saving").status_code == 303


wrong = [
    pytest.param({"tue": "13:00-14:30, 14:00-18:00"}, "Tuesday 13:00-14:30 overlaps 14:00-18:00.", id="overlap"),
    pytest.param({"tue": "18:00-09:00"}, "Tuesday: 18:00 - 09:00 ends before it starts.", id="end before start"),
    pytest.param(dict.fromkeys(WEEK, ""), "A calendar needs at least one open hour in the week.", id="closed"),
    pytest.param({"zone": "Europe/Atlantis"}, "“Europe/Atlantis” is no time zone", id="unknown zone"),
    pytest.param({"row1-first": "2026-02-30"}, "“2026-02-30” is no date", id="no such date"),
]


@pytest.mark.parametrize(("change", "sentence"), wrong)
def test_bad_input_keeps_all_rows_and_names_the_one_at_fault(
    client: FlaskClient, cast: Cast, calendar: Calendar, change: dict[str, str], sentence: str
) -> None:
    sign_in(client, cast.admin)
    answer = post(client, f"/{calendar.public_id}/drafts", **FORM | ROW | change)
    assert answer.status_code == 422
    assert sentence in answer.text.replace("&#34;", '"')
    assert 'value="2026-12-24"' in answer.text
    assert all(f'value="{typed}"' in answer.text for typed in change.values() if typed)


def test_who_may_open_and_change_calendars(client: FlaskClient, cast: Cast, calendar: Calendar) -> None:
    """permissions.md row 19."""
    path = f"/{calendar.public_id}"
    for person, opens, changes in (
        (cast.admin, 200, 303),
        (cast.head2, 200, 303),
        (cast.finance_head, 200, 403),
        (cast.auditor, 200, 403),
        (cast.agent, 403, 403),
        (cast.employee, 403, 403),
    ):
        sign_in(client, person)
        assert client.get(f"/admin/calendars{path}").status_code == opens
        assert client.get("/admin/calendars").status_code == opens
        assert post(client, f"{path}/drafts", **FORM).status_code == changes
    assert client.get("/admin/calendars/unknown").status_code == 403, "who may not open any learns nothing of one"


def test_a_new_calendar_of_an_editor_is_that_of_the_department(client: FlaskClient, cast: Cast, calendar: Calendar) -> None:
    sign_in(client, cast.finance_head)
    assert post(client, "", **FORM).status_code == 422, "the name is taken"
    assert post(client, "", **FORM | {"name": "Finanzas"}).status_code == 303
    assert "Finanzas" in client.get("/admin/calendars").text


def test_holidays_are_proposed_and_accepted_one_by_one(client: FlaskClient, cast: Cast, calendar: Calendar) -> None:
    sign_in(client, cast.head2)
    path = f"/{calendar.public_id}"
    assert post(client, f"{path}/holidays", country="ES", region="XX", year="2026").status_code == 422
    assert post(client, f"{path}/holidays", country="ES", region="AR", year="2026").status_code == 303
    assert "Christmas Day" in client.get(f"/admin/calendars{path}", headers=HEADER).text
    decided = post(client, f"{path}/holidays/decisions", accept="2026-12-25", reject="2026-05-01")
    draft = decided.location.rpartition("/")[2]
    assert post(client, f"{path}/drafts/{draft}/saving").status_code == 303
    states = {row.day.isoformat(): row.state for row in db.session.scalars(select(HolidayProposal))}
    assert (states["2026-12-25"], states["2026-05-01"], states["2026-10-12"]) == ("accepted", "rejected", "proposed")
