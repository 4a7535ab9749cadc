"""Shares with their margin, and when there are too few cases to say one (KH8)."""

from dataclasses import dataclass
from math import sqrt

FEW = 5
"""Under so many cases no share is told: it would say more about one person than about a service."""
Z = 1.959964
"""Of the standard normal distribution, for intervals that hold the true value in 95 of 100 cases."""


def wilson(kept: int, cases: int) -> tuple[float, float]:
    """Return the interval of Wilson around a share, at 95 %: fair also near 0 and 1 and with few cases."""
    share, square = kept / cases, Z * Z
    middle = (share + square / (2 * cases)) / (1 + square / cases)
    margin = Z / (1 + square / cases) * sqrt(share * (1 - share) / cases + square / (4 * cases * cases))
    return max(0.0, middle - margin), min(1.0, middle + margin)


@dataclass(frozen=True)
class Result:
    """What became of the promises of a service, a month, or both; times are working seconds of what was done."""

    kept: int = 0
    broken: int = 0
    annulled: int = 0
    done: int = 0
    usual: int | None = None
    most: int | None = None

    @property
    def cases(self) -> int:
        """Return how many promises count; an annulled one does not."""
        return self.kept + self.broken

    @property
    def enough(self) -> bool:
        """Return whether a share may be told (KH8)."""
        return self.cases >= FEW

    @property
    def enough_done(self) -> bool:
        """Return whether usual times may be told (KH8)."""
        return self.done >= FEW

    @property
    def share(self) -> float:
        """Return the share that was kept; only of some."""
        return self.kept / self.cases

    @property
    def interval(self) -> tuple[float, float]:
        """Return between what the share lies with its margin."""
        return wilson(self.kept, self.cases)
