"""What a requester sees before sending, and the strip of the subject's page."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.approvals import actions, queries, words
from portal.core.db import db
from portal.people.models import Role
from tests.approvals import papers
from tests.approvals.begun import approve, begin, counted, open_seats, seat_of
from tests.approvals.papers import KIND
from tests.cast.people import Cast, away, grant


def test_the_preview_names_people_stand_ins_and_reasons(cast: Cast, now: datetime) -> None:
    grant(cast.colleague, Role.HEAD, cast.customer_care)
    away(cast.head, cast.delegate, start=now - timedelta(days=1))
    route = papers.route({}, {"rule": "service_head"}, {"rule": "person", "person_id": cast.finance_head.id})
    stages = queries.preview(route.id, papers.facts(cast, cast.employee), now)
    assert [[person.name for person in stage.people] for stage in stages] == [
        ["Carmen Ruiz", "Marta Soler"],
        ["Ignacio Vela"],
        ["Fermín Costa"],
    ]
    assert [stage.why for stage in stages] == ["requester_head", "service_head", "person"]
    stand_in = stages[0].stand_ins[0]
    assert (stand_in.absent.name, stand_in.delegate and stand_in.delegate.name) == ("Marta Soler", "Rafael Quintana")
    steps = words.preview_steps(stages)
    assert steps[0]["name"] == "Carmen Ruiz or Rafael Quintana, for Marta Soler"
    assert "head of the requester's department" in steps[0]["why"]


def test_a_delegate_who_asks_is_not_named_as_stand_in(cast: Cast, now: datetime) -> None:
    away(cast.head, cast.delegate, start=now - timedelta(days=1))
    stages = queries.preview(papers.route({}).id, papers.facts(cast, cast.delegate), now)
    assert stages[0].stand_ins[0].delegate is None
    assert "is away until" in words.preview_steps(stages)[0]["why"]


def test_the_preview_says_when_nobody_is_found(cast: Cast, now: datetime) -> None:
    stages = queries.preview(papers.route({}).id, papers.facts(cast, cast.director), now)
    assert (stages[0].blocked, stages[0].people) == ("nobody", ())
    assert words.preview_steps(stages)[0]["why"] == "Nobody can decide this yet"


@pytest.mark.parametrize("route", ["none", "empty"])
def test_a_service_without_stages_previews_nothing(cast: Cast, now: datetime, route: str) -> None:
    route_id = papers.route().id if route == "empty" else None
    assert queries.preview(route_id, papers.facts(cast, cast.employee), now) == []


def test_the_fallback_of_the_route_is_previewed_and_asked(cast: Cast, now: datetime) -> None:
    _paper, approval = begin(cast, now, by=cast.director, fallback=cast.finance_head)
    stages = queries.preview(approval.route_id, papers.facts(cast, cast.director), now)
    assert [person.name for person in stages[0].people] == [seat.person.name for seat in open_seats(approval)]


def test_preview_and_approval_agree(cast: Cast, now: datetime) -> None:
    for requester in (cast.employee, cast.head, cast.agent, cast.patient, cast.finance_head):
        _paper, approval = begin(cast, now, {}, by=requester)
        stages = queries.preview(approval.route_id, papers.facts(cast, requester), now)
        assert [person.id for person in stages[0].people] == [seat.person_id for seat in open_seats(approval)]


def test_the_strip_says_who_decided_and_who_is_asked(cast: Cast, now: datetime) -> None:
    away(cast.head, cast.delegate, start=now - timedelta(days=1))
    paper, approval = begin(cast, now, {}, {"rule": "service_head"})
    strip = queries.strip(KIND, paper.id, now)
    assert strip is not None
    assert words.steps_of(strip)[0]["name"] == "Rafael Quintana, for Marta Soler"
    approve(approval, cast.delegate, now, seat_of(approval, cast.head))
    strip = queries.strip(KIND, paper.id, now)
    assert strip is not None
    assert [(step["state"], step["name"]) for step in words.steps_of(strip)] == [
        ("done", "Rafael Quintana, for Marta Soler"),
        ("here", "Ignacio Vela"),
    ]
    assert strip.open is not None
    assert strip.open.name["en"] == "Stage 2"


def test_the_strip_costs_one_statement(cast: Cast, now: datetime) -> None:
    paper, _approval = begin(cast, now, {}, {"rule": "service_head"})
    paper_id = paper.id
    db.session.commit()
    with counted() as statements:
        queries.strip(KIND, paper_id, now)
        assert statements() == 1
        assert queries.strip(KIND, paper_id + 1, now) is None
        assert statements() == 2


def test_a_kept_stage_still_shows_who_approved_it(cast: Cast, now: datetime) -> None:
    paper, approval = begin(cast, now, {}, {"rule": "service_head"})
    approve(approval, cast.head, now)
    seat = seat_of(approval, cast.head2)
    actions.return_for_correction(seat.id, cast.head2, "Which lamp exactly?", ("text",), approval.content_hash, now)
    actions.resubmit(KIND, paper.id, cast.employee, now)
    strip = queries.strip(KIND, paper.id, now)
    assert strip is not None
    assert words.steps_of(strip)[0]["name"] == "Marta Soler"


def test_the_preview_costs_the_same_for_many_stages(app: Flask, cast: Cast, now: datetime) -> None:
    people = (cast.finance_head, cast.admin, cast.trainer, cast.colleague, cast.director)
    named = [{"rule": "person", "person_id": person.id} for person in people]
    away(cast.head, cast.delegate, start=now - timedelta(days=1))
    away(cast.admin, cast.agent, start=now - timedelta(days=1))
    few = papers.route({}, {"rule": "service_head"}, named[0]).id
    many = papers.route(
        {}, {"rule": "service_head"}, *named, {"rule": "role", "role": "head", "department_id": cast.finance.id}
    ).id
    facts, taken = papers.facts(cast, cast.employee), []
    for route_id in (few, many):
        db.session.commit()
        with app.test_request_context(), counted() as statements:
            assert all(stage.people for stage in queries.preview(route_id, facts, now))
            taken.append(statements())
    assert taken == [2, 2]
