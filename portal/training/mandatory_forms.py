"""Forms of what is mandatory: for whom, who is exempt, what was completed elsewhere."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from portal.core.forms import Form
from portal.core.text import in_language
from portal.people.models import Department, Role
from portal.people.queries import ROLE_NAMES
from portal.training.actions.requiring import Terms

ROLES = {
    Role.EMPLOYEE: lazy_gettext("Employees with the role"),
    **{role: ROLE_NAMES[role] for role in (Role.AGENT, Role.HEAD, Role.TRAINER, Role.ADMINISTRATOR)},
}


class RequirementForm(Form):
    """For whom a topic is mandatory, and on which terms."""

    group = SelectField(lazy_gettext("For whom"))
    validity_months = IntegerField(
        lazy_gettext("Valid for how many months"),
        [Optional(), NumberRange(1, 600)],
        description=lazy_gettext("Empty: as the topic says."),
    )
    window_days = IntegerField(
        lazy_gettext("Days before the end in which one renews"), [InputRequired(), NumberRange(0, 730)], default=60
    )
    grace_days = IntegerField(lazy_gettext("Days of grace for who is new"), [InputRequired(), NumberRange(0, 730)], default=30)

    def offer(self, departments: Sequence[Department], sites: Sequence[str]) -> "RequirementForm":
        """Offer departments, sites and roles."""
        self.departments = {each.slug: each for each in departments}
        choices = [SelectChoice(f"department:{each.slug}", in_language(each.name)) for each in departments]
        choices += [SelectChoice(f"site:{site}", site) for site in sites]
        choices += [SelectChoice(f"role:{role}", str(words)) for role, words in ROLES.items()]
        self.group.choices = choices
        return self

    @staticmethod
    def role_words(role: str | None) -> Any:
        """Return what a role is called."""
        return ROLES.get(Role(role), role) if role else ""

    def terms(self) -> Terms:
        """Return what was chosen."""
        kind, _colon, name = self.group.data.partition(":")
        return Terms(
            role=name if kind == "role" else None,
            department=self.departments.get(name) if kind == "department" else None,
            site=name if kind == "site" else None,
            validity_months=self.validity_months.data,
            window_days=self.window_days.data or 0,
            grace_days=self.grace_days.data or 0,
        )


class ExemptionForm(Form):
    """Who is let off, from when to when, and why."""

    person = StringField(lazy_gettext("Name, mail or employee number"), [DataRequired(), Length(max=200)])
    from_on = DateField(lazy_gettext("From"), [InputRequired()])
    until_on = DateField(lazy_gettext("Last day"), [InputRequired()])
    reason = StringField(lazy_gettext("Why"), [DataRequired(), Length(max=300)])

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **(kwargs | {"prefix": "exempt-"}))

    @property
    def span(self) -> tuple[date, date]:
        """Return the days that were entered."""
        return self.from_on.data or date.max, self.until_on.data or date.min

    def validate_until_on(self, field: DateField) -> None:
        """The last day is not before the first."""
        if field.data and self.from_on.data and field.data < self.from_on.data:
            raise ValidationError(_("It ends before it begins."))


class RecordForm(Form):
    """What somebody completed elsewhere, and how that is known."""

    person = StringField(lazy_gettext("Name, mail or employee number"), [DataRequired(), Length(max=200)])
    completed_on = DateField(lazy_gettext("Completed on"), [InputRequired()])
    evidence = StringField(lazy_gettext("Evidence"), [DataRequired(), Length(max=300)])

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **(kwargs | {"prefix": "record-"}))
