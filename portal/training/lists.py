"""Which sessions stand in which list, and how lists are filtered (C6, PE-16)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.elements import ColumnElement

from portal.core.db import db
from portal.core.pagination import Page, page_of
from portal.people.models import Person
from portal.training import queries
from portal.training.models import LIVE, Enrolment, EnrolmentState, TrainingSession
from portal.training.queries.places import holds_seat

SHORT_QUEUE = 3
SHOWS = ("", "mine", "team", "taught")


@dataclass(frozen=True)
class Wanted:
    """What the reader wants to see."""

    show: str = ""
    site: str = ""
    free: bool = False
    online: bool = False
    topic: str = ""


def selected(wanted: Wanted, person: Person, now: datetime) -> Select[TrainingSession]:
    """Select the sessions of a list."""
    if wanted.show == "mine":
        found = queries.visible_to(person, now).where(_has_mine(person), TrainingSession.last_ends_at > now)
    elif wanted.show == "taught":
        found = queries.visible_to(person, now).where(TrainingSession.trainer_id == person.id)
    else:
        found = queries.listed(person, now)
    if wanted.show == "team":
        found = found.where(TrainingSession.kind == "event")
    return _filtered(found, wanted, now)


def _filtered(found: Select[TrainingSession], wanted: Wanted, now: datetime) -> Select[TrainingSession]:
    if wanted.site:
        found = found.where(TrainingSession.site == wanted.site)
    if wanted.online:
        found = found.where(TrainingSession.link != "")
    if wanted.free:
        found = found.where(TrainingSession.capacity > _count(holds_seat(now)) - SHORT_QUEUE + _waiting())
    return found


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    counted = select(func.count()).where(Enrolment.session_id == TrainingSession.id, condition)
    return counted.correlate(TrainingSession).scalar_subquery()


def _waiting() -> ColumnElement[int]:
    return _count(Enrolment.state == EnrolmentState.WAITING)


def _has_mine(person: Person) -> ColumnElement[bool]:
    live = select(Enrolment.session_id).where(Enrolment.person_id == person.id, Enrolment.state.in_(LIVE))
    return TrainingSession.id.in_(live)


def page(wanted: Wanted, cursor: str, person: Person, now: datetime) -> Page:
    """Return one page of a list, the next sessions first; of those that one teaches the latest first."""
    keys: list[Any] = [TrainingSession.first_starts_at, TrainingSession.id]
    found = selected(wanted, person, now).options(joinedload(TrainingSession.trainer), joinedload(TrainingSession.topic))
    return page_of(found.add_columns(*keys), keys, cursor, descending=wanted.show == "taught")


def sites(person: Person, now: datetime) -> list[str]:
    """Return the sites where there are sessions to come."""
    found = queries.listed(person, now).with_only_columns(TrainingSession.site).where(TrainingSession.site != "").distinct()
    return list(db.session.scalars(found.order_by(TrainingSession.site)))
