"""Nothing forgotten: each reason at its instant, in working days of the department (requests.md 9)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.core import clock as time
from portal.core.db import db
from portal.core.events import publish
from portal.people.events import PersonDeactivated
from portal.people.models import Role
from portal.requests import actions
from portal.requests.blocks import without_next_step
from portal.requests.forgotten import cutoff, forgotten
from portal.requests.models import State
from portal.requests.page import Page
from portal.service_levels.queries import office_hours
from tests.cast.people import Cast, grant
from tests.factories import requests as factory

MADRID = ZoneInfo("Europe/Madrid")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID)


def reasons(cast: Cast) -> list[str]:
    db.session.flush()
    return [row.reason for row in forgotten([cast.it.id], time.now())]


@pytest.mark.parametrize(
    ("now", "days", "before"),
    [
        ("2026-03-03 17:59", 1, "2026-03-02"),  # Tuesday before closing: what came on Sunday or earlier
        ("2026-03-03 18:00", 1, "2026-03-03"),  # Tuesday at closing: what came on Monday or earlier
        ("2026-03-08 12:00", 1, "2026-03-06"),  # Sunday: what came on Thursday or earlier
        ("2026-03-09 18:00", 5, "2026-03-03"),  # Monday at closing: five working days after Monday
    ],
)
def test_working_days_are_over_at_closing(now, days, before):
    assert cutoff(office_hours("Europe/Madrid"), days, at(now)) == at(f"{before} 00:00")


def test_nobody_has_had_it_for_a_working_day(clock, cast: Cast, open_request):
    clock.move_to(at("2026-03-03 17:59"))
    assert reasons(cast) == []
    clock.move_to(at("2026-03-03 18:00"))
    assert reasons(cast) == ["unassigned"]
    assert len(forgotten([cast.it.id, cast.finance.id], time.now())) == 1
    actions.take(open_request, cast.agent, time.now())
    assert reasons(cast) == []


def test_home_counts_what_is_forgotten_beyond_what_any_list_shows(app, clock, cast: Cast, help_desk, monkeypatch):
    monkeypatch.setattr("portal.requests.forgotten.SHOWN", 2)
    grant(cast.head2, Role.AGENT, cast.finance)
    ledger = factory.service(cast.finance, slug="ledger")
    for service in (help_desk, help_desk, help_desk, ledger, ledger):
        factory.send(service, cast.employee)
    clock.move_to(at("2026-03-03 18:00"))
    with app.test_request_context():
        shown = without_next_step(cast.head2, time.now())
    assert (len(shown.rows), shown.count) == (3, 5)
    assert len(forgotten([cast.it.id], time.now())) == 2
    clock.move_to(at("2026-03-02 12:00"))
    assert without_next_step(cast.head2, time.now()).count == 0


def test_no_entry_for_five_working_days(clock, cast: Cast, taken):
    clock.move_to(at("2026-03-09 18:00"))
    assert reasons(cast) == ["silent"]
    actions.comment(taken, cast.agent, "Ordered.", True, time.now())
    assert reasons(cast) == []


def test_the_requester_has_not_answered_for_ten_working_days(clock, cast: Cast, taken):
    actions.ask_requester(taken, cast.agent, "Which?", time.now())
    clock.move_to(at("2026-03-16 17:59"))
    assert reasons(cast) == []
    clock.move_to(at("2026-03-16 18:00"))
    assert reasons(cast) == ["waiting"]


def test_RQ14_an_approval_that_nobody_can_give_is_forgotten_and_never_granted(clock, cast: Cast):
    grant(cast.stranger, Role.HEAD, cast.management)
    request = factory.send(factory.service(cast.it, factory.HEAD_DECIDES), cast.director)
    assert reasons(cast) == []
    cast.stranger.active = False
    db.session.flush()
    publish(PersonDeactivated(cast.stranger.id, None))
    assert reasons(cast) == ["blocked"]
    assert Page(request, cast.director, time.now()).whereabouts.startswith("No se ha encontrado quién pueda aprobarla")
    clock.shift(timedelta(days=30))
    assert request.state == State.WAITING_FOR_APPROVAL


def test_what_is_solved_or_over_is_not_forgotten(clock, cast: Cast, taken):
    actions.solve(taken, cast.agent, "Done.", time.now())
    clock.shift(timedelta(days=60))
    assert reasons(cast) == []
