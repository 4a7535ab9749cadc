"""The arithmetic of a date, line by line, made from the segments that the engine used and from nothing else (36)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.service_levels.calendar import NOTHING, Segment
from portal.service_levels.timing import Day
from portal.service_levels.words import clock_change, dates_words, hours_between, label_words, length_words

ONE_DAY = timedelta(days=1)
MANY = 10  # lines, past which equal neighbours are joined

Kind = Literal["count", "off", "pause", "start"]


@dataclass(frozen=True)
class Line:
    """One line: some dates, whether they count, and how much."""

    kind: Kind
    dates: tuple[date, ...]
    label: str = ""
    hours: str = ""
    counted: timedelta = NOTHING
    number: int = 0

    @property
    def what(self) -> str:
        """Return the dates in words, with the hours and the reason."""
        words = dates_words(self.dates) + (f", {self.hours}" if self.hours else "")
        return f"{words}: {self.label}" if self.label else words

    @property
    def how_much(self) -> str:
        """Return what these dates add."""
        days = len(self.dates)
        if self.kind == "start":
            words: str = _("the day it starts does not count")
        elif self.kind != "count":
            words = ngettext("is not counted", "are not counted", days)
        elif self.number:
            words = ngettext("%(num)d day", "%(num)d days", days)
        else:
            words = _("%(length)s count", length=length_words(self.counted))
        return words


def lines_of_segments(segments: Sequence[Segment], zone: ZoneInfo) -> list[Line]:
    """Return the lines of a target in hours: counted hours by date, closed dates joined, pauses with their reason."""
    lines = [line for segment in segments for line in _of_segment(segment, zone)]
    by_date = [_together(list(group)) for _key, group in groupby(lines, key=lambda one: (one.kind, one.dates, one.label))]
    return [_together(list(group)) for _key, group in groupby(by_date, key=_closed_alike)]


def shortened(lines: list[Line]) -> list[Line]:
    """Join counted dates that follow each other when there are many lines."""
    if len(lines) <= MANY:
        return lines
    return [_together(list(group)) for _key, group in groupby(lines, key=lambda line: (line.kind, line.label))]


def _of_segment(segment: Segment, zone: ZoneInfo) -> Iterator[Line]:
    starts, ends = segment.starts.astimezone(zone), segment.ends.astimezone(zone)
    if segment.reason == "open":
        hours, label = hours_between(segment.starts, segment.ends, zone), label_words(segment.label)
        said = ", ".join(filter(None, (label, clock_change(segment.starts, segment.ends, zone))))
        yield Line("count", (starts.date(),), said, hours, segment.ends - segment.starts)
    elif segment.reason == "pause":
        yield Line("pause", _dates(starts, ends), label_words(segment.label), _pause_hours(segment, zone))
    elif segment.reason != "outside_hours":
        label = label_words(segment.label) if segment.label else _("closed")
        yield Line("off", _dates(starts, ends), label)


def _pause_hours(segment: Segment, zone: ZoneInfo) -> str:
    one_day = segment.starts.astimezone(zone).date() == segment.ends.astimezone(zone).date()
    return hours_between(segment.starts, segment.ends, zone) if one_day else ""


def _dates(starts: datetime, ends: datetime) -> tuple[date, ...]:
    """Return the dates that a stretch touches; one that ends at midnight does not touch the next."""
    last = (ends - timedelta(microseconds=1)).date()
    return tuple(starts.date() + ONE_DAY * n for n in range((last - starts.date()).days + 1))


def _closed_alike(line: Line) -> tuple[object, ...]:
    return (line.kind, line.label) if line.kind == "off" else (line.kind, line.dates, line.label)


def _together(lines: list[Line]) -> Line:
    if len(lines) == 1:
        return lines[0]
    first = lines[0]
    dates = tuple(dict.fromkeys(day for line in lines for day in line.dates))
    hours = " ".join(line.hours for line in lines) if len(dates) == 1 else ""
    counted = sum((line.counted for line in lines), NOTHING)
    return Line(first.kind, dates, first.label, hours, counted, first.number)


def lines_of_days(days: Sequence[Day]) -> list[Line]:
    """Return the lines of a target in days: counted dates joined, the others with why they do not count."""
    return [_together(list(group)) for _key, group in groupby(map(_of_day, days), key=lambda line: (line.kind, line.label))]


def _of_day(day: Day) -> Line:
    if day.number:
        return Line("count", (day.date,), number=day.number)
    if day.why == "start":
        return Line("start", (day.date,))
    if day.why == "pause":
        return Line("pause", (day.date,), label_words(day.label) or _("paused"))
    return Line("off", (day.date,), label_words(day.label) if day.label else _("closed"))


def in_sentences(lines: Sequence[Line]) -> list[str]:
    """Return the lines as sentences, for mail and for readers of the page."""
    return [f"{line.what}: {line.how_much}." for line in lines]
