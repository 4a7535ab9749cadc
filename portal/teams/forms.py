"""The form of a team: its name, its people, and who of them leads."""

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.forms import Form
from portal.people.models import Person
from portal.teams.actions import Content

NAME = 80


class TeamForm(Form):
    """What the head of a department says of a team."""

    name_es = StringField(_("Name in Spanish"), [DataRequired(_("Write the name.")), Length(max=NAME)])
    name_en = StringField(_("Name in English"), [Length(max=NAME)])
    members = SelectMultipleField(
        _("Who belongs to it"), [DataRequired(_("Choose somebody."))], widget=ListWidget(), option_widget=CheckboxInput()
    )
    leads = SelectMultipleField(
        _("Who leads it"),
        widget=ListWidget(),
        option_widget=CheckboxInput(),
        description=_("They are told when a request is handed to the team, and before a promise is late."),
    )
    revision = HiddenField()

    def offer(self, agents: Sequence[Person]) -> "TeamForm":
        """Offer the agents of the department."""
        self.agents = agents
        self.members.choices = [SelectChoice(each.public_id, each.name) for each in agents]
        self.leads.choices = list(self.members.choices)
        return self

    def complete(self) -> bool:
        """Say whether everything is right, and whether who leads belongs to the team."""
        if self.validate() and set(self.leads.data or ()) - set(self.members.data or ()):
            self.leads.errors = [gettext("Who leads a team belongs to it.")]
        return not self.errors

    def content(self) -> Content:
        """Return what was entered."""
        name = {"es": (self.name_es.data or "").strip(), "en": (self.name_en.data or "").strip()}
        return Content(
            {language: text for language, text in name.items() if text},
            [each for each in self.agents if each.public_id in (self.members.data or ())],
            [each for each in self.agents if each.public_id in (self.leads.data or ())],
        )
