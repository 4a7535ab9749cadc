"""The first page: what waits for a person, block by block."""

import re
import time as seconds
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from portal.accounts.models import Session
from portal.core import blocks
from portal.core import clock as time
from portal.core.blocks import Block, Errand, Pile, Waiting
from portal.core.db import db
from portal.people.models import Person
from tests.cast.people import Cast, sign_in

FIRST = {"HX-Request": "true", "HX-Target": "section#block_now"}


@pytest.fixture
def registry() -> Iterator[None]:
    """An empty registry, so that these tests speak of home alone."""
    kept = (dict(blocks._blocks), dict(blocks._errands))
    blocks._blocks.clear()
    blocks._errands.clear()
    yield
    for registered, before in zip((blocks._blocks, blocks._errands), kept, strict=True):
        registered.clear()
        registered.update(before)


@pytest.fixture
def employee(client: FlaskClient, cast: Cast, registry: None) -> FlaskClient:
    cast.employee.language = "en"
    return sign_in(client, cast.employee)


def waiting(number: int, by: timedelta | None = None, since: timedelta | None = None) -> Waiting:
    now = time.now()
    return Waiting(
        f"Decide {number}",
        f"/approvals/{number}",
        "Otherwise it stands still.",
        "Open it",
        by=now + by if by is not None else None,
        since=now - since if since is not None else None,
    )


def errand(name: str, *things: Waiting, count: int | None = None) -> Errand:
    pile = Pile(things, len(things) if count is None else count, "/approvals")
    return Errand(name, f"Errand {name}", lambda person, now: pile)


def broken(person: Person, now: datetime) -> Any:
    db.session.execute(text("SELECT broken FROM nowhere"))


def people_count(person: Person, now: datetime) -> int | None:
    return db.session.query(Person).count()


COLLEAGUES = Block(
    "people", "Colleagues", 20, "home/_unavailable.html", people_count, more=lambda count: ("/people", f"All {count}")
)


def test_nobody_comes_in_without_signing_in(client: FlaskClient) -> None:
    assert client.get("/").status_code == 303
    assert client.get("/", headers=FIRST).status_code == 401


def test_an_empty_first_block_says_so(employee: FlaskClient) -> None:
    page = employee.get("/").text
    assert "Nothing waits for you" in page
    assert "Hello, Lucía." in page


def test_the_first_block_is_ordered_by_deadline_and_what_has_none_counts_as_due_within_a_day(employee: FlaskClient) -> None:
    blocks.register(errand("b", waiting(4, by=timedelta(days=9)), waiting(2, by=timedelta(hours=1))))
    blocks.register(errand("a", waiting(3, since=timedelta(hours=2)), waiting(1, since=timedelta(days=2))))
    page = employee.get("/").text
    places = [page.index(f">Decide {number}<") for number in (1, 2, 3, 4)]
    assert places == sorted(places)
    assert "4 things wait for you" in page


def test_more_than_seven_things_fold(employee: FlaskClient) -> None:
    blocks.register(errand("a", *(waiting(number, by=timedelta(hours=number)) for number in range(1, 10))))
    page = employee.get("/").text
    fold = page.index("<details", page.index('id="block_now"'))
    assert page.index(">Decide 7<") < fold < page.index(">Decide 8<")
    assert "2 more" in page


def test_a_long_list_is_counted_whole_and_linked(employee: FlaskClient) -> None:
    blocks.register(errand("a", waiting(1), count=23))
    page = employee.get("/").text
    assert "23 things wait for you" in page
    assert "23 in all" in page


def test_the_first_block_is_a_fragment(employee: FlaskClient) -> None:
    blocks.register(errand("a", waiting(1)))
    fragment = employee.get("/", headers=FIRST).text
    assert fragment.lstrip().startswith('<section class="section" id="block_now"')
    assert "Decide 1" in fragment
    assert "<h1>" not in fragment


def test_the_first_block_asks_again_and_is_sent_only_when_it_changed(employee: FlaskClient) -> None:
    blocks.register(errand("a", waiting(1)))
    address = re.search(r'hx-get="(/\?seen=\w+)"', employee.get("/").text)
    assert address
    assert employee.get(address[1], headers=FIRST).status_code == 204
    blocks.register(errand("a", waiting(1), waiting(2)))
    changed = employee.get(address[1], headers=FIRST)
    assert changed.status_code == 200
    assert "Decide 2" in changed.text


def test_asking_again_is_no_use_of_the_session_SE5(employee: FlaskClient, cast: Cast) -> None:
    (session,) = db.session.scalars(select(Session).where(Session.person_id == cast.employee.id))
    session.last_used_at = long_ago = time.now() - timedelta(hours=1)
    employee.get("/?seen=x", headers=FIRST)
    db.session.refresh(session)
    assert session.last_used_at == long_ago
    employee.get("/", headers=FIRST)
    db.session.refresh(session)
    assert session.last_used_at > long_ago


def test_a_block_is_drawn_whole_and_as_a_fragment(employee: FlaskClient) -> None:
    blocks.register(COLLEAGUES)
    headers = {"HX-Request": "true", "HX-Target": "section#block_people"}
    for answer in (employee.get("/"), employee.get("/", headers=headers)):
        assert 'id="block_people"' in answer.text
        assert "All 22" in answer.text
    unknown = employee.get("/", headers={"HX-Request": "true", "HX-Target": "section#block_other"})
    assert unknown.status_code == 404


def test_a_block_without_content_is_left_out(employee: FlaskClient) -> None:
    blocks.register(Block("people", "Colleagues", 10, "home/_unavailable.html", lambda person, now: None))
    assert "Colleagues" not in employee.get("/").text


@pytest.mark.parametrize("template", ["home/_unavailable.html", "home/_missing.html"])
def test_a_block_that_fails_says_so_and_leaves_the_others_alone_KH9(employee: FlaskClient, template: str) -> None:
    load = people_count if "missing" in template else broken
    blocks.register(Block("broken", "Fragile", 10, template, load))
    blocks.register(COLLEAGUES)
    blocks.register(Errand("broken", "Approvals", broken))
    blocks.register(errand("a", waiting(1)))
    answer = employee.get("/")
    assert answer.status_code == 200
    assert "Not available at the moment." in answer.text
    assert "not available at the moment." in answer.text
    assert "All 22" in answer.text
    assert "Decide 1" in answer.text


def test_a_block_that_takes_too_long_is_not_waited_for_KH9(
    employee: FlaskClient, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.home.composing.PATIENCE", 0.2)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    blocks.register(Block("slow", "Slow", 10, "home/_unavailable.html", lambda person, now: db.session.execute(text(endless))))
    blocks.register(COLLEAGUES)
    started = seconds.monotonic()
    page = employee.get("/").text
    assert seconds.monotonic() - started < 5
    assert "Not available at the moment." in page
    assert "All 22" in page


def test_numbers_are_those_of_the_list_after_a_change_elsewhere_KH10(employee: FlaskClient, cast: Cast) -> None:
    blocks.register(COLLEAGUES)
    assert "All 22" in employee.get("/").text
    cast.it.name = {"es": "Informática"}
    db.session.add(Person(name="Ana", sort_name="ana", email="ana@demo.example", department=cast.it, created_at=time.now()))
    assert "All 23" in employee.get("/").text
