"""Saved views of a queue: kept, shared, opened by a link, and never showing more than one may see (requests.md 15)."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.models import Role, RoleGrant
from portal.requests import actions, saved_views
from portal.requests.models import QueueRank
from portal.requests.tables import SavedView
from tests.cast.people import Cast, sign_in, token_of
from tests.factories import requests as factory

VIEWS = "/requests/queue/views"


def save(cast: Cast, name="Mine", shared=False, by=None, filters=None) -> SavedView:
    return saved_views.save(cast.it, name, filters or {"assignee": "me"}, shared, by or cast.agent, clock.now())


def rows_of(page: str) -> str:
    return page.split("<tbody", 1)[-1] if "<tbody" in page else ""


@pytest.fixture
def two(cast: Cast, help_desk):
    """One request that the agent has, and one that nobody has."""
    taken = factory.send(help_desk, cast.employee, title="TAKENWORD")
    factory.send(help_desk, cast.employee2, title="FREEWORD")
    actions.take(taken, cast.agent, clock.now())
    db.session.commit()


def test_filters_are_saved_under_a_name_and_opened_by_a_link(app, cast: Cast, two):
    client = sign_in(app.test_client(), cast.agent)
    assert "Guardar esta vista" in client.get("/requests/queue?assignee=me&service=help").text
    page = client.get(f"{VIEWS}?department=it&assignee=me&service=help").text
    assert 'name="assignee" value="me"' in page
    data = token_of(client) | {"department": "it", "assignee": "me", "service": "help", "name": "Lo mío de ayuda"}
    answer = client.post(VIEWS, data=data)
    assert answer.status_code == 303
    shown = client.get(answer.headers["Location"]).text
    assert "TAKENWORD" in rows_of(shown)
    assert "FREEWORD" not in rows_of(shown)
    assert 'aria-current="page">Lo mío de ayuda' in shown
    assert "Guardar esta vista" not in shown
    part = client.get(answer.headers["Location"], headers={"HX-Request": "true", "HX-Target": "div#request_list"})
    assert part.text.lstrip().startswith('<div id="request_list"')
    assert "TAKENWORD" in part.text


def test_the_queue_opens_with_the_view_that_its_reader_chose(app, cast: Cast, two):
    view = save(cast)
    client = sign_in(app.test_client(), cast.agent)
    assert "FREEWORD" in client.get("/requests/queue").text
    for on, shown in (("yes", False), ("", True)):
        place = f"{VIEWS}/{view.public_id}/default"
        assert client.post(place, data=token_of(client) | {"on": on}).status_code == 303
        assert ("FREEWORD" in client.get("/requests/queue").text) is shown
        assert "FREEWORD" in client.get("/requests/queue?department=it&view=all").text
        assert "FREEWORD" in client.get("/requests/queue?assignee=none").text


def test_a_private_view_is_unknown_to_others_and_a_shared_one_is_the_readers_own(app, cast: Cast, two):
    private, shared = save(cast, "PRIVATEWORD"), save(cast, "SHAREDWORD", shared=True)
    client = sign_in(app.test_client(), cast.agent2)
    page = client.get("/requests/queue").text
    assert "SHAREDWORD" in page
    assert "PRIVATEWORD" not in page
    hidden, unknown = (client.get(f"/requests/queue?view={key}") for key in (private.public_id, "zzzzzzzzzzzz"))
    assert hidden.status_code == unknown.status_code == 404
    # "me" is whoever reads: the second agent has nothing
    assert "TAKENWORD" not in rows_of(client.get(f"/requests/queue?view={shared.public_id}").text)


def test_a_view_never_shows_more_than_its_reader_may_see(app, cast: Cast, two):
    view = save(cast, "SHAREDWORD", shared=True, filters={"service": "help"})
    for person in (cast.finance_head, cast.stranger):
        client = sign_in(app.test_client(), person)
        for address in (f"/requests/queue?department=it&view={view.public_id}", f"/requests/queue?view={view.public_id}"):
            answer = client.get(address)
            assert answer.status_code in (400, 403, 404)
            assert "FREEWORD" not in answer.text
        assert client.post(f"{VIEWS}/{view.public_id}", data=token_of(client) | {"name": "x"}).status_code == 404
    grant = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == cast.agent.id, RoleGrant.role == Role.AGENT)).one()
    grant.until_at = clock.now()
    db.session.flush()
    assert sign_in(app.test_client(), cast.agent).get(f"{VIEWS}/{view.public_id}").status_code in (403, 404)


def test_only_its_owner_and_for_shared_ones_the_head_change_a_view(app, cast: Cast, two):
    view = save(cast, "SHAREDWORD", shared=True)
    client = sign_in(app.test_client(), cast.agent2)
    for place in (f"{VIEWS}/{view.public_id}", f"{VIEWS}/{view.public_id}/removal"):
        answer = client.post(place, data=token_of(client) | {"name": "x"})
        assert answer.status_code == 403
        assert cast.agent.name in answer.text
    head = sign_in(app.test_client(), cast.head2)
    data = token_of(head) | {"name": "Renamed", "shared": "y"}
    assert head.post(f"{VIEWS}/{view.public_id}", data=data).status_code == 303
    assert "Renamed" in head.get(VIEWS).text
    assert head.post(f"{VIEWS}/{view.public_id}/removal", data=token_of(head)).status_code == 303
    assert db.session.scalar(select(SavedView.id)) is None


def test_a_view_that_is_private_again_opens_nobody_elses_queue(app, cast: Cast, two):
    view = save(cast, "SHAREDWORD", shared=True)
    saved_views.open_with(view, cast.agent2, True)
    saved_views.change(view, "Mine", False, cast.agent)
    client = sign_in(app.test_client(), cast.agent2)
    assert "FREEWORD" in client.get("/requests/queue").text


def test_what_a_view_names_may_be_gone_and_then_nothing_fits(app, cast: Cast, two):
    view = save(cast, "Old", filters={"site": "Atlantis"})
    client = sign_in(app.test_client(), cast.agent)
    page = client.get(f"/requests/queue?view={view.public_id}")
    assert page.status_code == 200
    assert "Atlantis" in page.text
    assert "FREEWORD" not in page.text
    assert client.get("/requests/queue?site=Atlantis").status_code == 400


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"assignee": "me", "name": ""}, 422),
        ({"assignee": "me", "name": "a" * 61}, 422),
        ({"name": "No filter"}, 422),
        ({"assignee": "me", "name": " once "}, 422),
        ({"site": "Atlantis", "name": "Unknown"}, 400),
    ],
    ids=["no-name", "long-name", "no-filter", "same-name", "unknown-value"],
)
def test_what_cannot_be_saved_is_said(app, cast: Cast, two, asked, status):
    save(cast, "Once")
    client = sign_in(app.test_client(), cast.agent)
    answer = client.post(VIEWS, data=token_of(client) | {"department": "it"} | asked)
    assert answer.status_code == status
    assert len(db.session.scalars(select(SavedView)).all()) == 1


def test_there_is_room_for_twenty_views_each_and_twenty_shared(app, cast: Cast, two):
    for number in range(saved_views.MOST_OWN):
        save(cast, f"View {number}", shared=True)
    with pytest.raises(Refused):
        save(cast, "One more")
    with pytest.raises(Refused):
        save(cast, "One more", shared=True, by=cast.agent2)
    save(cast, "View 1", by=cast.agent2)  # a name of one's own may be one that is shared
    page = sign_in(app.test_client(), cast.agent2).get("/requests/queue").text
    assert "Más vistas" in page


def test_the_queue_shows_what_is_late_due_today_undated_or_paused(app, cast: Cast, help_desk):
    late, today, later, paused, undated = (
        factory.send(help_desk, cast.employee, title=title) for title in ("LATE", "TODAY", "LATER", "PAUSED", "UNDATED")
    )
    noon = (clock.now() + timedelta(days=1)).replace(hour=11)
    for request, rank, hours in (
        (late, QueueRank.DUE, -1),
        (today, QueueRank.DUE, 5),
        (later, QueueRank.DUE, 24),
        (paused, QueueRank.PAUSED, -100),
        (undated, QueueRank.NO_DATE, -100),
    ):
        request.queue_rank, request.queue_at = rank, noon + timedelta(hours=hours)
    db.session.commit()
    with time_machine.travel(noon, tick=False):
        client = sign_in(app.test_client(), cast.agent)
        for value, title in (("late", "LATE"), ("today", "TODAY"), ("paused", "PAUSED"), ("none", "UNDATED")):
            for headers in ({}, {"HX-Request": "true", "HX-Target": "div#request_list"}):
                answer = client.get(f"/requests/queue?clock={value}", headers=headers)
                assert answer.status_code == 200, answer.text
                rows = rows_of(answer.text)
                assert [word for word in ("LATE<", "TODAY<", "LATER<", "PAUSED<", "UNDATED<") if word in rows] == [f"{title}<"]
        assert client.get("/requests/queue?clock=soon").status_code == 400


def test_the_file_of_a_view_has_what_the_view_shows(app, cast: Cast, two):
    view = save(cast)
    client = sign_in(app.test_client(), cast.agent)
    page = client.get(f"/requests/queue?view={view.public_id}").text
    export = page.split('href="/requests/queue/export')[1].split('"')[0].replace("&amp;", "&")
    table = client.get(f"/requests/queue/export{export}").text
    assert "TAKENWORD" in table
    assert "FREEWORD" not in table


def test_the_rows_of_a_view_are_fetched_again_by_its_link(app, cast: Cast, two):
    view = save(cast, "Old", filters={"site": "Atlantis"})
    client = sign_in(app.test_client(), cast.agent)
    page = client.get(f"/requests/queue?view={view.public_id}").text
    again = page.split('id="queue_rows" hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert client.get(again, headers={"HX-Request": "true", "HX-Target": "div#queue_rows"}).status_code == 204
