"""Posting a session and changing its seats (rules 1, 8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from flask_babel import gettext as _

from portal.approvals.models import Route, RouteStage
from portal.audit import actions as audit
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.models import Department, Person
from portal.search import actions as search
from portal.training import messages
from portal.training.actions.serving import Room, serve
from portal.training.messages import KIND
from portal.training.models import SessionAudience, SessionDate, Topic, TrainingSession
from portal.training.models.sessions import new_uid
from portal.training.moments import Span, repeated
from portal.training.queries.demand import demand_of

Texts = Mapping[str, str]


@dataclass(frozen=True)
class When:
    """One date of a plan, and its place if it is not that of the session."""

    span: Span
    space: str = ""


def on(start: datetime, end: datetime, tz: str, space: str = "") -> When:
    """Return a date of a plan from wall times, moved out of a gap like the dates of a series."""
    return When(repeated(start, end, tz), space)


@dataclass(frozen=True)
class Plan:
    """What a trainer says about a session before it exists."""

    title: Texts
    dates: Sequence[When]
    capacity: int
    topic: Topic | None = None
    kind: str = "training"
    description: Texts | None = None
    materials: Texts | None = None
    language: str = ""
    taught_by: str = ""
    place: str = ""
    place_note: str = ""
    link: str = ""
    site: str = ""
    mode: str = "offer"
    cancel_hours: int = 24
    cost: int | None = None
    currency: str | None = None
    departments: Sequence[Department] = field(default_factory=tuple)
    sites: Sequence[str] = ()
    partners: bool = False
    needs_approval: bool = False
    series: str | None = None


def add_topic(name: Texts, summary: Texts | None, by: Person, now: datetime, **values: int | None) -> Topic:
    """Add something that can be learned."""
    topic = Topic(name=dict(name), summary=dict(summary) if summary else None, **values)
    db.session.add(topic)
    db.session.flush()
    audit.record(by, "topic.added", "topic", topic.id, after={"name": dict(name)})
    return topic


def publish_weekly(plan: Plan, weeks: int, by: Person, now: datetime) -> list[TrainingSession]:
    """Post a session several weeks in a row, each with its own seats, in wall time (calendars.md 2, 8)."""
    if weeks <= 1:
        return [publish(plan, by, now)]
    series = new_uid()
    return [publish(replace(plan, series=series, dates=[_later(each, n) for each in plan.dates]), by, now) for n in range(weeks)]


def _later(when: When, weeks: int) -> When:
    if not weeks:
        return when
    span, shift = when.span, timedelta(weeks=weeks)
    return When(repeated(span.local_start + shift, span.local_end + shift, span.tz), when.space)


def plan_of(session: TrainingSession) -> Plan:
    """Return what a session says of itself, without dates, to post another one like it."""
    return Plan(
        title=session.title,
        dates=(),
        capacity=session.capacity,
        topic=session.topic,
        kind=session.kind,
        description=session.description,
        materials=session.materials,
        language=session.language,
        taught_by=session.taught_by,
        place=session.place,
        place_note=session.place_note,
        link=session.link,
        site=session.site,
        mode=session.mode,
        cancel_hours=session.cancel_hours,
        needs_approval=session.approval_route_id is not None,
    )


def publish(plan: Plan, by: Person, now: datetime) -> TrainingSession:
    """Post a session; a trainer needs nobody for it (rule 1)."""
    if not plan.dates:
        raise Refused(_("A session needs at least one date."))
    session = TrainingSession(
        kind=plan.kind,
        topic_id=plan.topic.id if plan.topic else None,
        title=dict(plan.title),
        description=dict(plan.description) if plan.description else None,
        materials=dict(plan.materials) if plan.materials else None,
        language=plan.language,
        trainer_id=by.id,
        taught_by=plan.taught_by,
        place=plan.place,
        place_note=plan.place_note,
        link=plan.link,
        site=plan.site,
        capacity=plan.capacity,
        mode=plan.mode,
        cancel_hours=plan.cancel_hours,
        for_everybody=not (plan.departments or plan.sites),
        approval_route_id=_head_decides().id if plan.needs_approval else None,
        cost=plan.cost,
        currency=plan.currency,
        first_starts_at=min(when.span.starts_at for when in plan.dates),
        last_ends_at=max(when.span.ends_at for when in plan.dates),
        series=plan.series,
        created_at=now,
        updated_at=now,
    )
    db.session.add(session)
    db.session.flush()
    db.session.add_all(date_of(session, when, now) for when in plan.dates)
    db.session.add_all(_audience(session, plan))
    db.session.flush()
    if plan.topic:
        messages.posted(session, [demand.person_id for demand in demand_of(plan.topic.id)], by, now)
    search.index(KIND, session, now)
    audit.record(by, "session.published", KIND, session.id, after={"title": dict(plan.title), "capacity": plan.capacity})
    return session


def _head_decides() -> Route:
    """Return a route on which the head of the person decides."""
    name = {"es": "Responsable del departamento", "en": "Head of department"}
    route = Route(stages=[RouteStage(position=1, name=name, rule="requester_head")])
    db.session.add(route)
    db.session.flush()
    return route


def date_of(session: TrainingSession, when: When, now: datetime) -> SessionDate:
    """Return a new date of a session."""
    span = when.span
    return SessionDate(
        session_id=session.id,
        local_start=span.local_start,
        local_end=span.local_end,
        tz=span.tz,
        start_fold=span.start_fold,
        end_fold=span.end_fold,
        flag=span.flag,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        space=when.space,
        updated_at=now,
    )


def _audience(session: TrainingSession, plan: Plan) -> list[SessionAudience]:
    groups = [{"kind": "department", "department_id": each.id} for each in plan.departments]
    groups += [{"kind": "site", "site": site} for site in plan.sites]
    groups += [{"kind": "partners"}] if plan.partners else []
    return [SessionAudience(session_id=session.id, **group) for group in groups]


def change_capacity(session: TrainingSession, capacity: int, by: Person, now: datetime) -> None:
    """Change the number of seats: nobody loses one, and new ones go to the queue (rule 8)."""

    def act(room: Room) -> None:
        before = room.session.capacity
        room.session.capacity, room.session.updated_at = capacity, now
        room.session.revision += 1
        db.session.flush()
        audit.record(by, "session.capacity", KIND, session.id, before={"capacity": before}, after={"capacity": capacity})

    serve(session.id, now, act)
