"""Forms of staff: a new item, a checkpoint, another promise, another factor."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import lazy_gettext as _
from wtforms import DateField, FileField, SelectField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from portal.core.forms import Form
from portal.core.text import in_language
from portal.people.models import Department
from portal.tracking import words
from portal.tracking.actions import Registration, Report
from portal.tracking.models import KINDS
from portal.tracking.promises import Promise
from portal.tracking.states import State

ADDRESS = r"[^@\s]+@[^@\s]+"
CUSTOMER = [Optional(), Length(max=254), Regexp(ADDRESS, message=_("This is no e-mail address."))]


def zone() -> str:
    """Return the zone of the house, in which staff write times."""
    return str(current_app.config["PORTAL_TIMEZONE"])


def _moment(day: object, hour: object) -> datetime:
    wall = datetime.combine(day, hour if isinstance(hour, time) else time())  # type: ignore[arg-type]  # DateField checked it
    return wall.replace(tzinfo=ZoneInfo(zone())).astimezone(UTC)


class FactorForm(Form):
    """What opens the details beside the code."""

    postcode = StringField(_("Postal code"), [Length(max=20)])
    email = StringField(_("E-mail of the customer"), CUSTOMER)


class ItemForm(FactorForm):
    """Something that may be followed from now on."""

    kind = SelectField(_("What it is"))
    reference = StringField(_("Reference number"), [DataRequired(), Length(max=60)])
    department = SelectField(_("Who looks after it"))
    contents = TextAreaField(_("Contents"), [Length(max=1000)], description=_("Shown only with the postal code or e-mail."))
    contact = StringField(_("Contact"), [Length(max=300)], description=_("Shown only with the postal code or e-mail."))
    language = SelectField(_("Language of its messages"))

    def offer(self, departments: Sequence[Department]) -> "ItemForm":
        """Offer the departments whose agent the person is."""
        self.departments = departments
        self.department.choices = [SelectChoice(one.slug, in_language(one.name)) for one in departments]
        self.kind.choices = [SelectChoice(kind, words.kind_words(kind)) for kind in KINDS if kind != "request"]
        self.language.choices = [SelectChoice(code, code) for code in current_app.config["LANGUAGES"]]
        return self

    def registration(self) -> Registration:
        """Return what was entered."""
        department = next(one for one in self.departments if one.slug == self.department.data)
        return Registration(
            kind=self.kind.data,
            reference=(self.reference.data or "").strip(),
            department=department,
            zone=zone(),
            postcode=self.postcode.data or "",
            email=self.email.data or "",
            contents=self.contents.data or "",
            contact=self.contact.data or "",
            language=self.language.data,
        )


class ImportForm(Form):
    """A file of checkpoints, and whose items it tells about."""

    department = SelectField(_("Who looks after it"))
    file = FileField(_("CSV file"))

    def offer(self, departments: Sequence[Department]) -> "ImportForm":
        """Offer the departments whose agent the person is."""
        self.departments = departments
        self.department.choices = [SelectChoice(one.slug, in_language(one.name)) for one in departments]
        return self

    def chosen(self) -> Department:
        """Return the department that was chosen."""
        return next(one for one in self.departments if one.slug == self.department.data)


class CheckpointForm(Form):
    """Something that happened to an item."""

    state = SelectField(_("What happened"))
    day = DateField(_("Day"), [InputRequired()])
    hour = TimeField(_("Time"), [InputRequired()])
    place = StringField(
        _("Place"), [Length(max=120)], description=_("Town or region: everybody with the code reads it, so no street.")
    )
    note = StringField(_("Note"), [Length(max=500)], description=_("Shown only with the postal code or e-mail."))
    reopening = StringField(
        _("Reason to open it again"), [Length(max=300)], description=_("Only if it was delivered, returned or cancelled.")
    )

    def offer(self) -> "CheckpointForm":
        """Offer the states that people report."""
        told = [state for state in State if state != State.EXPIRED]
        self.state.choices = [SelectChoice(state.value, words.state_words(state)) for state in told]
        return self

    def report(self) -> Report:
        """Return what was entered."""
        place, note, reopening = (str(field.data or "").strip() for field in (self.place, self.note, self.reopening))
        at = _moment(self.day.data, self.hour.data)
        return Report(State(self.state.data), at, zone(), place=place, note=note, reopening=reopening)


class PromiseForm(Form):
    """Another time at which an item is expected, and why."""

    first = DateField(_("Expected on"), [InputRequired()])
    last = DateField(_("Until, if it may be one of several days"), [Optional()])
    at = TimeField(_("Time, if it is promised to the minute"), [Optional()])
    reason = StringField(
        _("Reason"), [DataRequired(), Length(max=300)], description=_("Everybody with the code reads it: “customs”, “storm”.")
    )

    def validate_last(self, field: DateField) -> None:
        """Refuse a range that goes backwards, or one with a time."""
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_("The last day is before the first."))
        if field.data and self.at.data:
            raise ValidationError(_("Either several days or a time, not both."))

    def promise(self) -> Promise:
        """Return what was entered."""
        if self.at.data:
            return Promise(instant=_moment(self.first.data, self.at.data))
        return Promise(first=self.first.data, last=self.last.data or self.first.data)
