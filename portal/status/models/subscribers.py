"""Tables of subscribers outside and what was sent to them (SP-40 to SP-47)."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, PublicId, UtcDateTime


class Subscription(PublicId, Model):
    """Somebody outside who wants to be told by mail; until it is confirmed, nothing but the question is sent (SP-40)."""

    __tablename__ = "subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    everything: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmation_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    confirmation_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SubscriptionComponent(Model):
    """A component that a subscriber has chosen."""

    __tablename__ = "subscription_component"
    __table_args__ = (UniqueConstraint("subscription_id", "component_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id", ondelete="CASCADE"))
    component_id: Mapped[int] = mapped_column(ForeignKey("component.id"), index=True)


class SubscriptionAttempt(Model):
    """A form that was sent to subscribe, counted per address and network (SP-42)."""

    __tablename__ = "subscription_attempt"
    __table_args__ = (Index("ix_subscription_attempt_key", "key", "at"), Index("ix_subscription_attempt_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Suppression(Model):
    """The keyed hash of an address that is not written to: it refused or left (SP-47)."""

    __tablename__ = "subscription_suppression"

    id: Mapped[int] = mapped_column(primary_key=True)
    address_key: Mapped[str] = mapped_column(String(64), unique=True)
    reason: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class StatusDelivery(PublicId, Model):
    """One message of one update to one subscriber; retries reuse it, and many at once become one mail (SP-46)."""

    __tablename__ = "status_delivery"
    __table_args__ = (
        UniqueConstraint("kind", "update_id", "subscription_id"),
        Index("ix_status_delivery_subscription", "subscription_id", "done_at"),
        Index(
            "ix_status_delivery_due",
            "due_at",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(11))
    thing: Mapped[str] = mapped_column(String(12))
    update_id: Mapped[int]
    update_key: Mapped[str] = mapped_column(String(12))
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id", ondelete="CASCADE"))
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    held: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    outcome: Mapped[str] = mapped_column(String(10), default="")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
