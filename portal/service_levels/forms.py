"""The forms of calendars: one line of hours for each weekday, and rows of exceptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from portal.core import security
from portal.core.forms import Form, posted, posted_value
from portal.service_levels.choosing import QUESTIONS
from portal.service_levels.entering import Content, hours_text, problem_words, read_content, read_row, read_target, split_words
from portal.service_levels.holidays_of import countries
from portal.service_levels.hours import WEEKDAYS, CalendarError
from portal.service_levels.models import Calendar
from portal.service_levels.models.levels import KINDS
from portal.service_levels.timing import Target

MOST_ROWS, SPARE = 60, 2
FIRST_YEAR, LAST_YEAR = 2000, 2100
HINT = _("Such as 09:00-13:00, 14:00-18:00. Leave it empty when it is closed. After midnight count on: 22:00-30:00.")


class CalendarForm(Form):
    """Name, zone and the hours of the week."""

    name = StringField(_("Name"), [DataRequired(), Length(max=120)])
    zone = StringField(_("Time zone"), [DataRequired(), Length(max=60)], description=_("Such as Europe/Madrid."))
    mon = StringField(_("Monday"), [Length(max=200)], description=HINT)
    tue = StringField(_("Tuesday"), [Length(max=200)])
    wed = StringField(_("Wednesday"), [Length(max=200)])
    thu = StringField(_("Thursday"), [Length(max=200)])
    fri = StringField(_("Friday"), [Length(max=200)])
    sat = StringField(_("Saturday"), [Length(max=200)])
    sun = StringField(_("Sunday"), [Length(max=200)])
    version = HiddenField()


class ExceptionForm(Form):
    """One exception: its dates, its hours, and what it is called."""

    first = StringField(_("From"), [Length(max=10)], description=_("2026-12-24, or 12-24 for every year"))
    last = StringField(_("Until"), [Length(max=10)])
    yearly = BooleanField(_("Every year"))
    hours = StringField(_("Hours"), [Length(max=200)], description=_("empty: closed"))
    label_es = StringField(_("Name in Spanish"), [Length(max=80)])
    label_en = StringField(_("Name in English"), [Length(max=80)])

    @property
    def row(self) -> dict[str, Any]:
        """Return what was typed."""
        return {
            "from": (self.first.data or "").strip(),
            "until": (self.last.data or "").strip(),
            "yearly": bool(self.yearly.data),
            "hours": self.hours.data or "",
            "label": {"es": (self.label_es.data or "").strip(), "en": (self.label_en.data or "").strip()},
        }

    @property
    def empty(self) -> bool:
        """Return whether nothing was typed into the row."""
        row = self.row
        return not (row["from"] or row["until"] or row["hours"].strip())


class Typed:
    """A calendar as typed: its form, its rows of exceptions, and what is wrong with them."""

    def __init__(self, content: Mapping[str, Any] | None = None, version: int = 0, posted_too: bool = True) -> None:
        """Read what was posted, else what is stored."""
        content = content or {"name": "", "zone": "", "hours": {}, "exceptions": []}
        week = {day: hours_text(content["hours"].get(day, {})) for day in WEEKDAYS}
        stored = {"name": content["name"], "zone": content["zone"], "version": str(version), **week}
        posts = posted_too and security.is_write()
        self.form = CalendarForm.read(**stored) if posts else CalendarForm(None, data=stored)
        self.rows = _posted_rows() if posts else _stored_rows(content["exceptions"])
        self.problems: list[tuple[str, str]] = []

    @property
    def version(self) -> int:
        """Return the version that was edited."""
        text = str(self.form.version.data)
        return int(text) if text.isdigit() else 0

    def read(self) -> Content | None:
        """Return the content, or None with the problems: all rows are kept and the one at fault is named."""
        if not self.form.validate():
            return None
        rows = [row for row in self.rows if not row.empty]
        for row in rows:
            try:
                read_row(row.row)
            except CalendarError as error:
                self.problems.append((problem_words(error), row.first.id))
        if self.problems:
            return None
        week = {day: str(self.form[day].data or "") for day in WEEKDAYS}
        try:
            return read_content(str(self.form.name.data).strip(), str(self.form.zone.data).strip(), week, [r.row for r in rows])
        except CalendarError as error:
            self.problems.append((problem_words(error), self._field(error)))
            return None

    def _field(self, error: CalendarError) -> str:
        """Return the field to lead to."""
        if error.problem == "unknown_zone":
            return "zone"
        day = error.rows[0].day if error.rows else "mon"
        named = [row.first.id for row in self.rows if row.first.data == day]
        return day if day in WEEKDAYS else next(iter(named), "exceptions_title")


def _posted_rows() -> list[ExceptionForm]:
    text = posted_value("rows")
    count = min(int(text), MOST_ROWS) if text.isdigit() else 0
    return [ExceptionForm(posted(), prefix=f"row{n}-") for n in range(count)]


def _stored_rows(exceptions: Sequence[Mapping[str, Any]]) -> list[ExceptionForm]:
    stored = [
        {
            "first": row["from"],
            "last": row["until"] if row["until"] != row["from"] else "",
            "yearly": row["yearly"],
            "hours": hours_text(row["hours"]),
            "label_es": row["label"].get("es", ""),
            "label_en": row["label"].get("en", ""),
        }
        for row in exceptions
    ]
    return [ExceptionForm(None, prefix=f"row{n}-", data=row) for n, row in enumerate([*stored, *[{}] * SPARE])]


class HolidaysForm(Form):
    """Whose holidays to propose, and of which year."""

    country = SelectField(_("Country"), [DataRequired()], validate_choice=True)
    region = StringField(
        _("Region"), [Optional(), Length(max=6)], description=_("Its code, such as AR or MD; empty for the whole country.")
    )
    year = IntegerField(_("Year"), [DataRequired(), NumberRange(FIRST_YEAR, LAST_YEAR)])

    @classmethod
    def fill(cls, **values: Any) -> HolidaysForm:
        """Return the form with the countries that are known."""
        form = cls.read(**values)
        form.country.choices = [SelectChoice(code, code) for code in countries()]
        return form


class LevelForm(Form):
    """A level: its name, its conditions as words of one line each, and its targets."""

    name_es = StringField(_("Name in Spanish"), [DataRequired(), Length(max=80)])
    name_en = StringField(_("Name in English"), [DataRequired(), Length(max=80)])
    active = BooleanField(_("It may be chosen"), default=True)
    service = StringField(
        _("Services"), [Length(max=500)], description=_("Addresses such as it/laptop, separated by commas; empty fits all.")
    )
    category = StringField(_("Categories"), [Length(max=500)])
    department = StringField(_("Departments that are asked"), [Length(max=500)], description=_("Such as it, finance."))
    requester_department = StringField(_("Departments of who asks"), [Length(max=500)])
    site = StringField(_("Sites"), [Length(max=500)])
    priority = StringField(_("Priorities"), [Length(max=100)], description=_("P1 to P5."))
    first_response = StringField(
        _("First answer"), [Length(max=20)], description=_("Such as 4 h, 90 min or 5 d (working days); empty promises nothing.")
    )
    next_response = StringField(_("Later answers"), [Length(max=20)])
    fulfilment = StringField(_("Ready"), [Length(max=20)])
    approval = StringField(_("Each approval"), [Length(max=20)])
    team = StringField(_("Each team"), [Length(max=20)])
    calendar = SelectField(_("Whose hours count"), choices=[], default="")
    version = HiddenField()

    @classmethod
    def fill(cls, calendars: Sequence[Calendar], **stored: Any) -> LevelForm:
        """Return the form with the calendars that there are."""
        form = cls.read(**stored)
        return form.offer(calendars)

    def offer(self, calendars: Sequence[Calendar]) -> LevelForm:
        """Let one of these calendars be chosen."""
        self.calendars = {each.public_id: each for each in calendars}
        usual = SelectChoice("", gettext("Those of the department that is asked"))
        self.calendar.choices = [usual, *(SelectChoice(key, each.name) for key, each in self.calendars.items())]
        return self

    calendars: Mapping[str, Calendar]

    def content(self) -> dict[str, Any]:
        """Return what is stored of the level itself."""
        chosen = self.calendars.get(str(self.calendar.data))
        conditions = {asked: words for asked in QUESTIONS if (words := split_words(str(self[asked].data or "")))}
        name = {"es": str(self.name_es.data).strip(), "en": str(self.name_en.data).strip()}
        return {
            "name": name,
            "conditions": conditions,
            "active": bool(self.active.data),
            "calendar_id": chosen.id if chosen else None,
        }

    def targets(self) -> dict[str, Target] | None:
        """Return the targets by kind of clock, or None with an error at each that is none."""
        found: dict[str, Target] = {}
        for kind in KINDS:
            text = str(self[kind].data or "").strip()
            target = read_target(text)
            if text and target is None:
                self[kind].errors = [_("“%(text)s” is no length: write it like 4 h, 90 min or 5 d.", text=text)]
            elif target is not None:
                found[kind] = target
        return None if any(self[kind].errors for kind in KINDS) else found
