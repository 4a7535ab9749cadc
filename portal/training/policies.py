"""Who may post sessions, enrol, and see who takes part (permissions.md rows 23 to 25)."""

from datetime import datetime

from flask_babel import gettext as _

from portal.core.policy import Decision, no, yes
from portal.people.models import Person, Role
from portal.people.queries import has_role
from portal.training.models import TrainingSession
from portal.training.queries.places import is_in
from portal.training.queries.sessions import is_meant_for


def may_publish(person: Person, now: datetime) -> Decision:
    """Trainers, without asking anybody (rule 1)."""
    if has_role(person, Role.TRAINER, now):
        return yes()
    return no(_("Only trainers post sessions."))


def may_manage(person: Person, session: TrainingSession, now: datetime) -> Decision:
    """The trainer of the session."""
    if session.trainer_id == person.id and has_role(person, Role.TRAINER, now):
        return yes()
    return no(_("Only the trainer of this session does that."))


def may_enrol(person: Person, now: datetime) -> Decision:
    """Everybody whom the session is for; an auditor takes no part."""
    if has_role(person, Role.AUDITOR, now):
        return no(_("An auditor reads and takes no part."))
    return yes()


def may_join(person: Person, session: TrainingSession, now: datetime) -> Decision:
    """Whom the session is for, also of those who see more than that; who is in it already stays (row 23)."""
    allowed = may_enrol(person, now)
    if allowed and not is_meant_for(session, person, now) and not is_in(session, person):
        return no(_("This session is for other people."))
    return allowed


def may_see_matrix(person: Person, now: datetime) -> Decision:
    """Trainers, administrators, auditors, and heads for their own people (rows 24, 33)."""
    if any(has_role(person, role, now) for role in (Role.TRAINER, Role.HEAD, Role.ADMINISTRATOR, Role.AUDITOR)):
        return yes()
    return no(_("Only trainers and heads see how people stand."))


def may_add(person: Person, session: TrainingSession, now: datetime) -> Decision:
    """The trainer of the session and administrators; nobody is put into an event without consent (rules 7, 35)."""
    if session.is_event:
        return no(_("Nobody is enrolled in an event by somebody else: it is voluntary."))
    if may_manage(person, session, now) or has_role(person, Role.ADMINISTRATOR, now):
        return yes()
    return no(_("Only the trainer of this session does that."))


def may_see_participants(person: Person, session: TrainingSession, now: datetime) -> Decision:
    """The trainer of the session, administrators and auditors (row 24)."""
    if may_manage(person, session, now):
        return yes()
    if has_role(person, Role.ADMINISTRATOR, now) or has_role(person, Role.AUDITOR, now):
        return yes()
    return no(_("Only the trainer sees who takes part."))
