"""An enrolment as the shared services know it: what a head decides on, and who may know of it (C6)."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, or_, select

from portal.approvals.queries import asked
from portal.core.db import db, lock
from portal.core.subjects import Answer, Subject
from portal.core.text import in_language
from portal.people.models import Person
from portal.training import queries
from portal.training.actions.asking import KIND
from portal.training.models import Enrolment, TrainingSession


def visible_to(person: Person, now: datetime) -> Select[Enrolment]:
    """Select the enrolments that the person may know of: the own ones, and those they were asked to approve."""
    taught = select(TrainingSession.id).where(TrainingSession.trainer_id == person.id)
    mine = or_(Enrolment.person_id == person.id, Enrolment.session_id.in_(taught))
    return select(Enrolment).where(or_(mine, asked(person, now, KIND, cast("ColumnElement[int]", Enrolment.id))))


def answers(enrolment: Enrolment, person: Person | None) -> Sequence[Answer]:
    """Return what a head decides on: who wants to go where, and when."""
    session = enrolment.session
    dates = [each for each in queries.dates_of(session.id) if each.cancelled_at is None]
    return [
        Answer("", _("Person"), enrolment.person.name),
        Answer("", _("Session"), in_language(session.title)),
        Answer("", _("When"), "; ".join(f"{each.local_start:%Y-%m-%d %H:%M}" for each in dates)),
        Answer("", _("Where"), session.place or session.link),
    ]


def lock_session(enrolment_id: int) -> None:
    """Lock the session before the approval of one of its enrolments (C3)."""
    session_id = db.session.scalar(select(Enrolment.session_id).where(Enrolment.id == enrolment_id))
    if session_id is not None:
        lock(TrainingSession, session_id)


def subject() -> Subject:
    """Return what approvals know of enrolments."""
    return Subject(
        kind=KIND,
        model=Enrolment,
        visible_to=visible_to,
        title=lambda enrolment: f"{in_language(enrolment.session.title)}: {enrolment.person.name}",
        address=lambda enrolment: f"/training/{enrolment.session.public_id}",
        reference=lambda enrolment: "",
        is_confidential=lambda enrolment: False,
        content_hash=lambda enrolment: f"{enrolment.session_id}:{enrolment.person_id}",
        answers=answers,
        lock_first=lock_session,
    )
