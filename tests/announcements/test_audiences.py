"""Audiences: the same people from the side of the announcement and from that of each person."""

from portal.announcements import audiences, queries
from portal.core import clock as told
from portal.core.db import db
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


def test_both_sides_agree_on_who_is_in_an_audience(cast, publish, clock):
    for person in (cast.employee, cast.stranger, cast.partner, cast.auditor):
        person.site = "Getafe"
    made, now = publish(cast.patient), told.now()
    for key, wanted in ONLY.items():
        db.session.query(audiences.AnnouncementAudience).delete()
        db.session.add(audiences.row_of(group_for(cast, key), made.id))
        db.session.flush()
        members = set(db.session.scalars(queries.people_of(made, now)))
        people = [person for person in cast.everybody().values() if person.active]
        asked = {person for person in people if queries.standing(made, person, now).addressed}
        assert members == asked, key
        inside = {name for name, person in cast.everybody().items() if person in members}
        assert inside == wanted or (key == "employees" and inside > wanted), key
        assert not inside & {"auditor", "deactivated"}, key
