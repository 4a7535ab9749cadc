"""Date, time, and date with time."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from babel.dates import format_date, format_datetime, format_time
from flask_babel import lazy_gettext as _

from portal.catalogue.formkit.amounts import Unclear
from portal.catalogue.formkit.moments import bound, nearest, occurrences, read_date, read_time, read_wall
from portal.catalogue.formkit.schema import Field
from portal.catalogue.formkit.types.base import Asked, FieldType, Raw, first
from portal.catalogue.formkit.values import Choice, Message, WallTime, Wrong

FIRST, SECOND = "first", "second"


class DateAnswer(FieldType):
    """A day; limits may move with today ("today+1")."""

    key = "date"
    title = _("Date")
    control = "date"
    takes = frozenset({"short_text"})

    def read(self, asked: Asked, raw: Raw) -> date | None:
        """Return the day; a text that could be two days is asked."""
        text = first(raw)
        if not text:
            return None
        try:
            day = read_date(text, asked.language)
        except Unclear as unclear:
            raise _which_day(self, asked, unclear) from None
        if self.beyond(asked, day):
            raise self.wrong(asked)
        return day

    def to_json(self, value: date) -> str:
        """Store as yyyy-mm-dd."""
        return value.isoformat()

    def from_json(self, data: Any) -> date:
        """Read yyyy-mm-dd."""
        return date.fromisoformat(super().from_json(data))

    def show(self, _field: Field, value: date, language: str) -> Message:
        """Show the day in words."""
        return format_date(value, "long", locale=language)

    def limit(self, asked: Asked, text: str) -> date | None:
        """Limits are days, or days from today."""
        return bound(text, asked.context.today) if text else None

    def expects(self, asked: Asked) -> Message:
        """Say which days are right."""
        low, high = (self._shown(asked, text) for text in (asked.field.rules.minimum, asked.field.rules.maximum))
        if low and high:
            return _("a date between %(low)s and %(high)s", low=low, high=high)
        if low:
            return _("a date on or after %(low)s", low=low)
        return _("a date on or before %(high)s", high=high) if high else _("a date, such as 25/12/2026")

    def _shown(self, asked: Asked, text: str) -> str:
        try:
            limit = self.limit(asked, text)
        except ValueError:
            return text
        return format_date(limit, "long", locale=asked.language) if limit else ""

    def attributes(self, asked: Asked) -> Mapping[str, str]:
        """Limits for the browser's own date picker."""
        rules = asked.field.rules
        if self.faults(asked):
            return {}
        limits = {"min": self.limit(asked, rules.minimum), "max": self.limit(asked, rules.maximum)}
        return {name: day.isoformat() for name, day in limits.items() if day}

    def samples(self, asked: Asked) -> list[Any]:
        """Offer the limits, or today."""
        rules = asked.field.rules
        return [bound(text, asked.context.today) for text in (rules.minimum, rules.maximum) if text] or [asked.context.today]


def _which_day(kind: FieldType, asked: Asked, unclear: Unclear) -> Wrong:
    days = [Choice(text, text) for text in unclear.readings]
    return Wrong(_("write “%(one)s” or “%(two)s”", one=days[0].value, two=days[1].value), days) if days else kind.wrong(asked)


class TimeAnswer(FieldType):
    """A time of day."""

    key = "time"
    title = _("Time")
    control = "time"
    takes = frozenset({"short_text"})

    def read(self, asked: Asked, raw: Raw) -> time | None:
        """Return the time of day."""
        text = first(raw)
        if not text:
            return None
        try:
            hour = read_time(text)
        except Unclear:
            raise self.wrong(asked) from None
        if self.beyond(asked, hour):
            raise self.wrong(asked)
        return hour

    def write(self, asked: Asked, value: time) -> tuple[str, ...]:
        """Write hh:mm, as browsers do."""
        return (f"{value:%H:%M}",)

    def to_json(self, value: time) -> str:
        """Store as hh:mm."""
        return f"{value:%H:%M}"

    def from_json(self, data: Any) -> time:
        """Read hh:mm."""
        return read_time(super().from_json(data))

    def show(self, _field: Field, value: time, language: str) -> Message:
        """Show the time as the language does."""
        return format_time(value, "short", locale=language)

    def limit(self, _asked: Asked, text: str) -> time | None:
        """Limits are times."""
        return read_time(text) if text else None

    def expects(self, asked: Asked) -> Message:
        """Say which times are right."""
        low, high = asked.field.rules.minimum, asked.field.rules.maximum
        if low and high:
            return _("a time from %(low)s to %(high)s", low=low, high=high)
        if low:
            return _("a time not before %(low)s", low=low)
        return _("a time not after %(high)s", high=high) if high else _("a time, such as 14:30")

    def samples(self, asked: Asked) -> list[Any]:
        """Offer the limits, or noon."""
        rules = asked.field.rules
        return [read_time(text) for text in (rules.minimum, rules.maximum) if text] or [time(12)]


class MomentAnswer(DateAnswer):
    """A date with a time, kept as wall time and zone; impossible and repeated times are asked (C1, C2)."""

    key = "date_time"
    title = _("Date and time")
    control = "datetime"
    many = True  # the wall time, and the choice between two equal ones
    takes = frozenset({"short_text", "date"})

    def read(self, asked: Asked, raw: Raw) -> Any:
        """Return the wall time; the second text, if any, picks one of the suggestions."""
        text, pick = first(raw), first(raw[1:])
        if not text:
            return None
        try:
            wall = read_wall(text, asked.language)
        except Unclear as unclear:
            raise _which_day(self, asked, unclear) from None
        return self._settled(asked, wall, pick)

    def _settled(self, asked: Asked, wall: datetime, pick: str) -> WallTime:
        zone = asked.context.zone
        folds = occurrences(wall, zone)
        if not folds:
            wall = _instead(wall, zone, pick, asked.language)
        fold = _fold(wall, pick, asked.language) if len(folds) > 1 else 0
        if self.beyond(asked, wall.date()):
            raise self.wrong(asked)
        return WallTime(wall, zone, fold)

    def write(self, asked: Asked, value: WallTime) -> tuple[str, ...]:
        """Write what browsers post, and the choice where the time exists twice."""
        text = f"{value.wall:%Y-%m-%dT%H:%M}"
        twice = len(occurrences(value.wall, value.zone)) > 1
        return (text, SECOND if value.fold else FIRST) if twice else (text,)

    def to_json(self, value: Any) -> Any:
        """Store wall time, zone and, where needed, which of two equal times."""
        data = {"wall": f"{value.wall:%Y-%m-%dT%H:%M}", "zone": value.zone}
        return {**data, "fold": 1} if value.fold else data

    def from_json(self, data: Any) -> Any:
        """Read wall time and zone."""
        if not isinstance(data, dict) or not all(isinstance(data.get(name), str) for name in ("wall", "zone")):
            raise ValueError("a wall time is expected")
        wall = datetime.fromisoformat(data["wall"])
        if wall.tzinfo is not None:
            raise ValueError("a wall time has no offset")
        return WallTime(wall, data["zone"], 1 if data.get("fold") == 1 else 0)

    def show(self, _field: Field, value: Any, language: str) -> Message:
        """Show the wall time with the name of its zone."""
        return f"{format_datetime(value.wall, 'long', tzinfo=None, locale=language).rpartition(' ')[0]}, {value.zone}"

    def expects(self, asked: Asked) -> Message:
        """Say which moments are right."""
        rules = asked.field.rules
        if not rules.minimum and not rules.maximum:
            return _("a date and a time, such as 25/12/2026 14:30")
        return _("%(date)s, with a time", date=super().expects(asked))

    def attributes(self, asked: Asked) -> Mapping[str, str]:
        """Limits for the browser's own picker, from midnight to midnight."""
        ends = {"min": "T00:00", "max": "T23:59"}
        return {name: day + ends[name] for name, day in super().attributes(asked).items()}

    def samples(self, asked: Asked) -> list[Any]:
        """Offer noon of the limits, or of today."""
        return [WallTime(datetime.combine(day, time(12)), asked.context.zone) for day in super().samples(asked)]


def _instead(wall: datetime, zone: str, pick: str, language: str) -> datetime:
    """Return the valid time picked in place of one that does not exist, or ask (C2)."""
    options = {f"{each:%Y-%m-%dT%H:%M}": each for each in nearest(wall, zone)}
    if pick in options:
        return options[pick]
    shown = [Choice(text, format_time(each, "short", locale=language)) for text, each in options.items()]
    raise Wrong(
        _(
            "this time does not exist, the clocks change; choose %(one)s or %(two)s",
            one=shown[0].label,
            two=shown[1].label,
        ),
        shown,
    )


def _fold(wall: datetime, pick: str, language: str) -> int:
    """Return which of two equal times was picked, or ask (C2)."""
    if pick in (FIRST, SECOND):
        return int(pick == SECOND)
    hour = format_time(wall, "short", locale=language)
    options = [
        Choice(FIRST, _("first %(hour)s, before the clocks change", hour=hour)),
        Choice(SECOND, _("second %(hour)s, after the clocks change", hour=hour)),
    ]
    raise Wrong(_("this time comes twice, the clocks change; choose which one"), options)
