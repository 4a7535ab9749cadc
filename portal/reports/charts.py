"""The line of a share over months with its margin, as points of a drawing that the template writes as SVG."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor

from portal.reports.periods import Month
from portal.reports.shares import Result

LOWEST, STEP, MANY = 0.9, 0.1, 5
TOP, FOOT, LEFT, RIGHT, INDENT = 14, 28, 46, 56, 26


@dataclass(frozen=True)
class Point:
    """One month on the drawing; without a share it has no height."""

    month: Month
    result: Result
    x: float
    y: float | None
    high: float
    low: float


@dataclass(frozen=True)
class Line:
    """A drawing of some width: its points, the pieces of line and margin between months that follow, and its scale."""

    width: int
    height: int
    points: Sequence[Point]
    ticks: Sequence[tuple[float, float]]

    @property
    def bottom(self) -> int:
        """Return where the months are written."""
        return self.height - FOOT

    @property
    def left(self) -> int:
        """Return where the scale ends and the drawing begins."""
        return LEFT

    @property
    def right(self) -> int:
        """Return where the drawing ends."""
        return self.width - RIGHT

    @property
    def pieces(self) -> list[list[Point]]:
        """Return the months with a share that follow each other without a gap."""
        found: list[list[Point]] = [[]]
        for point in self.points:
            if point.y is None:
                found.append([])
            else:
                found[-1].append(point)
        return [piece for piece in found if piece]

    @property
    def last(self) -> Point | None:
        """Return the newest month with a share."""
        return next((point for point in reversed(self.points) if point.y is not None), None)


def line(months: Sequence[tuple[Month, Result]], width: int, height: int) -> Line:
    """Return the drawing; its scale ends at 100 % and begins at the ten below the lowest margin."""
    lows = [result.interval[0] for _month, result in months if result.enough]
    bottom = floor(min([*lows, LOWEST]) / STEP) * STEP
    apart = (width - LEFT - RIGHT - INDENT) / max(len(months) - 1, 1)

    def up(share: float) -> float:
        return round(TOP + (1 - share) / (1 - bottom) * (height - TOP - FOOT), 1)

    places = [round(LEFT + INDENT + number * apart, 1) for number in range(len(months))]
    points = [_point(month, result, place, up) for place, (month, result) in zip(places, months, strict=True)]
    steps = round((1 - bottom) / STEP)
    every = 1 if steps <= MANY else 2
    ticks = [(1 - step * STEP, up(1 - step * STEP)) for step in range(0, steps + 1, every)]
    return Line(width, height, points, ticks)


def _point(month: Month, result: Result, x: float, up: Callable[[float], float]) -> Point:
    if not result.enough:
        return Point(month, result, x, None, 0, 0)
    low, high = result.interval
    return Point(month, result, x, up(result.share), up(high), up(low))
