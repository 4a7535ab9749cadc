"""The numbers of a board in the order in which the page and the files show them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from portal.catalogue.models import Service
from portal.core.sheets import Cell
from portal.core.text import in_language
from portal.reports.charts import Line, line
from portal.reports.filters import CLOCK_WORDS, Board
from portal.reports.measuring import Results, measure
from portal.reports.periods import Month
from portal.reports.shares import Result

NOTHING = Result()
WIDE, NARROW = (760, 280), (340, 240)
PHONE = 6
HOUR = 3600


@dataclass(frozen=True)
class Change:
    """How the last full month compares with the one before."""

    month: Month
    before: Month
    points: int
    clear: bool


@dataclass
class Figures:
    """What became of the promises that a board looks at."""

    board: Board

    @cached_property
    def results(self) -> Results:
        """Return all counts, read at once."""
        return measure(self.board.scope)

    @property
    def all(self) -> Result:
        """Return the counts of the whole period."""
        return self.results.get((None, None), NOTHING)

    @property
    def months(self) -> Sequence[tuple[Month, Result]]:
        """Return each month with its counts, the oldest first."""
        return [(month, self.results.get((None, number), NOTHING)) for number, month in enumerate(self.board.months)]

    @property
    def services(self) -> list[tuple[Service, Result]]:
        """Return each service with its counts, the least kept first, and at the end those with too few cases."""
        found = [(each, self.results.get((each.id, None), NOTHING)) for each in self.board.services]
        told = [(each, result) for each, result in found if result.cases or result.annulled]
        return sorted(told, key=lambda row: (not row[1].enough, row[1].share if row[1].enough else 0.0))

    @property
    def wide(self) -> Line:
        """Return the drawing for screens."""
        return line(self.months, *WIDE)

    @property
    def narrow(self) -> Line:
        """Return the drawing for phones: the last months only."""
        return line(self.months[-PHONE:], *NARROW)

    @property
    def change(self) -> Change | None:
        """Return how the last full month compares with the one before; clear where the margins do not meet."""
        (before, old), (month, new) = self.months[-3:-1]
        if not (old.enough and new.enough):
            return None
        apart = new.interval[0] > old.interval[1] or new.interval[1] < old.interval[0]
        return Change(month, before, round(new.share * 100) - round(old.share * 100), apart)

    # --- for spreadsheets

    @property
    def columns(self) -> Sequence[str]:
        """Return the headings of a file."""
        return [
            _("Department"), _("Service"), _("Month"), _("Promise"),
            _("Promises"), _("Promises kept"), _("Broken"), _("Annulled"), _("Share kept (%)"), _("From (%)"), _("To (%)"),
            _("Half within (working hours)"), _("Nine of ten within (working hours)"),
        ]  # fmt: skip

    @property
    def rows(self) -> Iterator[Sequence[Cell]]:
        """Yield a line for each service and month in which a promise fell due."""
        for service in self.board.services:
            for number, month in enumerate(self.board.months):
                result = self.results.get((service.id, number))
                if result is not None:
                    yield [*self._named(service, month), *_counted(result)]

    def _named(self, service: Service, month: Month) -> Sequence[Cell]:
        words: Any = CLOCK_WORDS[self.board.clock]
        return [in_language(self.board.department.name), in_language(service.name), month.key, str(words)]


def _counted(result: Result) -> Sequence[Cell]:
    few = _("too few")
    share: Sequence[Cell] = [few, few, few]
    if result.enough:
        share = [round(part * 100, 1) for part in (result.share, *result.interval)]
    times: Sequence[Cell] = [few, few]
    if result.enough_done:
        times = [_hours(result.usual), _hours(result.most)]
    return [result.cases, result.kept, result.broken, result.annulled, *share, *times]


def _hours(seconds: int | None) -> Cell:
    return None if seconds is None else round(seconds / HOUR, 1)
