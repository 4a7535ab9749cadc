"""Tables of requests; `Request.state` is changed by `states.move` only (requests.md 2)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    event,
    literal_column,
    text,
)
from sqlalchemy.orm import LoaderCallableStatus, Mapped, mapped_column, query_expression, relationship

from portal.catalogue.models import FormVersion, Service
from portal.core.db import Model, PublicId, UtcDateTime
from portal.core.errors import Refused
from portal.people.models import Department, Person
from portal.service_levels.queries import Assessment, Impact, Urgency
from portal.teams.models import Team


class State(StrEnum):
    """Where a request stands (requests.md 1)."""

    WAITING_FOR_APPROVAL = "waiting_for_approval"
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    WAITING_FOR_REQUESTER = "waiting_for_requester"
    SOLVED = "solved"
    CLOSED = "closed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class QueueRank(IntEnum):
    """What comes before what in a queue (service-levels.md 34)."""

    DUE = 0
    NO_DATE = 1
    PAUSED = 2


ACTIVE = (State.WAITING_FOR_APPROVAL, State.OPEN, State.IN_PROGRESS, State.WAITING_FOR_REQUESTER)
WITH_DEPARTMENT = (State.OPEN, State.IN_PROGRESS, State.WAITING_FOR_REQUESTER)
DONE = (State.SOLVED, State.CLOSED)  # time alone makes the one the other
FINAL = (State.CLOSED, State.REJECTED, State.WITHDRAWN)


def _sql(states: tuple[State, ...]) -> str:
    return ", ".join(f"'{state}'" for state in states)


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


IN_ORDER = ("queue_rank", "queue_at", "id")


class Request(Model):
    """One person asking one department for one service."""

    __tablename__ = "request"
    __table_args__ = (
        UniqueConstraint("reference"),
        UniqueConstraint("author_id", "send_key"),
        CheckConstraint(f"state IN ({_sql(tuple(State))})", name="state"),
        CheckConstraint("(state = 'solved') = (closes_at IS NOT NULL)", name="solved_closes"),
        CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="amount_in_a_currency"),
        CheckConstraint("impact IN ('person', 'group', 'wide')", name="impact"),
        CheckConstraint("urgency IN ('low', 'normal', 'high')", name="urgency"),
        CheckConstraint("(external_at IS NULL) = (external_by_id IS NULL)", name="external"),
        CheckConstraint("priority_set IN ('P1', 'P2', 'P3', 'P4', 'P5')", name="priority_set"),
        # The requests of a department in the order of its queue: the open ones, those nobody has, those done, those of one state.
        _partial("ix_request_queue", "department_id", *IN_ORDER, where=f"state IN ({_sql(ACTIVE)})"),
        _partial("ix_request_team", "department_id", "team_id", *IN_ORDER, where=f"state IN ({_sql(ACTIVE)})"),
        _partial("ix_request_unassigned", "department_id", *IN_ORDER, where="state = 'open'"),
        _partial("ix_request_similar", "service_id", "title_folded", where=f"state IN ({_sql(ACTIVE)})"),
        _partial("ix_request_closing", "closes_at", "id", where="state = 'solved'"),
        Index("ix_request_department", "department_id", "state", *IN_ORDER),
        _partial("ix_request_done", "department_id", *IN_ORDER, where=f"state IN ({_sql(DONE)})"),
        Index("ix_request_service", "department_id", "service_id", "id"),
        Index("ix_request_requester", "requester_id", "created_at", "id"),
        _partial("ix_request_beneficiary", "beneficiary_id", "created_at", "id", where="beneficiary_id <> requester_id"),
        Index("ix_request_assignee", "assignee_id", "state", *IN_ORDER),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20))
    # what is asked for, of whom
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    form_version_id: Mapped[int] = mapped_column(ForeignKey("form_version.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    title: Mapped[str] = mapped_column(String(200))
    # the title without case and accents, as the queue's filter compares it
    title_folded: Mapped[str] = mapped_column(String(200))
    confidential: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # what it costs as sent, in minor units: what routes compare (forms.md 22)
    amount: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    # how much it matters: who is held up, how soon it hurts, who said that customers are affected, and when
    # (service-levels.md 34); the priority that an agent set instead of what follows from these
    impact: Mapped[str] = mapped_column(String(6), default="person", server_default="person")
    urgency: Mapped[str] = mapped_column(String(6), default="normal", server_default="normal")
    external_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    external_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    priority_set: Mapped[str | None] = mapped_column(String(2))
    # who asks, for whom, and who wrote it down
    requester_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    beneficiary_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    send_key: Mapped[str] = mapped_column(String(40))
    # where it stands
    state: Mapped[str] = mapped_column(String(24), active_history=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # whose turn it is within the department (service-levels.md 18)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    # Its place in the queue (`ordering`): when it is due, else when it was sent. No decision looks at it.
    queue_rank: Mapped[int] = mapped_column(SmallInteger, default=QueueRank.NO_DATE, server_default="1")
    queue_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    unassigned_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    solved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # from when on a solved request counts as closed (requests.md 4)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_public_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_entry_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # What pages carry to ask for news: changes that everybody sees, and those of the service only (CM rule 3).
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    internal_revision: Mapped[int] = mapped_column(default=0, server_default="0")

    service: Mapped[Service] = relationship()
    form_version: Mapped[FormVersion] = relationship()
    department: Mapped[Department] = relationship()
    requester: Mapped[Person] = relationship(foreign_keys=[requester_id])
    beneficiary: Mapped[Person] = relationship(foreign_keys=[beneficiary_id])
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id])
    team: Mapped[Team | None] = relationship()
    external_by: Mapped[Person | None] = relationship(foreign_keys=[external_by_id])
    answers: Mapped["RequestAnswers"] = relationship(viewonly=True, uselist=False)

    # What the page of one request asks along with its row (`queries.whole`); empty elsewhere.
    read_as_head: Mapped[bool | None] = query_expression()
    read_as_asked: Mapped[bool | None] = query_expression()
    follower_names: Mapped[str | None] = query_expression()
    head_name: Mapped[str | None] = query_expression()
    has_links: Mapped[bool | None] = query_expression()
    has_breaches: Mapped[bool | None] = query_expression()
    is_merged: Mapped[bool | None] = query_expression()
    has_parts: Mapped[bool | None] = query_expression()

    def state_at(self, now: datetime) -> State:
        """Return the state as it is now: a solved request is closed once its days are over (requests.md 4)."""
        if self.closes_at is not None and self.closes_at <= now:
            return State.CLOSED
        return State(self.state)

    @property
    def assessment(self) -> Assessment:
        """Return what the priority follows from (service-levels.md 34)."""
        return Assessment(Impact(self.impact), Urgency(self.urgency), self.external_at is not None)

    @property
    def priority(self) -> str:
        """Return the priority that counts: what an agent set, else what follows from impact and urgency."""
        return self.priority_set or self.assessment.priority

    def is_of(self, person_id: int) -> bool:
        """Return whether the person asked, or it is for them."""
        return person_id in (self.requester_id, self.beneficiary_id)


class RequestAnswers(Model):
    """What was answered, as it was asked: long text stays out of lists (forms.md, Database)."""

    __tablename__ = "request_answers"

    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), primary_key=True)
    # key, canonical value, label and words shown at sending, in page order
    content: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # the sum with each line, price and tax rate as sent; None for a form without prices (forms.md 22)
    cost: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # what keeps the content hash of an approval from being guessed (AP-12)
    salt: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))


class RequestEvent(Model):
    """One thing that happened to a request; the database refuses to change or delete it."""

    __tablename__ = "request_event"
    __table_args__ = (Index("ix_request_event_request", "request_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"))
    kind: Mapped[str] = mapped_column(String(30))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    internal: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    by: Mapped[Person | None] = relationship()


class Assignment(Model):
    """Who has a request, from when until when, and who said so; at most one is open per request."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("(until_at IS NULL) = (ended IS NULL)", name="ended"),
        CheckConstraint("ended IN ('given_back', 'passed_on', 'moved', 'left')", name="ended_why"),
        _partial("uq_assignment_open", "request_id", where="until_at IS NULL", unique=True),
        Index("ix_assignment_request", "request_id", "until_at"),
        _partial("ix_assignment_person", "person_id", where="until_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended: Mapped[str | None] = mapped_column(String(10))


class RequestLink(Model):
    """Two requests that have to do with each other (requests.md 11)."""

    __tablename__ = "request_link"
    __table_args__ = (
        UniqueConstraint("from_id", "to_id", "kind"),
        CheckConstraint("from_id <> to_id", name="two_ends"),
        CheckConstraint("kind IN ('related', 'duplicate_of', 'caused_by', 'follow_up_of')", name="kind"),
        Index("ix_request_link_to", "to_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("request.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("request.id"))
    kind: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class BulkRun(PublicId, Model):
    """What one action on several requests did, and why not to some (requests.md 16)."""

    __tablename__ = "request_bulk_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    verb: Mapped[str] = mapped_column(String(20))
    # reference and, for what was not done, the sentence
    results: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


# the keys of the order of queues, the last one unique
QUEUE_ORDER: tuple[Any, ...] = (Request.queue_rank, Request.queue_at, Request.id)


def stored_in(states: tuple[State, ...]) -> ColumnElement[bool]:
    """Return the condition on the stored state with its values in the text, so that partial indexes fit it."""
    values: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in states]
    return Request.state == values[0] if len(values) == 1 else Request.state.in_(values)


_moving: ContextVar[bool] = ContextVar("moving", default=False)


@contextmanager
def moving() -> Iterator[None]:
    """Allow a change of `Request.state` within it: for `states.move` alone."""
    token = _moving.set(True)
    try:
        yield
    finally:
        _moving.reset(token)


@event.listens_for(Request.state, "set")
def _refuse_other_changes(request: Request, value: str, old: object, initiator: object) -> None:
    if old is not LoaderCallableStatus.NO_VALUE and not _moving.get():
        raise Refused(_("The state of a request changes by its actions only."))
