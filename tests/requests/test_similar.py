"""Hints at requests that may be the same one again: only what the reader may see, one statement, nothing is blocked."""

import pytest
from sqlalchemy import event

from portal.core import clock
from portal.core.db import db
from portal.requests import actions, similar
from tests.cast.people import Cast, sign_in
from tests.factories import requests as factory


@pytest.fixture
def printers(cast: Cast):
    cast.employee.language = cast.agent.language = "en"
    return factory.service(cast.it, slug="printers")


def page_of(app, person, path: str) -> str:
    return sign_in(app.test_client(), person).get(path).text


FORM = "/catalogue/it/printers/request"
HINT = "You already have an open request like this"


def test_PE20_who_fills_in_the_form_again_sees_their_open_request(app, cast: Cast, printers) -> None:
    assert HINT not in page_of(app, cast.employee, FORM)
    mine = factory.send(printers, cast.employee, title="Toner")
    page = page_of(app, cast.employee, FORM)
    assert HINT in page
    assert f'href="/requests/{mine.reference}"' in page
    assert 'value="send"' in page, "it blocks nothing"


def test_PE20_requests_of_others_and_of_other_services_are_no_hint(app, cast: Cast, printers, help_desk) -> None:
    factory.send(printers, cast.colleague, title="Toner of a colleague")
    factory.send(help_desk, cast.employee, title="Something else")
    assert HINT not in page_of(app, cast.employee, FORM)
    assert HINT not in page_of(app, cast.head, FORM), "a head may see it, but has not asked"


def test_the_hint_is_about_the_beneficiary_too_and_ends_with_the_request(app, cast: Cast, printers) -> None:
    request = factory.send(printers, cast.head, beneficiary=cast.employee)
    assert HINT in page_of(app, cast.employee, FORM)
    actions.withdraw(request, cast.head, "", clock.now())
    assert HINT not in page_of(app, cast.employee, FORM)


def test_PE20_agents_see_similar_open_requests_of_the_queue(app, cast: Cast, printers, help_desk) -> None:
    request = factory.send(printers, cast.employee, title="Printers: no toner")
    same_words = factory.send(printers, cast.colleague, title="Printers: No tóner")
    same_person = factory.send(printers, cast.employee, title="Printers: paper jam")
    other = factory.send(printers, cast.colleague, title="Printers: a new one")
    elsewhere = factory.send(help_desk, cast.employee, title="Printers: no toner")
    found = [each.reference for each in similar.others(request, cast.agent, clock.now())]
    assert found == [same_words.reference, same_person.reference]
    assert {other.reference, elsewhere.reference} & set(found) == set()
    page = page_of(app, cast.agent, f"/requests/{request.reference}")
    assert "Perhaps the same" in page
    assert f'href="/requests/{same_words.reference}"' in page


def test_PE20_who_does_not_work_in_the_queue_gets_no_hint_at_others(app, cast: Cast, printers) -> None:
    request = factory.send(printers, cast.employee, title="Printers: no toner")
    theirs = factory.send(printers, cast.stranger, title="Printers: no toner")
    for person in (cast.employee, cast.head):
        assert theirs.reference not in page_of(app, person, f"/requests/{request.reference}")
    assert similar.others(request, cast.employee, clock.now()) == []
    assert similar.others(request, cast.stranger_head, clock.now())[0].reference == theirs.reference


def test_a_title_that_names_only_the_service_says_nothing(cast: Cast, printers) -> None:
    request = factory.send(printers, cast.employee, title="Help")
    factory.send(printers, cast.colleague, title="Help")
    assert similar.others(request, cast.agent, clock.now()) == []


def test_what_is_moved_away_or_over_is_no_hint(cast: Cast, printers) -> None:
    request = factory.send(printers, cast.employee, title="Printers: no toner")
    other = factory.send(printers, cast.employee, title="Printers: no toner")
    assert len(similar.others(request, cast.agent, clock.now())) == 1
    actions.withdraw(other, cast.employee, "", clock.now())
    assert similar.others(request, cast.agent, clock.now()) == []


def test_each_hint_takes_one_statement_however_many_there_are(cast: Cast, printers) -> None:
    for _number in range(8):
        factory.send(printers, cast.employee, title="Printers: no toner")
    request = factory.send(printers, cast.employee, title="Printers: no toner")
    seen: list[str] = []
    listen = lambda *args: seen.append(args[2])  # noqa: E731
    assert cast.agent.id
    similar.others(request, cast.agent, clock.now())  # grants are read once an answer
    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        assert len(similar.own(cast.employee, printers.id, clock.now())) == 3
        assert len(seen) == 1
        assert len(similar.others(request, cast.agent, clock.now())) == 5
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
