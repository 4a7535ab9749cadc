"""Tables of tracking: items, their codes, checkpoints, promises, and what visitors have tried."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, PublicId, UtcDateTime
from portal.people.models import Department, Person
from portal.status.models import Component
from portal.tracking.promises import Promise
from portal.tracking.states import State

KINDS = ("order", "shipment", "request")
PORTAL, IMPORT, API, CARRIER = "portal", "import", "api", "carrier:"
FIRST_LEVEL, SECOND_LEVEL = 1, 2
_WHOLE = "emptied_at IS NULL"
_STATES = ", ".join(f"'{state}'" for state in State)


class TrackingSource(PublicId, Model):
    """Who reports checkpoints; the higher its rank, the more it is trusted on a tie (TR-20)."""

    __tablename__ = "tracking_source"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    rank: Mapped[int]
    zone: Mapped[str] = mapped_column(String(60))


class TrackedItem(PublicId, Model):
    """An order, a shipment or a request that may be followed. Its reference is for staff, never a key to anything public."""

    __tablename__ = "tracked_item"
    __table_args__ = (
        UniqueConstraint("kind", "reference"),
        CheckConstraint("kind IN ('order', 'shipment', 'request')", name="kind"),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        Index("ix_tracked_item_department", "department_id", "registered_at", "id"),
        Index("ix_tracked_item_state", "department_id", "state", "registered_at", "id"),
        Index("ix_tracked_item_closes", "closes_at", sqlite_where=text(_WHOLE), postgresql_where=text(_WHOLE)),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    reference: Mapped[str] = mapped_column(String(60))
    # whose it is: the department whose agents look after it, and who asked for it inside the house
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    requester_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    # the zone of the place, in which its days end
    zone: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(8), default="es", server_default="es")
    # the second factor, and what the second level shows (TR-12)
    postcode: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(254))
    contents: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    contact: Mapped[str] = mapped_column(String(300), default="", server_default="")
    proof: Mapped[str] = mapped_column(String(300), default="", server_default="")
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # where it stood when something was last written, for lists; what readers see is computed (C4)
    state: Mapped[str] = mapped_column(String(20), default=State.RECEIVED)
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    factor_locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # what the last message said and when it left; when the next may (TR-26)
    told: Mapped[str] = mapped_column(String(120), default="", server_default="")
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tell_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    emptied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    department: Mapped[Department] = relationship()
    requester: Mapped[Person | None] = relationship()


class TrackedItemComponent(Model):
    """A public component of the status page on which an item depends (TR-11)."""

    __tablename__ = "tracked_item_component"

    item_id: Mapped[int] = mapped_column(ForeignKey("tracked_item.id"), primary_key=True)
    component_id: Mapped[int] = mapped_column(ForeignKey("component.id"), primary_key=True)

    component: Mapped[Component] = relationship()


class Checkpoint(PublicId, Model):
    """One fact in the life of an item; a corrected one stays and is superseded by the row that corrects it (TR-21, TR-25)."""

    __tablename__ = "checkpoint"
    __table_args__ = (
        UniqueConstraint("item_id", "source_id", "event_at", "source_code"),
        UniqueConstraint("supersedes_id"),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("tracked_item.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("tracking_source.id"))
    event_at: Mapped[datetime] = mapped_column(UtcDateTime)
    source_code: Mapped[str] = mapped_column(String(60))
    # the zone of the place where it happened (TR-22)
    zone: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(120), default="", server_default="")
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    # the reason of an explicit reopening
    reopening: Mapped[str] = mapped_column(String(300), default="", server_default="")
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("checkpoint.id"))

    source: Mapped[TrackingSource] = relationship()
    by: Mapped[Person | None] = relationship()


class TrackingPromise(Model):
    """When an item is expected, from `at` on, with the reason why it changed; rows only add up (TR-23)."""

    __tablename__ = "tracking_promise"
    __table_args__ = (
        CheckConstraint("(first_day IS NULL) = (last_day IS NULL)", name="range_has_two_ends"),
        CheckConstraint("(first_day IS NULL) <> (instant IS NULL)", name="day_or_instant"),
        CheckConstraint("first_day <= last_day", name="range_goes_forward"),
        Index("ix_tracking_promise_item", "item_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("tracked_item.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("tracking_source.id"))
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    instant: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    @property
    def promise(self) -> Promise:
        """Return the promise as rules read it."""
        return Promise(self.first_day, self.last_day, self.instant)


class TrackingCode(PublicId, Model):
    """A code that opens an item, as a keyed hash; a shared one never opens the second level (TR-3, TR-4)."""

    __tablename__ = "tracking_code"
    __table_args__ = (CheckConstraint("level IN (1, 2)", name="level"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("tracked_item.id"), index=True)
    level: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    item: Mapped[TrackedItem] = relationship()
    issued_by: Mapped[Person | None] = relationship()


class TrackingGrant(Model):
    """The second level of one item, in one browser, for half an hour (TR-14)."""

    __tablename__ = "tracking_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("tracked_item.id"), index=True)
    code_id: Mapped[int] = mapped_column(ForeignKey("tracking_code.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TrackingWrongFactor(Model):
    """Somebody gave a wrong second factor (TR-13)."""

    __tablename__ = "tracking_wrong_factor"
    __table_args__ = (Index("ix_tracking_wrong_factor_item", "item_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("tracked_item.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class TrackingMiss(Model):
    """How often a network has asked for nothing within a minute; networks are kept as keyed hashes (TR-7, TR-9)."""

    __tablename__ = "tracking_miss"
    __table_args__ = (Index("ix_tracking_miss_minute", "minute"),)

    kind: Mapped[str] = mapped_column(String(9), primary_key=True)
    network: Mapped[str] = mapped_column(String(40), primary_key=True)
    minute: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]


class TrackingOpening(Model):
    """How often a code was opened on a day; by whom, nobody knows (TR-17)."""

    __tablename__ = "tracking_opening"

    code_id: Mapped[int] = mapped_column(ForeignKey("tracking_code.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]


class TrackingImport(PublicId, Model):
    """A file that somebody has had checked; confirmed, its rows are applied in order (TR-30, TR-31)."""

    __tablename__ = "tracking_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    department: Mapped[Department] = relationship()
    by: Mapped[Person] = relationship()


class TrackingImportRow(Model):
    """One row of a checked file: what it would do, why not if it is refused, and what it did."""

    __tablename__ = "tracking_import_row"

    import_id: Mapped[int] = mapped_column(ForeignKey("tracking_import.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int]
    cells: Mapped[dict[str, str]] = mapped_column(JSON)
    verdict: Mapped[str] = mapped_column(String(9))
    # of a refused row: in which column, and why (a key of `words.REFUSALS`)
    column: Mapped[str] = mapped_column(String(30), default="", server_default="")
    reason: Mapped[str] = mapped_column(String(30), default="", server_default="")
    done: Mapped[str | None] = mapped_column(String(9))


class CarrierDelivery(Model):
    """What a carrier has pushed, until a job has read it; then only how much of it counted (TR-33)."""

    __tablename__ = "carrier_delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("tracking_source.id"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    body: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    applied: Mapped[int] = mapped_column(default=0, server_default="0")
    refused: Mapped[int] = mapped_column(default=0, server_default="0")
