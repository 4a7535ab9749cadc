"""The forms of what administrators set beside levels: reasons for waiting, and steps of warning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, IntegerField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import DataRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core import security
from portal.core.forms import Form, posted, posted_value
from portal.service_levels.entering import read_target, target_text
from portal.service_levels.models import EscalationStep, PauseReason
from portal.service_levels.timing import Target

MOST_STEPS, SPARE = 20, 2
MOST_PERCENT = 1_000
RECIPIENT_WORDS = {
    "assigned": _("The person who has it"),
    "team_lead": _("Who leads the team"),
    "department_head": _("Who heads the department"),
}


class ReasonForm(Form):
    """A reason for which clocks wait."""

    name_es = StringField(_("Name in Spanish"), [DataRequired(), Length(max=80)])
    name_en = StringField(_("Name in English"), [DataRequired(), Length(max=80)])
    needs_date = BooleanField(_("It needs a date on which it ends"))
    stops_fulfilment = BooleanField(_("The time of the work is not counted meanwhile"), default=True)
    active = BooleanField(_("It may be chosen"), default=True)

    @classmethod
    def of(cls, reason: PauseReason | None) -> ReasonForm:
        """Return the form as posted, else as stored."""
        if reason is None:
            return cls.read()
        names = {f"name_{code}": reason.name.get(code, "") for code in ("es", "en")}
        flags = {name: getattr(reason, name) for name in ("needs_date", "stops_fulfilment", "active")}
        return cls.read(**names, **flags)

    def content(self) -> dict[str, Any]:
        """Return what is stored."""
        name = {"es": str(self.name_es.data).strip(), "en": str(self.name_en.data).strip()}
        flags = {flag: bool(self[flag].data) for flag in ("needs_date", "stops_fulfilment", "active")}
        return {"name": name, **flags}


class StepForm(Form):
    """One step of warning: a share of the target, or working time after the due; whom to tell, and what."""

    step = HiddenField()
    percent = IntegerField(_("Per cent of the time"), [Optional(), NumberRange(1, MOST_PERCENT)])
    after = StringField(_("Or after the due"), [Length(max=20)], description=_("Working time, such as 2 h or 30 min"))
    recipients = SelectMultipleField(
        _("Who is told"),
        choices=[SelectChoice(key, words) for key, words in RECIPIENT_WORDS.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    text_es = StringField(_("What it says in Spanish"), [Length(max=300)])
    text_en = StringField(_("What it says in English"), [Length(max=300)])

    @property
    def empty(self) -> bool:
        """Return whether no measure was typed: the row is taken away."""
        return not any(str(text).strip() for text in (*(self.percent.raw_data or ()), self.after.data or ""))

    @property
    def number(self) -> int | None:
        """Return the id of the step that the row edits."""
        typed = str(self.step.data or "")
        return int(typed) if typed.isdigit() else None

    def read_row(self) -> dict[str, Any] | None:
        """Return what is stored, or None with what is wrong at its field."""
        valid, typed = self.validate(), str(self.after.data or "").strip()
        length = read_target(typed)
        if typed and (length is None or length.unit != "seconds"):
            self.after.errors = [gettext("“%(text)s” is no length: write it like 2 h or 30 min.", text=typed)]
        elif typed and self.percent.data is not None:
            self.after.errors = [gettext("Give one of the two: a share of the time, or a time after the due.")]
        if not self.recipients.data:
            self.recipients.errors = [gettext("Choose who is told.")]
        if not valid or self.after.errors or self.recipients.errors:
            return None
        text = {code: str(self[f"text_{code}"].data or "").strip() for code in ("es", "en")}
        return {
            "percent": self.percent.data,
            "seconds_after": length.amount if length else None,
            "recipients": list(self.recipients.data or ()),
            "text": text if any(text.values()) else None,
        }


def stored_rows(steps: Sequence[EscalationStep]) -> list[StepForm]:
    """Return a row for each step, and two empty ones for more."""
    stored = [
        {
            "step": str(step.id),
            "percent": step.percent,
            "after": target_text(Target(step.seconds_after)) if step.seconds_after else "",
            "recipients": list(step.recipients),
            "text_es": (step.text or {}).get("es", ""),
            "text_en": (step.text or {}).get("en", ""),
        }
        for step in steps
    ]
    return [StepForm(None, prefix=f"row{n}-", data=row) for n, row in enumerate([*stored, *[{}] * SPARE])]


def posted_rows() -> list[StepForm]:
    """Return the rows that were posted."""
    text = posted_value("rows")
    count = min(int(text), MOST_STEPS) if text.isdigit() else 0
    return [StepForm(posted(), prefix=f"row{n}-") for n in range(count)] if security.is_write() else []
