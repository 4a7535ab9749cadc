"""One date in a form: a day and two hours, and what to say when an hour does not exist or exists twice (C2)."""

from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import DateField, SelectField, StringField, TimeField
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import Length, Optional

from portal.core.forms import Form, posted
from portal.training import moments
from portal.training.actions.publishing import When
from portal.training.models import SessionDate

NOON = time(12)


class DateFields:
    """Mixin: the questions about one date."""

    day = DateField(lazy_gettext("Day"), [Optional()])
    start = TimeField(lazy_gettext("From"), [Optional()])
    end = TimeField(lazy_gettext("To"), [Optional()])
    space = StringField(lazy_gettext("Another place"), [Length(max=120)])
    fold = SelectField(lazy_gettext("Which of the two"), validate_choice=False)

    nearest: tuple[datetime, datetime] | None = None
    is_twice = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, second = _("the first, summer time"), _("the second, winter time")
        self.fold.choices = [SelectChoice("", "–"), SelectChoice("0", first), SelectChoice("1", second)]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was entered."""
        return not (self.day.data or self.start.data or self.end.data)

    def take_hour(self, hour: str) -> None:
        """Take the hour that a button proposed."""
        if hour:
            self.start.process_formdata([hour])
            self.start.raw_data = [hour]

    def when(self, tz: str) -> When | None:
        """Return the date that was entered, or None with an error at the field that needs another look (C2)."""
        day, start, end = self.day.data, self.start.data, self.end.data
        if day is None or start is None or end is None:
            self.day.errors = [*self.day.errors, _("Say the day and both hours.")]
            return None
        begins, ends = datetime.combine(day, start), datetime.combine(day, end)
        if end < NOON <= start:  # over midnight
            ends += timedelta(days=1)
        fold = int(self.fold.data) if self.fold.data in ("0", "1") else None
        try:
            return When(moments.span(begins, ends, tz, fold), (self.space.data or "").strip())
        except moments.NotThere as missing:
            self.nearest = (missing.before, missing.after)
            self.start.errors = [_("This hour does not exist on that day: the clocks are put forward.")]
        except moments.Twice:
            self.is_twice = True
            self.fold.errors = [_("This hour exists twice on that day. Say which one you mean.")]
        except moments.EndsBeforeStart:
            self.end.errors = [_("It ends before it begins.")]
        return None


class DateRow(DateFields, PlainForm):
    """One date of a new session."""


class MoveForm(DateFields, Form):
    """When and where a date is now."""

    @classmethod
    def of(cls, date: SessionDate) -> "MoveForm":
        """Return the form filled with a date as it is."""
        start, end = date.local_start, date.local_end
        values = {"day": start.date(), "start": start.time(), "end": end.time(), "space": date.space}
        return cls(data=values, prefix=date.public_id)

    @classmethod
    def posted(cls, date: SessionDate) -> "MoveForm":
        """Return what was posted about a date."""
        return cls(posted(), prefix=date.public_id)
