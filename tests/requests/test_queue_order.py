"""The order of a queue: late first, then by due, then without a date, paused last (service-levels.md 34, requests.md)."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import text

from portal.core.db import db
from portal.requests import actions, lists
from portal.requests.forgotten import forgotten
from portal.requests.models import ACTIVE, Request, stored_in
from portal.service_levels import actions as levels
from portal.service_levels import queries
from portal.service_levels.models import ServiceLevel, ServiceTarget
from portal.service_levels.queries import About
from tests.cast.people import Cast, sign_in
from tests.factories import requests as factory
from tests.performance.meter import statements
from tests.service_levels.test_timing import at

Send = Callable[..., Request]


def add_level(position: int, hours: int, **conditions: list[str]) -> ServiceLevel:
    level = ServiceLevel(position=position, name={"en": f"{hours} h"}, conditions=conditions)
    db.session.add(level)
    db.session.flush()
    if hours:
        db.session.add(ServiceTarget(level_id=level.id, kind="fulfilment", amount=hours * 3600, unit="seconds"))
    db.session.commit()
    return level


@pytest.fixture
def send(cast: Cast, clock) -> Send:
    """Send a request that is promised in some hours, at a moment, and have it taken; none is without a promise."""

    def sent(hours: int, when: str = "mon 10:00") -> Request:
        slug = f"in-{hours}"
        if slug not in services:
            services[slug] = factory.service(cast.it, slug=slug)
            add_level(-hours - 1, hours, service=[f"it/{slug}"])
        clock.move_to(at(when))
        request = factory.send(services[slug], cast.employee, title=f"{hours} h, {when}")
        actions.take(request, cast.agent, at(when))
        return request

    services: dict = {}
    return sent


def in_queue(cast: Cast) -> list[str]:
    db.session.flush()
    return [row.title for row in lists.queue(cast.it.id, (stored_in(ACTIVE),), None, 25).rows]


def title_of(*requests: Request) -> list[str]:
    return [request.title for request in requests]


def test_SL34_late_then_by_due_then_without_date_then_paused(cast: Cast, send: Send):
    paused, without, later, soon, late = send(2), send(0), send(8), send(4), send(1, "mon 09:00")
    actions.ask_requester(paused, cast.agent, "Which desk?", at("mon 10:30"))
    assert in_queue(cast) == title_of(late, soon, later, without, paused)


def test_SL34_a_due_that_passes_without_any_write_stands_first(cast: Cast, send: Send, clock):
    early, other = send(4, "mon 09:00"), send(1, "mon 13:30")
    assert in_queue(cast) == title_of(early, other)
    clock.move_to(at("mon 13:15"))
    assert queries.clock_of(About("request", early.id)).at(at("mon 13:15")).state == "breached"
    assert in_queue(cast)[0] == early.title


def test_SL34_what_goes_on_takes_its_place_by_the_new_due(cast: Cast, send: Send, clock):
    first, second = send(4, "mon 09:00"), send(6, "mon 09:00")
    actions.ask_requester(first, cast.agent, "Which desk?", at("mon 10:00"))
    assert in_queue(cast) == title_of(second, first)
    actions.comment(first, cast.employee, "The one at the door.", False, at("mon 16:00"))
    assert in_queue(cast) == title_of(second, first)
    assert (first.queue_at, second.queue_at) == (at("tue 10:00"), at("mon 15:00"))


def test_SL39_a_longer_promise_after_a_breach_stays_with_the_late_ones(cast: Cast, send: Send, clock):
    lowered, other = send(1, "mon 09:00"), send(4, "mon 09:00")
    level = add_level(-99, 40, service=["it/in-1"])
    clock.move_to(at("mon 11:00"))
    facts = queries.Facts(cast.it.id, service="it/in-1", department="it")
    levels.retarget(About("request", lowered.id), facts, at("mon 11:00"), cast.agent, "One desk only")
    assert queries.clock_of(About("request", lowered.id)).clock.level_id == level.id
    assert in_queue(cast) == title_of(lowered, other)
    breach = queries.breaches_of(About("request", lowered.id))[0].breach
    levels.annul_breach(breach, "The printer was sent to the maker.", cast.head2, at("mon 12:00"))
    assert in_queue(cast) == title_of(other, lowered)


def test_SL39_lists_call_the_later_date_a_new_target_and_ask_nothing_more_for_it(app, cast: Cast, send: Send, clock):
    lowered, _other = send(1, "mon 09:00"), send(4, "mon 09:00")
    clock.move_to(at("mon 11:00"))
    db.session.commit()
    clients = [(sign_in(app.test_client(), cast.agent), "/requests/queue")]
    clients += [(sign_in(app.test_client(), cast.employee), page) for page in ("/requests", "/")]
    before = [len(read(client, page)) for client, page in clients]
    add_level(-99, 40, service=["it/in-1"])
    facts = queries.Facts(cast.it.id, service="it/in-1", department="it")
    levels.retarget(About("request", lowered.id), facts, at("mon 11:00"), cast.agent, "One desk only")
    db.session.commit()
    for (client, page), number in zip(clients, before, strict=True):
        assert client.get(page).text.count("nuevo plazo") == 1, page
        assert len(read(client, page)) == number
    breach = queries.breaches_of(About("request", lowered.id))[0].breach
    levels.annul_breach(breach, "The printer was sent to the maker.", cast.head2, at("mon 12:00"))
    db.session.commit()
    assert "nuevo plazo" not in clients[0][0].get("/requests/queue").text, "what does not count is no late promise"


def read(client, page: str) -> list:
    with statements(db.engine) as found:
        client.get(page)
    return found


def test_what_waits_for_approval_stands_with_those_without_a_date_until_it_starts(cast: Cast, approved_first, send: Send):
    later = send(8)
    waiting = factory.send(approved_first, cast.employee, title="To be approved")
    assert in_queue(cast) == title_of(later, waiting)


def test_the_next_one_to_take_is_the_first_of_the_order(cast: Cast, send: Send, clock):
    late, soon = send(8), send(2)
    for request in (late, soon):
        actions.give_back(request, cast.agent, at("mon 10:30"))
    assert actions.take_next(cast.it.id, cast.agent, at("mon 11:00")) is soon


def test_what_is_forgotten_comes_in_the_same_order(cast: Cast, send: Send, clock):
    send(80), send(40)
    for request in db.session.query(Request):
        actions.give_back(request, cast.agent, at("mon 10:30"))
    db.session.flush()
    assert [row.title for row in forgotten([cast.it.id], at("2026-03-16 10:00"))] == ["40 h, mon 10:00", "80 h, mon 10:00"]


def test_RQ11_rows_with_the_same_due_stand_on_one_page_each(cast: Cast, send: Send):
    sent = {send(8).reference for _ in range(26)}
    seen, cursor = [], None
    while True:
        page = lists.queue(cast.it.id, (), cursor, 25)
        seen += [row.reference for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert (len(seen), set(seen)) == (26, sent)


def test_paging_passes_from_dates_to_those_without_and_back(cast: Cast, send: Send):
    for hours in (8, 0):
        for _ in range(20):
            send(hours)
    first = lists.queue(cast.it.id, (), None, 25)
    second = lists.queue(cast.it.id, (), first.next, 25)
    assert ([row.queue_rank for row in first.rows].count(1), len(second.rows)) == (5, 15)
    back = lists.queue(cast.it.id, (), second.previous, 25)
    assert [row.id for row in back.rows] == [row.id for row in first.rows]


@pytest.mark.parametrize("place", ["first page", "next page"])
def test_the_order_is_read_from_an_index(cast: Cast, send: Send, place):
    for _ in range(26):
        send(8)
    cursor = lists.queue(cast.it.id, (), None, 25).next if place == "next page" else None
    from tests.performance.meter import statements
    from tests.performance.plans import plan

    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
        db.session.execute(text("SET LOCAL enable_bitmapscan = off"))
    with statements(db.engine) as found:
        lists.queue(cast.it.id, (stored_in(ACTIVE),), cursor, 25)
    steps = [step for statement in found for step in plan(statement)]
    assert any("ix_request_queue" in step for step in steps), steps
    assert not [step for step in steps if "TEMP B-TREE FOR ORDER BY" in step], steps


def test_the_migration_finds_the_place_of_what_was_sent_before(cast: Cast, send: Send, app):
    """What the backfill writes is what the clocks write."""
    from importlib import util
    from pathlib import Path

    paused, without, soon, lowered = send(2), send(0), send(4), send(1, "mon 09:00")
    actions.ask_requester(paused, cast.agent, "Which desk?", at("mon 10:30"))
    add_level(-99, 40, service=["it/in-1"])
    facts = queries.Facts(cast.it.id, service="it/in-1", department="it")
    levels.retarget(About("request", lowered.id), facts, at("mon 11:00"), cast.agent, "One desk only")
    db.session.commit()
    written = _places()
    db.session.execute(text("UPDATE request SET queue_rank = 1, queue_at = created_at"))
    path = next(Path(app.root_path).glob("migrations/versions/*_order_of_the_queue.py"))
    spec = util.spec_from_file_location("order_of_the_queue", path)
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for statement in module.BACKFILL:
        db.session.execute(text(statement))
    assert _places() == written
    assert [written[one.id][0] for one in (paused, without, soon, lowered)] == [2, 1, 0, 0]


def _places() -> dict[int, tuple[int, datetime]]:
    found = db.session.execute(db.select(Request.id, Request.queue_rank, Request.queue_at))
    return {id_: (rank, when) for id_, rank, when in found}
