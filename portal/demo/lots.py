"""Chance for the demo: seeded, so that every load tells the same stories, and working hours for what people do."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from portal.demo.staff import ZONE
from portal.service_levels.queries import office_hours

SEED = 1937
SHORTEST = timedelta(minutes=2)
Item = TypeVar("Item")

NEWCOMERS = (
    "Nekane Aldasoro", "Oriol Fàbregas", "Iago Ferreiro", "Pilar Gascón", "Hodei Ibarra", "Mireia Valls", "Sabela Rial",
    "Yusuf Amrani", "Laia Codina", "Anxo Pazos", "Itziar Mugica", "Fermín Latorre", "Chen Wei", "Rosa Mallén",
)  # fmt: skip
LETTERS = "BCDFGHJKLMNPRSTVWXYZ"
CODE_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class Lots:
    """What is drawn for one story."""

    def __init__(self, name: str, end: datetime) -> None:
        self._random = random.Random(f"{SEED} {name}")  # noqa: S311 - stories, not secrets
        self.end = end

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one of several."""
        return self._random.choice(items)

    def often(self, share: float) -> bool:
        """Return true in this share of cases."""
        return self._random.random() < share

    def between(self, low: float, high: float) -> float:
        """Return a number of a range."""
        return self._random.uniform(low, high)

    def particulars(self) -> dict[str, str]:
        """Return what stands in the place of the names in braces of a case."""
        return {
            "person": self.pick(NEWCOMERS),
            "desk": f"{self._random.randint(11, 48)}",
            "dock": f"{self._random.randint(1, 9)}",
            "count": f"{self._random.randint(101, 399)}",
            "plate": f"{self._random.randint(1000, 9999)} {''.join(self._random.choices(LETTERS, k=3))}",
            "code": "".join(self._random.choices(CODE_SIGNS, k=12)),
        }

    def later(self, moment: datetime, low: float, high: float) -> datetime:
        """Return an instant so many working hours later; what would be after the end is drawn nearer than it."""
        hours = timedelta(minutes=round(self.between(low, high) * 60))
        found = office_hours(ZONE).due(moment, hours) + timedelta(seconds=self._random.randint(0, 59))
        if found < self.end:
            return found
        return self._sooner(moment)

    def _sooner(self, moment: datetime) -> datetime:
        """Return an instant in what is left of the working hours before the end, else just before it."""
        left = office_hours(ZONE).working_time(moment, self.end) * self.between(0.3, 0.7)
        if left >= SHORTEST:
            return office_hours(ZONE).due(moment, left).replace(microsecond=0)
        return (moment + (self.end - moment) * self.between(0.3, 0.7)).replace(microsecond=0)

    def ago(self, low: float, high: float) -> datetime:
        """Return an instant in working hours, so many days before the end."""
        moment = self.end - timedelta(days=self.between(low, high))
        opened = office_hours(ZONE).due(moment, timedelta(minutes=self._random.randint(1, 400)))
        return opened if opened < self.end else moment.replace(microsecond=0)
