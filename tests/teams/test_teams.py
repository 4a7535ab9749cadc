"""Teams of a department: who makes them, who belongs to them, and until when."""

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.people import actions as people
from portal.people.models import Role
from portal.teams import actions, queries
from portal.teams.models import Team
from tests.cast.people import Cast, sign_in, token_of
from tests.factories.teams import team

PAGE = "/departments/it/teams"


def post(app, person, address, **values):
    client = sign_in(app.test_client(), person)
    return client.post(address, data=token_of(client) | values)


def names(made: Team) -> list[tuple[str, bool]]:
    return [(each.person.name, each.leads) for each in queries.members_of([made.id], clock.now())[made.id]]


@pytest.mark.parametrize("who", ["head2", "admin"])
def test_the_head_and_administrators_make_a_team_with_its_lead(app, cast: Cast, who):
    people_of_it = {"members": [cast.agent.public_id, cast.agent2.public_id], "leads": [cast.agent2.public_id]}
    answer = post(app, getattr(cast, who), PAGE, name_es="Redes", name_en="Network", **people_of_it)
    assert answer.status_code == 303
    made = db.session.scalars(select(Team)).one()
    assert names(made) == [(cast.agent2.name, True), (cast.agent.name, False)]
    page = sign_in(app.test_client(), cast.agent).get(PAGE).text
    assert "Redes" in page
    assert f"/teams/{made.public_id}/edit" not in page
    told = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "team.changed")).one()
    assert (told.subject_id, told.after["leads"]) == (made.id, [cast.agent2.id])


@pytest.mark.parametrize(("who", "reads"), [("agent", True), ("auditor", True), ("employee", False), ("stranger_head", False)])
def test_others_make_none_and_only_who_works_there_reads_them(app, cast: Cast, who, reads):
    made = team(cast.it, "Network", cast.head2, cast.agent)
    client = sign_in(app.test_client(), getattr(cast, who))
    assert client.get(PAGE).status_code == (200 if reads else 403)
    assert client.get(f"{PAGE}/new").status_code == 403
    form = token_of(client) | {"name_es": "Otra", "members": cast.agent2.public_id}
    assert client.post(PAGE, data=form).status_code == 403
    assert client.post(f"/teams/{made.public_id}", data=form).status_code == (403 if reads else 404)
    assert names(made) == [(cast.agent.name, False)]


def test_what_is_wrong_is_said_beside_the_field(app, cast: Cast):
    made = team(cast.it, "Network", cast.head2, cast.agent)
    form = {"name_es": "Network", "members": cast.agent.public_id, "leads": cast.agent2.public_id}
    lead = post(app, cast.head2, PAGE, **form)
    assert lead.status_code == 422
    assert "pertenece a él" in lead.text
    assert post(app, cast.head2, PAGE, **(form | {"leads": []})).status_code == 422, "the name is taken"
    assert post(app, cast.head2, PAGE, name_es="Otra").status_code == 422, "nobody belongs to it"
    client = sign_in(app.test_client(), cast.head2)
    assert 'value="1"' in client.get(f"/teams/{made.public_id}/edit").text
    values = token_of(client) | {"name_es": "Redes", "members": cast.agent2.public_id}
    assert client.post(f"/teams/{made.public_id}", data=values | {"revision": "1"}).status_code == 303
    stale = client.post(f"/teams/{made.public_id}", data=values | {"name_es": "Cables", "revision": "1"})
    assert stale.status_code == 409
    assert "Cables" in stale.text
    assert names(made) == [(cast.agent2.name, False)]


def test_who_is_no_longer_an_agent_belongs_to_no_team(cast: Cast):
    made = team(cast.it, "Network", cast.head2, cast.agent2, lead=cast.agent)
    people.revoke(cast.agent, Role.AGENT, cast.it, cast.admin, clock.now())
    db.session.flush()
    assert names(made) == [(cast.agent2.name, False)]
    people.grant(cast.agent, Role.AGENT, cast.it, cast.admin, clock.now())
    assert names(made) == [(cast.agent2.name, False)], "coming back to the department is not coming back to the team"
    people.deactivate(cast.agent2, cast.admin, clock.now())
    assert names(made) == []


def test_only_agents_of_the_department_belong_to_its_teams(cast: Cast):
    with pytest.raises(Refused):
        actions.make(cast.it, actions.Content({"en": "Network"}, [cast.employee]), cast.head2, clock.now())


def test_an_ended_team_is_offered_no_longer(app, cast: Cast):
    made = team(cast.it, "Network", cast.head2, cast.agent)
    assert post(app, cast.head2, f"/teams/{made.public_id}/ending").status_code == 303
    assert queries.teams_of(cast.it.id) == []
    assert sign_in(app.test_client(), cast.head2).get(f"/teams/{made.public_id}/edit").status_code == 404
    assert team(cast.it, "Network", cast.head2, cast.agent), "its name is free again"
