"""The standards of a department, for everybody: what it promises and whether last month kept it (knowledge-and-home.md 9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from portal.knowledge import policies, queries
from portal.knowledge.models import StandardRemark, StandardVersion
from portal.people.models import Department, Person
from portal.reports.keeping import Kept, kept_in
from portal.reports.periods import Month, months
from portal.service_levels.queries import calendar_of

LENGTH = 13


@dataclass
class Standards:
    """What the page of a department's standards shows to a reader."""

    department: Department
    reader: Person
    now: datetime
    wanted: str = ""

    @cached_property
    def months(self) -> Sequence[Month]:
        """Return the full months whose results can be looked at, the newest first."""
        return months(self.now, calendar_of(self.department.id).zone, LENGTH)[-2::-1]

    @cached_property
    def month(self) -> Month | None:
        """Return the month that is looked at: the last full one, unless the address names another that is offered."""
        return next((month for month in self.months if self.wanted in ("", month.key)), None)

    @cached_property
    def versions(self) -> Sequence[StandardVersion]:
        """Return all versions of all standards."""
        return queries.versions_of(self.department.id)

    @cached_property
    def current(self) -> list[StandardVersion]:
        """Return what the department promises now."""
        last = {version.standard_id: version for version in self.versions}
        return [version for version in last.values() if version.standard.withdrawn_at is None]

    @cached_property
    def results(self) -> Mapping[int, Kept]:
        """Return the results of the month by version."""
        assert self.month is not None  # noqa: S101 - the view has answered 400 by then
        return {kept.version.id: kept for kept in kept_in(self.department.id, self.versions, self.month, self.now)}

    @property
    def former(self) -> list[Kept]:
        """Return what stood in the month and has been changed or withdrawn since (KH15)."""
        now = {version.id for version in self.current}
        return [kept for kept in self.results.values() if kept.version.id not in now]

    @cached_property
    def remarks(self) -> Mapping[int, StandardRemark]:
        """Return what the owner says to the results of the month, by version."""
        assert self.month is not None  # noqa: S101 - as above
        said = queries.remarks_of(list(self.results), self.month.key)
        return {version_id: rows[0] for version_id, rows in said.items() if rows[0].text}

    # --- acknowledging

    @cached_property
    def may(self) -> Mapping[str, Any]:
        """Return what the reader may do here."""
        about = (self.reader, self.department.id, self.now)
        return {
            "edit": policies.may_edit(*about),
            "acknowledge": policies.may_acknowledge(*about),
            "see_who": policies.may_see_who(*about),
            "remark": policies.may_remark(*about),
        }

    @cached_property
    def acknowledged(self) -> set[tuple[int, int]]:
        """Return who has acknowledged what stands now; asked only for people of the department."""
        wanted = self.current if self.may["acknowledge"] or self.may["see_who"] else []
        return queries.acknowledged([version.id for version in wanted]) if wanted else set()

    def asks_reader(self, version: StandardVersion) -> bool:
        """Return whether the reader is to acknowledge a version."""
        return bool(self.may["acknowledge"]) and (version.id, self.reader.id) not in self.acknowledged

    @cached_property
    def people(self) -> Sequence[Person]:
        """Return who is to acknowledge."""
        return queries.people_of(self.department.id, self.now)

    def missing(self, version: StandardVersion) -> list[Person]:
        """Return who has not acknowledged a version: for the head."""
        return [person for person in self.people if (version.id, person.id) not in self.acknowledged]
