"""Teams within a department: whose turn it is, and by when. The identifiers are edge cases of the rule books."""

from datetime import datetime

import pytest
from sqlalchemy import select, update

from portal.core import clock as time
from portal.core.db import db
from portal.core.errors import Refused
from portal.notifications.models import Notification
from portal.requests import actions, clocks
from portal.requests.models import Request, State
from portal.service_levels import queries as levels
from portal.service_levels.actions.warning import warn
from portal.service_levels.models import EscalationStep, ServiceLevel, ServiceTarget
from portal.service_levels.queries import About
from portal.teams import actions as teams
from portal.teams.models import Team
from tests.cast.people import Cast, sign_in, token_of
from tests.factories import requests as factory
from tests.factories.teams import team
from tests.service_levels.test_timing import at


@pytest.fixture
def network(cast: Cast) -> Team:
    """A team of IT with one agent, who leads it."""
    return team(cast.it, "Network", cast.head2, lead=cast.agent2)


@pytest.fixture
def desk(cast: Cast) -> Team:
    """Another team of IT, with the other agent."""
    return team(cast.it, "Desk", cast.head2, lead=cast.agent)


@pytest.fixture
def promised(help_desk) -> None:
    """The work within 8 h, and each team within 4."""
    level = ServiceLevel(position=-1, name={"en": "Help"}, conditions={"service": ["it/help"]})
    db.session.add(level)
    db.session.flush()
    for kind, hours in (("fulfilment", 8), ("team", 4)):
        db.session.add(ServiceTarget(level_id=level.id, kind=kind, amount=hours * 3600, unit="seconds"))
    db.session.commit()


@pytest.fixture
def sent(cast: Cast, help_desk, promised, clock) -> Request:
    """A request of Monday at nine."""
    clock.move_to(at("mon 09:00"))
    made = factory.send(help_desk, cast.employee)
    db.session.commit()
    return made


def dues(request: Request, when: str) -> dict[str, list[datetime | None]]:
    db.session.flush()
    found: dict[str, list[datetime | None]] = {}
    for one in levels.clocks(About("request", request.id)):
        if one.clock.kind in ("fulfilment", "team"):
            found.setdefault(one.clock.kind, []).append(one.at(at(when)).due)
    return found


def states(request: Request, when: str) -> list[str]:
    db.session.flush()
    return [one.at(at(when)).state for one in levels.clocks(About("request", request.id)) if one.clock.kind == "team"]


def test_SL40_a_team_that_takes_over_has_a_clock_of_its_own_and_moves_no_other(cast: Cast, sent, network, desk):
    actions.hand_over(sent, network, "Cables.", cast.agent, at("mon 14:00"))
    assert dues(sent, "mon 15:00") == {"fulfilment": [at("mon 17:00")], "team": [at("mon 18:00")]}
    actions.hand_over(sent, desk, "Cables are fine.", cast.agent2, at("mon 16:00"))
    assert dues(sent, "mon 16:30") == {"fulfilment": [at("mon 17:00")], "team": [at("mon 18:00"), at("tue 11:00")]}
    assert states(sent, "wed 09:00") == ["met", "breached"], "what was passed on is late no longer"
    actions.solve(sent, cast.agent, "Done.", at("tue 10:00"))
    assert states(sent, "wed 09:00") == ["met", "met"]


def test_a_team_waits_while_the_work_waits(cast: Cast, sent, network, desk):
    actions.hand_over(sent, network, "Cables.", cast.agent, at("mon 14:00"))
    actions.take(sent, cast.agent2, at("mon 14:00"))
    actions.ask_requester(sent, cast.agent2, "Which socket?", at("mon 15:00"))
    actions.hand_over(sent, desk, "They were asked.", cast.agent2, at("mon 16:00"))
    assert states(sent, "mon 17:00") == ["met", "paused"]
    actions.comment(sent, cast.employee, "The left one", False, at("tue 10:00"))
    assert dues(sent, "tue 10:00")["team"][1] == at("tue 14:00")


def test_a_reopened_request_is_the_teams_again_with_a_new_clock(cast: Cast, sent, network):
    actions.hand_over(sent, network, "Cables.", cast.agent, at("mon 10:00"))
    actions.take(sent, cast.agent2, at("mon 10:00"))
    actions.solve(sent, cast.agent2, "Done.", at("mon 11:00"))
    actions.reopen(sent, cast.employee, "Not yet.", at("mon 15:00"))
    assert dues(sent, "mon 15:00")["team"] == [at("mon 14:00"), at("tue 10:00")]


def test_what_an_ended_team_had_solved_comes_back_to_no_team_in_particular(cast: Cast, sent, network):
    actions.hand_over(sent, network, "Cables.", cast.agent, at("mon 10:00"))
    actions.solve(sent, cast.agent, "Done.", at("mon 11:00"))
    teams.end(network, cast.head2, at("mon 12:00"))
    actions.reopen(sent, cast.employee, "Not yet.", at("mon 15:00"))
    assert sent.team_id is None
    assert states(sent, "wed 09:00") == ["met"], "no clock of a team runs"


def test_who_belongs_to_the_new_team_keeps_it_and_another_gives_it_up(cast: Cast, sent, network, desk):
    actions.take(sent, cast.agent, at("mon 10:00"))
    actions.hand_over(sent, desk, "Ours.", cast.agent, at("mon 10:00"))
    assert (sent.assignee_id, sent.state) == (cast.agent.id, State.IN_PROGRESS)
    actions.hand_over(sent, network, "Theirs.", cast.agent, at("mon 11:00"))
    assert (sent.assignee_id, sent.state, sent.team_id) == (None, State.OPEN, network.id)
    with pytest.raises(Refused):
        actions.hand_over(sent, network, "Again.", cast.agent, at("mon 11:00"))


def test_the_service_names_the_team_that_receives_its_requests(app, cast: Cast, help_desk, promised, network, clock):
    client = sign_in(app.test_client(), cast.head2)
    texts = {"name_es": "Ayuda", "summary_es": "Lo que haga falta.", "revision": str(help_desk.revision)}
    page = f"/admin/catalogue/{help_desk.public_id}"
    assert client.post(page, data=token_of(client) | texts | {"team": network.public_id}).status_code == 303
    assert "selected" in client.get(page).text.partition('name="team"')[2].partition("</select>")[0]
    clock.move_to(at("mon 09:00"))
    received = factory.send(help_desk, cast.employee)
    assert (received.team_id, dues(received, "mon 09:00")["team"]) == (network.id, [at("mon 13:00")])
    teams.end(network, cast.head2, at("mon 10:00"))
    assert (received.team_id, states(received, "wed 09:00")) == (None, ["met"])
    assert factory.send(help_desk, cast.employee).team_id is None


def test_what_is_sent_while_its_team_ends_is_of_no_team_in_particular(cast: Cast, help_desk, network):
    help_desk.team = network
    db.session.flush()
    assert network.ended_at is None
    ended = update(Team).where(Team.id == network.id).values(ended_at=time.now())
    db.session.execute(ended.execution_options(synchronize_session=False))  # by somebody else, since it was read
    assert factory.send(help_desk, cast.employee).team_id is None


def test_another_department_has_other_teams(cast: Cast, sent, network):
    finance = team(cast.finance, "Ledger", cast.finance_head, cast.finance_head)
    with pytest.raises(Refused):
        actions.hand_over(sent, finance, "Yours.", cast.agent, at("mon 10:00"))
    actions.hand_over(sent, network, "Cables.", cast.agent, at("mon 10:00"))
    actions.move_to_department(sent, cast.finance, "They pay for it.", cast.agent, at("mon 11:00"))
    assert (sent.team_id, states(sent, "wed 09:00")) == (None, ["met"])


def test_the_lead_is_told_and_warned_and_nobody_twice(cast: Cast, sent, network):
    actions.hand_over(sent, network, "Cables.", cast.agent, at("mon 10:00"))
    told = db.session.scalars(select(Notification.recipient_id).where(Notification.message == "requests/handed_over"))
    assert list(told) == [cast.agent2.id]
    rules = ("assigned", "team_lead", "department_head")
    assert clocks.recipients(sent.id, "team", rules, at("mon 11:00")) == {cast.agent2.id, cast.head2.id}
    actions.take(sent, cast.agent2, at("mon 11:00"))
    assert clocks.recipients(sent.id, "team", ("assigned", "team_lead"), at("mon 11:00")) == {cast.agent2.id}
    teams.person_left(cast.agent2.id, cast.it.id, at("mon 12:00"))
    db.session.flush()
    assert clocks.recipients(sent.id, "team", ("team_lead",), at("mon 12:00")) == set()


def test_the_clock_of_a_team_warns_who_leads_it(cast: Cast, sent, network):
    level = db.session.scalars(select(ServiceLevel).where(ServiceLevel.position == -1)).one()
    db.session.add(EscalationStep(level_id=level.id, percent=100, recipients=["assigned", "team_lead"]))
    actions.hand_over(sent, network, "Cables.", cast.agent, at("mon 10:00"))
    clock_id = next(one.clock.id for one in levels.clocks(About("request", sent.id)) if one.clock.kind == "team")
    assert warn([clock_id], at("mon 13:59")) == 0
    assert warn([clock_id], at("mon 14:00")) == 1
    told = select(Notification.recipient_id).where(Notification.message == "service_levels/warning")
    assert list(db.session.scalars(told)) == [cast.agent2.id]


def test_TR16_handing_over_is_no_news_to_who_asked(cast: Cast, sent, network, desk):
    before = (sent.revision, sent.last_public_at, sent.state_since)
    actions.hand_over(sent, network, "Cables.", cast.agent, at("mon 10:00"))
    actions.hand_over(sent, None, "Whoever has time.", cast.agent, at("mon 11:00"))
    actions.hand_over(sent, desk, "You have.", cast.agent, at("mon 12:00"))
    assert (sent.revision, sent.last_public_at, sent.state_since) == before
    assert sent.internal_revision > 0


def test_handing_over_on_the_page_keeps_the_note_inside_the_queue(app, cast: Cast, open_request, network):
    agent = sign_in(app.test_client(), cast.agent)
    page = f"/requests/{open_request.reference}/team"
    assert "Network" in agent.get(page).text
    form = token_of(agent) | {"team": network.public_id}
    assert agent.post(page, data=form).status_code == 422, "a note belongs to it"
    assert agent.post(page, data=form | {"team": "zzzz", "text": "NOTEWORD"}).status_code == 422
    assert agent.post(page, data=form | {"text": "NOTEWORD"}).status_code == 303
    shown = agent.get(f"/requests/{open_request.reference}").text
    assert "NOTEWORD" in shown
    assert "a Network" in shown
    requester = sign_in(app.test_client(), cast.employee)
    assert requester.get(page).status_code == 403
    own = requester.get(f"/requests/{open_request.reference}").text
    assert "NOTEWORD" not in own
    assert "Network" not in own
    actions.move_to_department(open_request, cast.finance, "They pay for it.", cast.agent, time.now())
    db.session.commit()
    other = sign_in(app.test_client(), cast.finance_head).get(f"/requests/{open_request.reference}").text
    assert "NOTEWORD" not in other, "PE-4"


def test_the_queue_shows_the_team_and_filters_by_it(app, cast: Cast, help_desk, network, desk):
    made = {name: factory.send(help_desk, cast.employee, title=f"{name}WORD") for name in ("NETWORK", "DESK", "NOBODY")}
    actions.hand_over(made["NETWORK"], network, "Cables.", cast.agent, time.now())
    actions.hand_over(made["DESK"], desk, "Keys.", cast.agent, time.now())
    db.session.commit()
    client = sign_in(app.test_client(), cast.agent2)
    for asked, shown in (("mine", "NETWORK"), (network.public_id, "NETWORK"), (desk.public_id, "DESK"), ("none", "NOBODY")):
        page = client.get(f"/requests/queue?team={asked}")
        assert [name for name in made if f"{name}WORD" in page.text] == [shown], asked
    assert "Mi equipo" in page.text
    assert client.get("/requests/queue?team=zzzz").status_code == 400
    assert "Mi equipo" not in sign_in(app.test_client(), cast.head2).get("/requests/queue").text
    assert "Network" in client.get("/requests/queue/export").text
