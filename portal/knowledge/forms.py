"""The form of a standard: its sentence in both languages, and on what it rests."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import DataRequired, Length

from portal.catalogue.models import Service
from portal.core.forms import Form
from portal.core.text import in_language
from portal.knowledge.actions import Content
from portal.service_levels.models import ServiceLevel

LONGEST, LONGEST_REMARK = 300, 1_000


class StandardForm(Form):
    """What a department promises to everybody."""

    sentence_es = TextAreaField(
        _("The sentence in Spanish"),
        [DataRequired(), Length(max=LONGEST)],
        description=_("A sentence to your customer: “Access cards within 2 working days”."),
    )
    sentence_en = TextAreaField(_("The sentence in English"), [DataRequired(), Length(max=LONGEST)])
    service = SelectField(_("Service"))
    clock = RadioField(
        _("What is measured"),
        choices=[
            SelectChoice("fulfilment", _("Ready by the promised date")),
            SelectChoice("first_response", _("First answer in time")),
        ],
    )
    level = SelectField(
        _("Service level"), description=_("Only requests under this level are counted; its target stands below the sentence.")
    )
    seen = HiddenField()

    def offer(self, services: Sequence[Service], levels: Sequence[ServiceLevel]) -> "StandardForm":
        """Offer the services of the department and the levels; the first choice is any."""
        self.services, self.levels = services, levels
        self.service.choices = _any_or(str(_("All services")), services)
        self.level.choices = _any_or(str(_("Whatever level fits")), levels)
        return self

    def content(self) -> Content:
        """Return what was entered."""
        return Content(
            sentence={"es": (self.sentence_es.data or "").strip(), "en": (self.sentence_en.data or "").strip()},
            service=next((each for each in self.services if each.public_id == self.service.data), None),
            clock=self.clock.data,
            level=next((each for each in self.levels if each.public_id == self.level.data), None),
        )


class RemarkForm(Form):
    """What the owner says to the result of a month."""

    text_es = TextAreaField(_("The remark in Spanish"), [Length(max=LONGEST_REMARK)])
    text_en = TextAreaField(
        _("The remark in English"), [Length(max=LONGEST_REMARK)], description=_("Where one is missing, the other is shown.")
    )
    seen = HiddenField()

    def text(self) -> dict[str, str]:
        """Return what was written."""
        return {"es": (self.text_es.data or "").strip(), "en": (self.text_en.data or "").strip()}


def _any_or(any_: str, offered: Sequence[Service] | Sequence[ServiceLevel]) -> list[SelectChoice]:
    return [SelectChoice("", any_), *(SelectChoice(each.public_id, in_language(each.name)) for each in offered)]
