"""What deciders fill in."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the published types are older
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.approvals.actions import MINIMUM_REASON
from portal.approvals.models import Decided
from portal.core.forms import TEXT, Form
from portal.people.models import Person

OUTCOMES = {outcome.value for outcome in Decided}


class DecisionForm(Form):
    """One decision: which seat, on which content, what and why."""

    seat = HiddenField()
    content_hash = HiddenField()
    outcome = HiddenField()
    reason = TextAreaField(_("Comment or reason"), validators=[Length(max=TEXT)])
    fields = SelectMultipleField(_("What should be corrected?"), widget=ListWidget(), option_widget=CheckboxInput())

    def offer(self, answers: list[Any]) -> None:
        """Let the decider mark the subject's questions."""
        self.fields.choices = [SelectChoice(answer.key, answer.label) for answer in answers if answer.key]

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a reason where something is refused, and for marks where something is returned (AP-14, AP-15)."""
        right = super().validate(extra_validators)
        refused = self.outcome.data in (Decided.REJECTED, Decided.RETURNED)
        if self.outcome.data not in OUTCOMES:
            self.form_errors = [gettext("Nothing was decided: choose a button.")]
            return False
        if refused and len((self.reason.data or "").strip()) < MINIMUM_REASON:
            sentence = gettext("Give a reason of at least %(number)s characters.", number=MINIMUM_REASON)
            self.reason.errors = [*self.reason.errors, sentence]
            right = False
        if self.outcome.data == Decided.RETURNED and not self.fields.data:
            self.fields.errors = [*self.fields.errors, gettext("Mark what should be corrected.")]
            right = False
        return right


class ReasonForm(Form):
    """What an administrator does needs a reason."""

    reason = TextAreaField(_("Reason"), validators=[Length(min=MINIMUM_REASON, max=TEXT)])


class ForwardForm(Form):
    """Who decides in one's place, and why."""

    to = SelectField(_("Who decides in your place?"), validators=[InputRequired()])
    reason = TextAreaField(_("Why"), validators=[Length(max=TEXT)])

    def offer(self, heads: list[Person]) -> None:
        """Let the decider choose among these people."""
        self.to.choices = [SelectChoice("", "")] + [SelectChoice(person.public_id, person.name) for person in heads]
