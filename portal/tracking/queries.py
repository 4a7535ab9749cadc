"""Finding tracked items, what a code opens, and the course of an item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.core import security
from portal.core.db import db
from portal.people.models import Person, Role
from portal.people.queries import departments_as, has_role
from portal.tracking import course
from portal.tracking.models import (
    FIRST_LEVEL,
    SECOND_LEVEL,
    Checkpoint,
    TrackedItem,
    TrackingCode,
    TrackingGrant,
    TrackingOpening,
    TrackingPromise,
    TrackingSource,
)
from portal.tracking.states import State


def visible_to(person: Person, now: datetime) -> Select[TrackedItem]:
    """Select the items a person may know of: of queues they work in or head, and their own (row 30)."""
    every = select(TrackedItem).options(joinedload(TrackedItem.department))
    if has_role(person, Role.AUDITOR, now):
        return every
    theirs = [*departments_as(person, Role.AGENT, now), *departments_as(person, Role.HEAD, now)]
    return every.where(or_(TrackedItem.requester_id == person.id, TrackedItem.department_id.in_(theirs) if theirs else false()))


def open_code(code_hash: str, now: datetime) -> TrackingCode | None:
    """Return the code if it opens its item now; unknown, ended and revoked ones take the same statement (TR-8)."""
    there = TrackingCode.code_hash == code_hash
    lives = TrackingCode.revoked_at.is_(None) & (TrackingCode.expires_at > now)
    found = select(TrackingCode).join(TrackingCode.item).where(there, lives)
    return db.session.scalar(found.options(contains_eager(TrackingCode.item)))


def grant_of(token: str | None, code: TrackingCode, now: datetime) -> TrackingGrant | None:
    """Return the right to the second level that a browser holds for this code (TR-14)."""
    if not token or code.level < SECOND_LEVEL:
        return None
    mine = (TrackingGrant.token_hash == security.digest(token)) & (TrackingGrant.code_id == code.id)
    return db.session.scalar(
        select(TrackingGrant).where(mine, TrackingGrant.item_id == code.item_id, TrackingGrant.expires_at > now)
    )


@dataclass(frozen=True)
class Story:
    """All that is known of an item: its course, the checkpoints behind it by number, its promises, the oldest first."""

    item: TrackedItem
    course: course.Course
    checkpoints: Mapping[int, Checkpoint]
    superseded: Mapping[int, int]
    promises: Sequence[TrackingPromise]

    @property
    def promise(self) -> TrackingPromise | None:
        """Return what is promised now."""
        return self.promises[-1] if self.promises else None


def story_of(item: TrackedItem, now: datetime) -> Story:
    """Return what happened to an item, and where that leaves it now (TR-19)."""
    rows = db.session.scalars(
        select(Checkpoint).join(Checkpoint.source).where(Checkpoint.item_id == item.id).options(contains_eager(Checkpoint.source))
    ).all()
    promises = promises_of(item)
    superseded = {row.supersedes_id: row.id for row in rows if row.supersedes_id is not None}
    facts = [_fact(row) for row in rows if row.id not in superseded]
    changes = [course.Change(row.at, row.promise) for row in promises]
    followed = course.follow(facts, changes, item.zone, item.registered_at, now)
    return Story(item, followed, {row.id: row for row in rows}, superseded, promises)


def promises_of(item: TrackedItem) -> Sequence[TrackingPromise]:
    """Return what was promised, in the order in which it holds."""
    own = select(TrackingPromise).where(TrackingPromise.item_id == item.id)
    return db.session.scalars(own.order_by(TrackingPromise.at, TrackingPromise.id)).all()


def _fact(row: Checkpoint) -> course.Fact:
    return course.Fact(row.id, State(row.state), row.event_at, row.source.rank, row.received_at, row.reopening)


def source(name: str) -> TrackingSource:
    """Return a source by its name."""
    return db.session.scalars(select(TrackingSource).where(TrackingSource.name == name)).one()


def codes_of(item: TrackedItem) -> Sequence[TrackingCode]:
    """Return the codes of an item, the newest first."""
    own = select(TrackingCode).where(TrackingCode.item_id == item.id).order_by(TrackingCode.id.desc())
    return db.session.scalars(own.options(joinedload(TrackingCode.issued_by))).all()


def openings_of(code: TrackingCode) -> int:
    """Return how often a code was opened (TR-17)."""
    return db.session.scalar(select(func.sum(TrackingOpening.count)).where(TrackingOpening.code_id == code.id)) or 0


def has_share_codes(item: TrackedItem, now: datetime) -> bool:
    """Return whether there is a share code to stop."""
    shared = (TrackingCode.item_id == item.id) & (TrackingCode.level == FIRST_LEVEL) & TrackingCode.revoked_at.is_(None)
    return db.session.scalar(select(TrackingCode.id).where(shared, TrackingCode.expires_at > now).limit(1)) is not None


def by_reference(kind: str, reference: str) -> TrackedItem | None:
    """Return the item with a reference, whoever may see it: for imports and to refuse a second one."""
    return db.session.scalar(select(TrackedItem).where(TrackedItem.kind == kind, TrackedItem.reference == reference))
