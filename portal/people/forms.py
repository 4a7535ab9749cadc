"""What people type about themselves, and administrators about people and departments."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core import names
from portal.core.forms import LINE, Form

NAME_LENGTH = 120
VISIBLE = {"site": _("Site"), "phone": _("Phone"), "languages": _("Languages"), "working_hours": _("Working hours")}
THEMES = {"": _("As the device"), "light": _("Light"), "dark": _("Dark")}
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
FIRST_YEAR, LAST_YEAR = 1900, 2200


def choices(labels: Mapping[str, Any]) -> list[SelectChoice]:
    """Return the choices of a select: {value: label}, in their order."""
    return [SelectChoice(value, label) for value, label in labels.items()]


def zones() -> dict[str, str]:
    """Return the time zones of the world by name."""
    return {zone: zone.replace("_", " ") for zone in sorted(available_timezones()) if "/" in zone and not zone.startswith("Etc/")}


class ProfileForm(Form):
    """What a person changes of their own entry; other fields are nobody's to send (permissions.md 6)."""

    site = StringField(_("Site"), [Length(max=80)])
    phone = StringField(_("Phone"), [Length(max=40)], render_kw={"autocomplete": "tel"})
    languages = StringField(_("Languages"), [Length(max=120)], description=_("Those in which colleagues can talk to you."))
    working_hours = StringField(_("Working hours"), [Length(max=120)])
    public_fields = SelectMultipleField(
        _("What colleagues see on your page"),
        choices=choices(VISIBLE),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_("Your name, department, job title and until when you are away are always shown."),
    )
    language = SelectField(_("Language"), [Optional()])
    time_zone = SelectField(_("Time zone"), [Optional()])
    theme = SelectField(_("Appearance"), [Optional()], choices=choices(THEMES))
    mail_of_progress = BooleanField(
        _("Mail me when something moves"), description=_("The bell tells you anyway; what waits for you is always mailed.")
    )
    revision = HiddenField()


class AbsenceForm(Form):
    """Days away, and who stands in."""

    first = DateField(_("First day away"), [DataRequired(_("Choose the first day."))])
    last = DateField(_("Last day away"), [DataRequired(_("Choose the last day; it may be the same."))])
    delegate = StringField(
        _("Who stands in for you"),
        [Length(max=LINE)],
        description=_("Type part of the name. This person can decide what is asked of you on those days."),
        render_kw={"autocomplete": "off"},
    )

    def validate_last(self, field: DateField) -> None:
        """Refuse days out of any calendar, and an end before the start (AP-19)."""
        for day in (self.first.data, field.data):
            if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
                raise ValidationError(_("Choose a year between 1900 and 2200."))
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError(_("The last day is before the first."))


def known_name(form: Form, field: StringField) -> None:
    """Refuse a sign-in name in which letters are hidden or mixed (SE-14)."""
    if field.data and names.normal(field.data) is None:
        raise ValidationError(_("This has hidden characters, or letters of several alphabets."))


MAIL = Regexp(r"^\s*[^@\s]+@[^@\s.]+(\.[^@\s.]+)+\s*$", message=_("This is not a mail address."))


class PersonForm(Form):
    """What administrators keep of a person."""

    name = StringField(_("Name"), [DataRequired(_("Write the name.")), Length(max=NAME_LENGTH)])
    email = StringField(_("E-mail"), [DataRequired(_("Write the mail address.")), Length(max=LINE), MAIL, known_name])
    employee_number = StringField(_("Employee number"), [Length(max=30), known_name])
    department = SelectField(_("Department"), [DataRequired(_("Choose the department."))])
    manager = StringField(
        _("Manager"), [Length(max=LINE)], description=_("Type part of the name."), render_kw={"autocomplete": "off"}
    )
    job_title_es = StringField(_("Job title in Spanish"), [Length(max=NAME_LENGTH)])
    job_title_en = StringField(_("Job title in English"), [Length(max=NAME_LENGTH)])
    revision = HiddenField()


class RoleForm(Form):
    """A role to be given, until a day or for good."""

    role = SelectField(_("Role"), [DataRequired(_("Choose the role."))])
    scope = SelectField(_("In which department"), [Optional()], description=_("For heads, agents and catalogue editors."))
    until = DateField(_("Last day"), [Optional()], description=_("Empty: until somebody ends it."))


class DepartmentForm(Form):
    """A department of the tree; with a number it is a window."""

    name_es = StringField(_("Name in Spanish"), [DataRequired(_("Write the name.")), Length(max=NAME_LENGTH)])
    name_en = StringField(_("Name in English"), [Length(max=NAME_LENGTH)])
    slug = StringField(
        _("Short name in addresses"),
        [
            DataRequired(_("Write the short name.")),
            Length(max=60),
            Regexp(SLUG, message=_("Use small letters, digits and hyphens.")),
        ],
    )
    number = IntegerField(
        _("Number of the window"),
        [Optional(), NumberRange(1, 999)],
        description=_("Departments without a number cannot be asked for anything."),
    )
    parent = SelectField(_("Belongs to"), [Optional()])
    welcome_es = TextAreaField(_("Welcome in Spanish"), [Length(max=2000)])
    welcome_en = TextAreaField(_("Welcome in English"), [Length(max=2000)])
    closed = BooleanField(
        _("Closed to heads above"),
        description=_("Heads above do not see what is asked here: works council, occupational health."),
    )
    hours_public = BooleanField(_("Hours are public"), description=_("Shown on the board of the sign-in page."))
    revision = HiddenField()


class ImportForm(Form):
    """A CSV file of people."""

    file = FileField(_("CSV file"), [DataRequired(_("Choose a file."))])
