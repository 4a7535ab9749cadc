"""Tables of routes: what a service asks for before work starts (approvals.md)."""

from collections.abc import Mapping

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import LocalText, Model
from portal.people.models import Person

MODES = ("any", "all", "count")
MINOR_UNITS = BigInteger().with_variant(Integer, "sqlite")
RULES = ("requester_head", "service_head", "manager", "person", "role")


class Band:
    """Mixin: for which amounts a stage is asked, `(above, up_to]` in minor units; without a limit for all (AP-5)."""

    above: Mapped[int | None] = mapped_column(MINOR_UNITS)
    up_to: Mapped[int | None] = mapped_column(MINOR_UNITS)
    currency: Mapped[str] = mapped_column(String(3), default="", server_default="")
    # the tax rule of the route: its limits are compared with the sum without tax
    without_tax: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    @property
    def is_banded(self) -> bool:
        """Return whether not every amount asks the stage."""
        return self.above is not None or self.up_to is not None


class Route(Model):
    """The ordered stages that a request for a service goes through; without stages work starts at once."""

    __tablename__ = "route"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Who decides when a rule yields nobody that may (AP-6).
    fallback_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    stages: Mapped[list["RouteStage"]] = relationship(order_by="RouteStage.position", cascade="all, delete-orphan")


class RouteStage(Band, Model):
    """One stage: which rule names the people, and how many of them must agree (AP-2, AP-4)."""

    __tablename__ = "route_stage"
    __table_args__ = (
        UniqueConstraint("route_id", "position"),
        CheckConstraint(f"mode IN {MODES}", name="mode"),
        CheckConstraint(f"rule IN {RULES}", name="rule"),
        CheckConstraint("mode <> 'count' OR needed >= 1", name="needed"),
        CheckConstraint("above < up_to", name="band_has_amounts"),
        CheckConstraint("(above IS NULL AND up_to IS NULL) = (currency = '')", name="band_in_a_currency"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    route_id: Mapped[int] = mapped_column(ForeignKey("route.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    mode: Mapped[str] = mapped_column(String(5), default="any")
    needed: Mapped[int] = mapped_column(default=1)
    rule: Mapped[str] = mapped_column(String(20))
    # what the rules "person" and "role" name
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str | None] = mapped_column(String(30))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    # The position of an earlier stage whose deciders do not decide here again (AP-7).
    different_from: Mapped[int | None]

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
