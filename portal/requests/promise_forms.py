"""Forms for what an agent does with a promise: what is typed is wall time of who types it."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import get_timezone
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, RadioField, SelectField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from portal.core.forms import TEXT, Form
from portal.core.text import in_language
from portal.requests.forms import REASON, option, words_required
from portal.requests.models import Request
from portal.requests.priority import IMPACT_WORDS, URGENCY_WORDS
from portal.service_levels.models import PauseReason
from portal.service_levels.queries import PRIORITIES, Assessment, Impact, Urgency, pause_reasons

END_OF_DAY = time(23, 59)


class AssessForm(Form):
    """What the priority follows from, or a priority set directly, and why (service-levels.md 34)."""

    impact = RadioField(_("Who is held up"), [InputRequired()], choices=[option(each, IMPACT_WORDS[each]) for each in Impact])
    external = BooleanField(_("External customers are affected"), description=_("Raises the impact by one step."))
    urgency = RadioField(
        _("How urgent it is"), [InputRequired()], choices=[option(each, URGENCY_WORDS[each]) for each in Urgency]
    )
    direct = SelectField(
        _("Priority"),
        choices=[option("", _("What follows from these")), *(option(each, each) for each in PRIORITIES)],
        default="",
    )
    text = TextAreaField(_("Reason"), [words_required, Length(max=REASON)], description=_("The person who asked reads it."))

    @classmethod
    def of(cls, request: Request) -> "AssessForm":
        """Return the form as posted, else as the request stands."""
        external, direct = request.external_at is not None, request.priority_set or ""
        return cls.read(impact=request.impact, urgency=request.urgency, external=external, direct=direct)

    @property
    def given(self) -> Assessment:
        """Return the inputs."""
        return Assessment(Impact(self.impact.data), Urgency(self.urgency.data), bool(self.external.data))


class MomentForm(Form):
    """A date, and perhaps a time of it."""

    day = DateField(_("Date"), [Optional()])
    hour = TimeField(_("Time"), [Optional()], description=_("Without one, the end of that day."))

    @property
    def moment(self) -> datetime | None:
        """Return what was typed as an instant."""
        if self.day.data is None:
            return None
        return datetime.combine(self.day.data, self.hour.data or END_OF_DAY, ZoneInfo(str(get_timezone())))

    def in_future(self, now: datetime, needed: bool) -> bool:
        """Return whether the date fits; say at the field what is wrong."""
        if (self.moment is None and not needed and not self.day.errors) or (self.moment is not None and self.moment > now):
            return True
        self.day.errors = [*self.day.errors, str(_("Give a date in the future."))]
        return False


class PauseForm(MomentForm):
    """Why it waits, perhaps until when, and what to ask or to note."""

    reason = RadioField(_("Why it waits"), [InputRequired()])
    question = TextAreaField(
        _("What you ask"),
        [Length(max=TEXT)],
        description=_("Only when it waits for an answer. Everybody who sees the request reads it."),
    )
    note = TextAreaField(_("Internal note"), [Length(max=REASON)], description=_("Only the service reads it."))

    @classmethod
    def fill(cls) -> "PauseForm":
        """Return the form with the reasons that are in use."""
        form = cls.read()
        form.reasons = {each.key: each for each in pause_reasons()}
        form.reason.choices = [option(key, _words(each)) for key, each in form.reasons.items()]
        return form

    reasons: dict[str, PauseReason]

    @property
    def chosen(self) -> PauseReason:
        """Return the reason that was chosen."""
        return self.reasons[self.reason.data]

    def fits(self, now: datetime) -> bool:
        """Return whether all that the reason needs is there."""
        if not self.validate():
            return False
        asked = bool((self.question.data or "").strip())
        if self.chosen.ended_by_requester and not asked:
            self.question.errors = [str(_("Write what you ask."))]
            return False
        return self.in_future(now, self.chosen.needs_date)


def _words(reason: PauseReason) -> Any:
    words = in_language(reason.name)
    if reason.needs_date:
        words = str(_("%(reason)s (needs a date)", reason=words))
    return words if reason.stops_fulfilment else str(_("%(reason)s (its clock goes on)", reason=words))


class ExpectForm(MomentForm):
    """A date beside the promise, and why."""

    text = TextAreaField(_("Reason"), [words_required, Length(max=REASON)], description=_("The person who asked reads it."))

    def fits(self, now: datetime) -> bool:
        """Return whether date and reason are there."""
        valid = self.validate()
        return self.in_future(now, needed=True) and valid


class AnnulForm(Form):
    """Why a promise that was not kept does not count."""

    text = TextAreaField(
        _("Reason"), [words_required, Length(max=REASON)], description=_("It is shown beside the promise, which stays broken.")
    )
