"""What the address of a board asks for; unknown values answer 400 (PE-16)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select
from werkzeug.exceptions import BadRequest

from portal.catalogue.models import Service
from portal.core.db import db
from portal.core.text import fold, in_language
from portal.people.models import Department
from portal.reports.measuring import CLOCKS, Scope
from portal.reports.periods import LENGTHS, Month, months
from portal.requests.models import Request
from portal.service_levels.calendar import BusinessCalendar
from portal.service_levels.queries import calendar_of

NAMES = ("department", "service", "months", "clock")
USUAL = 6
CLOCK_WORDS: Mapping[str, Any] = {
    "fulfilment": lazy_gettext("Ready by the promised date"),
    "first_response": lazy_gettext("First answer in time"),
}


@dataclass
class Board:
    """Which department, service, months and clock a reader looks at."""

    given: Mapping[str, str]
    departments: Sequence[Department]
    own: Sequence[int]
    now: datetime

    def __post_init__(self) -> None:
        self.length = self._number("months", USUAL)
        self.clock = self.given.get("clock") or CLOCKS[0]
        if self.length not in LENGTHS or self.clock not in CLOCKS:
            raise BadRequest

    def _number(self, name: str, usual: int) -> int:
        text = self.given.get(name) or str(usual)
        if not (text.isascii() and text.isdigit()):
            raise BadRequest
        return int(text)

    @cached_property
    def department(self) -> Department:
        """Return the department that the address names, else the reader's own; one of others is as unknown."""
        slug = self.given.get("department")
        if slug:
            found = next((each for each in self.departments if each.slug == slug), None)
        else:
            found = min(self.departments, key=lambda each: each.id not in self.own, default=None)
        if found is None:
            raise BadRequest
        return found

    @cached_property
    def services(self) -> list[Service]:
        """Return what was asked of the department, also before it was moved there, by name."""
        asked = select(Request.service_id).where(Request.department_id == self.department.id).distinct()
        found = select(Service).where(Service.id.in_(asked))
        return sorted(db.session.scalars(found), key=lambda service: fold(in_language(service.name)))

    @cached_property
    def service(self) -> Service | None:
        """Return the one service that is looked at, if it is one."""
        named = self.given.get("service")
        found = next((each for each in self.services if each.public_id == named), None) if named else None
        if named and found is None:
            raise BadRequest
        return found

    @cached_property
    def calendar(self) -> BusinessCalendar:
        """Return the calendar of the department, in whose zone its months begin and end."""
        return calendar_of(self.department.id)

    @cached_property
    def months(self) -> Sequence[Month]:
        """Return the months that are looked at."""
        return months(self.now, self.calendar.zone, self.length)

    @property
    def scope(self) -> Scope:
        """Return what is measured."""
        service = self.service.id if self.service else None
        return Scope(self.department.id, self.months, self.now, self.clock, service)

    def of_month(self, key: str) -> Scope:
        """Return what is measured in one of the months, or in all of them where none is named."""
        chosen = [month for month in self.months if month.key == key] if key else self.months
        if not chosen:
            raise BadRequest
        return Scope(self.department.id, chosen, self.now, self.clock, self.scope.service_id)

    def address(self, **more: str) -> dict[str, str]:
        """Return the parameters of an address that asks for the same, and more."""
        chosen = {"department": self.department.slug, "months": str(self.length)}
        if self.service:
            chosen["service"] = self.service.public_id
        if self.clock != CLOCKS[0]:
            chosen["clock"] = self.clock
        return chosen | more

    @property
    def clocks(self) -> list[tuple[str, str]]:
        """Return the kinds of promise that can be looked at, with their words."""
        return [(name, str(words)) for name, words in CLOCK_WORDS.items()]

    @property
    def lengths(self) -> list[tuple[int, str]]:
        """Return the periods that can be looked at, with their words."""
        return [(length, str(_("Last %(num)d months", num=length))) for length in LENGTHS]
