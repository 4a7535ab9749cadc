"""Forms of what is kept for the page: components, groups, prepared words."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import Length, NumberRange, ValidationError
from wtforms.widgets import DateInput

from portal.core.forms import Form
from portal.core.outbound import Forbidden
from portal.core.text import in_language
from portal.status.actions import checks
from portal.status.forms import NAME, Named, TextsForm, choices, texts_of
from portal.status.models import ComponentGroup
from portal.status.vocabulary import STATUSES
from portal.status.words import STATUS_WORDS


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


class CheckForm(Form):
    """A check of a component."""

    kind = RadioField(
        _("What is asked"),
        choices=choices(
            [
                ("http", _("A web address")),
                ("tcp", _("A port")),
                ("dns", _("A name")),
                ("heartbeat", _("Nothing: it reports itself")),
            ]
        ),
        default="http",
    )
    target = StringField(
        _("Address"), [Length(max=400)], description=_("https://shop.example.org/health, db.example.org:5432 or example.org")
    )
    interval_seconds = IntegerField(_("Every how many seconds"), [NumberRange(10, 86_400)], default=60)
    failure_threshold = IntegerField(_("Believed after so many failures"), [NumberRange(1, 20)], default=3)
    success_threshold = IntegerField(_("Believed after so many successes"), [NumberRange(1, 20)], default=2)
    failing_status = SelectField(
        _("A failure means"), choices=choices([(each, STATUS_WORDS[each]) for each in STATUSES[:3]]), default=STATUSES[0]
    )

    def content(self) -> checks.Content:
        """Return what was entered."""
        numbers = (self.interval_seconds.data or 0, self.failure_threshold.data or 0, self.success_threshold.data or 0)
        return checks.Content(self.kind.data, (self.target.data or "").strip(), *numbers, self.failing_status.data)

    def validate_target(self, field: Any) -> None:
        """Refuse what may not be asked, without telling what stands there (SE-51, SE-52)."""
        try:
            checks.refuse_bad_target(self.content())
        except Forbidden:
            raise ValidationError(
                gettext("This address cannot be asked. Only public addresses can, and ports 80, 443, 8080 and 8443.")
            ) from None


class GroupForm(Named, Form):
    """A group of components."""


class TemplateForm(Named, TextsForm):
    """Prepared words."""
