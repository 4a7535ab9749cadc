"""The bar of 90 days as one drawing, a sentence, and the days for keyboard and table (SP-26, chapter 3)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from portal.status import words
from portal.status.effective import worst
from portal.status.uptime import Day
from portal.status.vocabulary import DEGRADED, MAINTENANCE, MAJOR, NO_DATA, OPERATIONAL, PARTIAL

STEP, WIDTH, HEIGHT = 10, 8, 32
# Each status has a shape of its own: (top, height) of the pieces of one day.
SHAPES: Mapping[str, Sequence[tuple[int, int]]] = {
    OPERATIONAL: ((0, 32),),
    DEGRADED: ((18, 14),),
    PARTIAL: ((0, 4), (12, 20)),
    MAJOR: ((0, 4), (7, 25)),
    MAINTENANCE: ((0, 4), (7, 4), (14, 4), (21, 4), (28, 4)),
    NO_DATA: ((29, 3),),
    "": (),
}


@dataclass(frozen=True)
class Bar:
    """A bar: its paths by status, the sentence that says the same, and what the script needs for its days."""

    width: int
    paths: Sequence[tuple[str, str]]
    sentence: str
    first: str
    bad: str


def bar_of(days: Sequence[Day]) -> Bar:
    """Return the bar of some days, the oldest first."""
    paths = [(status or "none", _path(days, status)) for status in SHAPES if any(day.worst == status for day in days)]
    return Bar(len(days) * STEP, [(name, path) for name, path in paths if path], sentence_of(days), *_for_script(days))


def key_shape(status: str) -> str:
    """Return the path of one day of a status, for the key below the bars."""
    return "".join(f"M0 {top}h{WIDTH}v{height}h-{WIDTH}z" for top, height in SHAPES[status])


def _path(days: Sequence[Day], status: str) -> str:
    pieces = SHAPES[status]
    places = [place * STEP for place, day in enumerate(days) if day.worst == status]
    return "".join(f"M{x} {top}h{WIDTH}v{height}h-{WIDTH}z" for x in places for top, height in pieces)


def sentence_of(days: Sequence[Day]) -> str:
    """Return "86 of 90 days without problems; worst 14 November 2026, 42 min major outage"."""
    there = [day for day in days if day.worst not in ("", NO_DATA)]
    if not there:
        return str(_("No data yet."))
    fine = sum(1 for day in there if day.worst == OPERATIONAL)
    said: str = _("%(fine)d of %(all)d days without problems", fine=fine, all=len(there))
    bad = [day for day in there if day.worst != OPERATIONAL]
    if not bad:
        return f"{said}."
    low = worst(day.worst for day in bad)
    day = max((one for one in bad if one.worst == low), key=lambda one: (one.figures.down_tenths, one.date))
    return str(_("%(said)s; worst %(day)s, %(what)s.", said=said, day=words.day(day.date), what=what_of(day)))


def what_of(day: Day) -> str:
    """Return what a day was like: "major outage, 42 min"."""
    seconds = {MAJOR: day.figures.major, PARTIAL: day.figures.partial, MAINTENANCE: day.figures.maintenance}.get(day.worst, 0)
    word = words.status_word(day.worst).lower() if day.worst != OPERATIONAL else _("no problems")
    return f"{word}, {words.minutes(seconds)}" if seconds else word


def _for_script(days: Sequence[Day]) -> tuple[str, str]:
    """Return the first day, and by place what the days that were not fine were like, as the behaviour `uptime` reads them."""
    bad = {str(place): what_of(day) for place, day in enumerate(days) if day.worst != OPERATIONAL}
    return days[0].date.isoformat(), json.dumps(bad, ensure_ascii=False, separators=(",", ":"))
