"""The form of a session: little is needed, and the rest unfolds (rule 1)."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from flask_babel import get_timezone, lazy_gettext
from flask_babel import gettext as _
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core import language
from portal.core.forms import Form
from portal.core.text import in_language
from portal.people.models import Department
from portal.training.actions.changing import Correction
from portal.training.actions.publishing import Plan
from portal.training.date_fields import DateRow
from portal.training.models import Topic, TrainingSession

ROWS = 5
MOST_SEATS = 2000
MOST_WEEKS = 52
ZONES = ("Europe/Madrid", "Atlantic/Canary", "Europe/Lisbon", "Europe/London", "Europe/Paris", "America/Mexico_City")


class SessionForm(Form):
    """What a trainer says about a session."""

    kind = RadioField(
        lazy_gettext("What is it"),
        choices=[SelectChoice("training", lazy_gettext("Training")), SelectChoice("event", lazy_gettext("For the team"))],
        default="training",
    )
    topic = SelectField(lazy_gettext("Topic"), description=lazy_gettext("What is learned. Not needed for the team."))
    title = StringField(
        lazy_gettext("Title"), [Length(max=120)], description=lazy_gettext("Leave it empty to take the name of the topic.")
    )
    tz = SelectField(lazy_gettext("Time zone"))
    dates = FieldList(FormField(DateRow), min_entries=ROWS, label=lazy_gettext("Dates"))
    place = StringField(lazy_gettext("Place"), [Length(max=120)])
    link = StringField(
        lazy_gettext("Address of the meeting, if it is online"),
        [Optional(), Length(max=300), Regexp(r"https?://\S+$", message=lazy_gettext("An address begins with https://."))],
    )
    capacity = IntegerField(lazy_gettext("Seats"), [InputRequired(), NumberRange(1, MOST_SEATS)], default=12)
    about = TextAreaField(lazy_gettext("What it is about"), [Length(max=5000)])
    # what unfolds
    repeat = IntegerField(
        lazy_gettext("Post it how many weeks in a row"),
        [Optional(), NumberRange(1, MOST_WEEKS)],
        default=1,
        description=lazy_gettext("Each week is a session of its own; it can be moved or cancelled by itself."),
    )
    taught_by = StringField(lazy_gettext("Taught by"), [Length(max=120)], description=lazy_gettext("If it is not you."))
    site = StringField(lazy_gettext("Site"), [Length(max=80)], description=lazy_gettext("So that people find what is near them."))
    place_note = StringField(lazy_gettext("How to get there"), [Length(max=300)])
    cancel_hours = IntegerField(
        lazy_gettext("Until how many hours before one may leave"), [InputRequired(), NumberRange(2, 720)], default=24
    )
    mode = RadioField(
        lazy_gettext("When a seat becomes free"),
        choices=[
            SelectChoice("offer", lazy_gettext("The next person is asked and has some hours to answer")),
            SelectChoice("auto", lazy_gettext("The next person has it at once")),
        ],
        default="offer",
    )
    approval = BooleanField(lazy_gettext("The head of each person approves first"))
    departments = SelectMultipleField(
        lazy_gettext("Only for these departments"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    partners = BooleanField(lazy_gettext("Also for partners"))
    materials = TextAreaField(
        lazy_gettext("Materials"), [Length(max=5000)], description=lazy_gettext("What to bring or to read before.")
    )
    spoken = StringField(lazy_gettext("Language"), [Length(max=8)], description=lazy_gettext("For example es or en."))

    def offer(self, topics: Sequence[Topic], departments: Sequence[Department]) -> "SessionForm":
        """Offer the topics, the departments and the zones."""
        self.topics, self.all_departments = topics, departments
        self.topic.choices = [SelectChoice("", "–"), *(SelectChoice(each.public_id, in_language(each.name)) for each in topics)]
        self.departments.choices = [SelectChoice(each.slug, in_language(each.name)) for each in departments]
        usual = [str(get_timezone()), str(current_app.config["PORTAL_TIMEZONE"]), *ZONES]
        self.tz.choices = [SelectChoice(zone, zone.replace("_", " ")) for zone in dict.fromkeys(usual)]
        return self

    def use(self, choice: str) -> None:
        """Take the hour that a button proposed: `0=01:59`."""
        row, _equals, hour = choice.partition("=")
        if row.isascii() and row.isdigit() and int(row) < len(self.dates):
            self.dates[int(row)].form.take_hour(hour)

    @property
    def is_deep_error(self) -> bool:
        """Return whether an answer among those that unfold needs another look."""
        return bool(set(self.errors) - {"kind", "topic", "title", "dates", "place", "capacity", "about"})

    def validate_title(self, field: StringField) -> None:
        """A session needs a name: its own or that of its topic."""
        if not (field.data or "").strip() and not self.topic.data:
            raise ValidationError(_("Give it a title, or choose a topic."))

    def validate_topic(self, field: SelectField) -> None:
        """What is learned belongs to a topic."""
        if self.kind.data == "training" and not field.data:
            raise ValidationError(_("Choose what is learned."))

    def validate_dates(self, field: Any) -> None:
        """Look at each date by itself; the first one is needed."""
        rows = [entry.form for entry in field if not entry.form.is_empty] or [field[0].form]
        found = [row.when(self.tz.data) for row in rows]
        self.whens = [when for when in found if when]
        if len(self.whens) < len(found):
            raise ValidationError(_("A date needs another look."))

    def plan(self, by_language: str | None = None) -> Plan:
        """Return what was entered, in the language of the reader."""
        code = by_language or language.current()
        topic = next((each for each in self.topics if each.public_id == self.topic.data), None)
        typed = (self.title.data or "").strip()
        title = {code: typed} if typed else dict(topic.name if topic else {})
        return Plan(
            title=title,
            dates=self.whens,
            capacity=self.capacity.data or 0,
            topic=topic,
            kind=self.kind.data,
            description=_text(code, self.about.data),
            materials=_text(code, self.materials.data),
            language=(self.spoken.data or "").strip(),
            taught_by=(self.taught_by.data or "").strip(),
            place=(self.place.data or "").strip(),
            place_note=(self.place_note.data or "").strip(),
            link=(self.link.data or "").strip(),
            site=(self.site.data or "").strip(),
            mode=self.mode.data,
            cancel_hours=self.cancel_hours.data or 0,
            departments=[each for each in self.all_departments if each.slug in (self.departments.data or [])],
            partners=bool(self.partners.data),
            needs_approval=bool(self.approval.data),
        )


class EditForm(Form):
    """What a session says of itself, in the language of the reader, and its seats."""

    revision = HiddenField()
    title = StringField(lazy_gettext("Title"), [DataRequired(), Length(max=120)])
    about = TextAreaField(lazy_gettext("What it is about"), [Length(max=5000)])
    capacity = IntegerField(lazy_gettext("Seats"), [InputRequired(), NumberRange(0, MOST_SEATS)])
    place = StringField(lazy_gettext("Place"), [Length(max=120)])
    place_note = StringField(lazy_gettext("How to get there"), [Length(max=300)])
    link = StringField(
        lazy_gettext("Address of the meeting, if it is online"),
        [Optional(), Length(max=300), Regexp(r"https?://\S+$", message=lazy_gettext("An address begins with https://."))],
    )
    taught_by = StringField(lazy_gettext("Taught by"), [Length(max=120)])
    materials = TextAreaField(lazy_gettext("Materials"), [Length(max=5000)])

    @classmethod
    def of(cls, session: TrainingSession) -> "EditForm":
        """Return the form filled with a session as it is."""
        texts = {"title": session.title, "about": session.description, "materials": session.materials}
        plain = {key: getattr(session, key) for key in ("capacity", "place", "place_note", "link", "taught_by", "revision")}
        words = {key: in_language(value) for key, value in texts.items()}
        return cls(data=plain | words)

    @property
    def revision_seen(self) -> int:
        """Return which revision the form was drawn from."""
        typed = self.revision.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() else 0

    def correction(self, session: TrainingSession, code: str) -> Correction:
        """Return what was entered; texts in the other language stay as they are."""
        return Correction(
            title={**session.title, code: (self.title.data or "").strip()},
            description=_changed(session.description, code, self.about.data),
            materials=_changed(session.materials, code, self.materials.data),
            taught_by=(self.taught_by.data or "").strip(),
            place=(self.place.data or "").strip(),
            place_note=(self.place_note.data or "").strip(),
            link=(self.link.data or "").strip(),
            capacity=self.capacity.data or 0,
        )


def _changed(before: Mapping[str, str] | None, code: str, typed: str | None) -> dict[str, str] | None:
    texts = {**(before or {}), code: (typed or "").strip()}
    return texts if any(texts.values()) else None


class TopicForm(Form):
    """A topic: its name in both languages."""

    name_es = StringField(lazy_gettext("Name in Spanish"), [DataRequired(), Length(max=120)])
    name_en = StringField(lazy_gettext("Name in English"), [DataRequired(), Length(max=120)])
    summary = TextAreaField(lazy_gettext("What one learns"), [Length(max=2000)])
    minimum_share = IntegerField(
        lazy_gettext("Share of the time to be present, in per cent"), [InputRequired(), NumberRange(1, 100)], default=80
    )
    validity_months = IntegerField(
        lazy_gettext("Valid for how many months"), [Optional(), NumberRange(1, 600)], description=lazy_gettext("Empty: for ever.")
    )


def _text(code: str, typed: str | None) -> dict[str, str] | None:
    return {code: typed.strip()} if typed and typed.strip() else None
