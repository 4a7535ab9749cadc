"""Forms of what is kept for the page: components, groups, prepared words."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import Length, ValidationError
from wtforms.widgets import DateInput

from portal.core.forms import Form
from portal.core.text import in_language
from portal.status.forms import NAME, Named, TextsForm, choices, texts_of
from portal.status.models import ComponentGroup


class ComponentForm(Named, Form):
    """A component of the page."""

    description_es = StringField(_("Description in Spanish"), [Length(max=NAME)])
    description_en = StringField(_("Description in English"), [Length(max=NAME)])
    group = SelectField(_("Group"), default="")
    visibility = RadioField(
        _("Who sees it"), choices=choices([("public", _("Everybody")), ("internal", _("Employees only"))]), default="public"
    )
    observation = RadioField(
        _("Who says how it does"),
        choices=choices([("manual", _("People")), ("monitored", _("Checks"))]),
        default="manual",
    )
    start_on = StringField(_("Measured since"), widget=DateInput())
    showcase = BooleanField(_("Show its 90 days"), default=True)
    only_show_if_degraded = BooleanField(_("Show it only when it does not work"))
    seen = HiddenField()

    def offer(self, groups: Sequence[ComponentGroup]) -> "ComponentForm":
        """Offer the groups."""
        self.group.choices = choices([("", _("No group")), *((each.public_id, in_language(each.name)) for each in groups)])
        return self

    def validate_start_on(self, field: Any) -> None:
        """Read the day."""
        try:
            self.start_date = date.fromisoformat((field.data or "").strip())
        except ValueError:
            raise ValidationError(gettext("Write a date.")) from None

    def description_texts(self) -> dict[str, str]:
        """Return the descriptions there are."""
        return texts_of(self, "description")


class GroupForm(Named, Form):
    """A group of components."""


class TemplateForm(Named, TextsForm):
    """Prepared words."""
