"""Audiences: the same people from the side of the announcement and from that of each person."""

import pytest
from sqlalchemy import select

from portal.announcements import audiences, queries
from portal.announcements.models import Announcement
from portal.core import clock as told
from portal.core.db import db
from portal.people.models import Person
from portal.teams.models import Team, TeamMember

ONLY = {
    "employees": {"employee", "head", "agent", "editor", "patient", "director"},
    "partners": {"partner"},
    "department:customer-care": {"employee", "head", "delegate", "colleague"},
    "department:human-resources": {"trainer", "editor", "hr_head", "doctor", "patient"},
    "role:head": {"head", "head2", "hr_head", "director", "doctor", "finance_head", "stranger_head"},
    "site:Getafe": {"employee", "stranger"},
    "person": {"partner"},
    "group": {"agent", "agent2"},
}


def group_for(cast, key):
    if key == "person":
        return audiences.Group("person", cast.partner.public_id, cast.partner.id, cast.partner.name)
    if key == "group":
        team = Team(department_id=cast.it.id, name={"es": "Redes", "en": "Networks"})
        db.session.add(team)
        db.session.flush()
        members = [TeamMember(team_id=team.id, person_id=each.id, from_at=told.now()) for each in (cast.agent, cast.agent2)]
        db.session.add_all(members)
        db.session.flush()
        return audiences.Group("group", team.public_id, team.id, team.name)
    return next((each for each in audiences.offered() if each.key == key), None) or audiences.Group(*key.split(":"))


@pytest.mark.parametrize("key", list(ONLY))
def test_both_sides_agree_on_who_is_in_an_audience(cast, publish, clock, key):
    for person in (cast.employee, cast.stranger, cast.partner, cast.auditor):
        person.site = "Getafe"
    made = publish(cast.patient)
    group = group_for(cast, key)
    db.session.query(audiences.AnnouncementAudience).delete()
    db.session.add(audiences.row_of(group, made.id))
    db.session.flush()
    now = told.now()
    members = set(db.session.scalars(select(Person.id).where(audiences.members(audiences.groups_of(made.id), now))))
    asked = {
        person.id: db.session.scalar(select(Announcement.id).where(audiences.addressed_to(person, now))) is not None
        for person in cast.everybody().values()
        if person.active
    }
    assert members == {id_ for id_, addressed in asked.items() if addressed}
    inside = {name for name, person in cast.everybody().items() if person.id in members}
    assert inside == ONLY[key] or (key == "employees" and inside > ONLY[key])
    assert not inside & {"auditor", "deactivated"}
    assert queries.standing(made, cast.partner, now).addressed is ("partner" in inside)
