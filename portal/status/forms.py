"""Forms of those who publish: incidents, updates, windows, components."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import Length, ValidationError
from wtforms.widgets import DateTimeLocalInput

from portal.catalogue.formkit.moments import nearest, occurrences
from portal.core.forms import TEXT, Form
from portal.core.text import in_language
from portal.status import queries, words
from portal.status.actions import maintenance
from portal.status.models import Component
from portal.status.vocabulary import INDICATORS, OPERATIONAL, STATUSES

NAME = 160
WALL = "%Y-%m-%dT%H:%M"
IMPACT = "impact_"
NOT_TOUCHED = ""
MARKDOWN = _("Paragraphs, lists, links, **bold**. Everybody outside can read it.")


class WallField(StringField):
    """A wall time of the page's zone; one that does not exist is refused, one that is there twice is asked (C2)."""

    widget = DateTimeLocalInput()

    def __init__(self, *args: Any, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needed = needed

    def pre_validate(self, form: Any) -> None:
        """Check what was typed."""
        self.instant: datetime | None = None
        text = (self.data or "").strip()
        if not text:
            if self.needed:
                raise ValidationError(gettext("When? Write a date and a time."))
            return
        try:
            wall = datetime.strptime(text, WALL)  # noqa: DTZ007 - a wall time; its zone follows
        except ValueError:
            raise ValidationError(gettext("Write a date and a time.")) from None
        self.instant = instant_of(wall, queries.zone(), form.fold.data)


def instant_of(wall: datetime, zone: str, fold: str | None) -> datetime:
    """Return the instant of a wall time, or say what to choose between (C2)."""
    found = occurrences(wall, zone)
    if not found:
        before, after = (each.strftime("%H:%M") for each in nearest(wall, zone))
        raise ValidationError(gettext("This time does not exist: write %(before)s or %(after)s.", before=before, after=after))
    if len(found) > 1 and fold not in ("0", "1"):
        raise ValidationError(
            gettext("This time exists twice: choose the first (summer time) or the second (winter time) below.")
        )
    chosen = int(fold) if len(found) > 1 and fold else found[0]
    return wall.replace(tzinfo=ZoneInfo(zone), fold=chosen).astimezone(UTC)


def wall_text(at: datetime | None) -> str:
    """Return an instant as a field for wall times holds it."""
    return at.astimezone(ZoneInfo(queries.zone())).strftime(WALL) if at else ""


class TextsForm(Form):
    """A text in both languages; one is enough, a translation can follow (SP-38)."""

    body_es = TextAreaField(_("Text in Spanish"), [Length(max=TEXT)], description=MARKDOWN)
    body_en = TextAreaField(_("Text in English"), [Length(max=TEXT)])

    def body(self) -> dict[str, str]:
        """Return the texts there are."""
        return texts_of(self, "body")

    def validate_body_es(self, field: Any) -> None:
        """Ask for one text at least."""
        if not self.body():
            raise ValidationError(gettext("Say it in one language at least."))


def texts_of(form: Any, name: str) -> dict[str, str]:
    """Return what was written under a name, by language."""
    found = {code: (form[f"{name}_{code}"].data or "").strip() for code in ("es", "en")}
    return {code: text for code, text in found.items() if text}


class Named:
    """What has a name in both languages."""

    name_es = StringField(_("Name in Spanish"), [Length(max=NAME)])
    name_en = StringField(_("Name in English"), [Length(max=NAME)])

    def name_texts(self) -> dict[str, str]:
        """Return the names there are."""
        return texts_of(self, "name")

    def validate_name_es(self, field: Any) -> None:
        """Ask for one name at least."""
        if not self.name_texts():
            raise ValidationError(gettext("Give it a name in one language at least."))

    def original(self) -> str:
        """Return the language in which it was written first."""
        return next(iter(self.name_texts()), "es")


FOLD = (("", _("It exists once")), ("0", _("The first, in summer time")), ("1", _("The second, in winter time")))
NEXT: Sequence[tuple[str, Any]] = (
    ("", _("No time promised")),
    ("30", _("In 30 minutes")),
    ("60", _("In an hour")),
    ("120", _("In 2 hours")),
    ("240", _("In 4 hours")),
    ("1440", _("In a day")),
)


def choices(pairs: Sequence[tuple[str, Any]]) -> list[SelectChoice]:
    """Return the choices of a field."""
    return [SelectChoice(value, label) for value, label in pairs]


class FoldForm(Form):
    """A time that exists twice in autumn."""

    fold = SelectField(_("If the hour exists twice"), choices=choices(FOLD), default="")


class UpdateForm(FoldForm, TextsForm):
    """One update of an incident."""

    state = RadioField(_("State"), validate_choice=True)
    next_due = SelectField(_("Next update promised"), choices=choices(NEXT), default="")
    notify = BooleanField(_("Tell subscribers"), default=True)
    publish_wall = WallField(_("Publish at"), description=_("Leave it empty to publish at once."))
    seen = HiddenField()
    components: ClassVar[Sequence[Component]] = ()

    def offer(self, states: Sequence[str], now: datetime) -> "UpdateForm":
        """Offer the states that can be reached."""
        self.now = now
        self.state.choices = choices([(state, words.STATE_WORDS[state]) for state in states])
        if self.state.data not in states and not self.state.raw_data:
            self.state.data = states[0]
        return self

    def impacts(self) -> dict[int, str]:
        """Return what is declared of each component that is touched."""
        found = {one.id: self[f"{IMPACT}{one.public_id}"].data for one in self.components}
        return {id_: status for id_, status in found.items() if status}

    def next_due_at(self) -> datetime | None:
        """Return when more is promised, counted from the publication (SP-13)."""
        published = max(self.publish_wall.instant or self.now, self.now)
        return published + timedelta(minutes=int(self.next_due.data)) if self.next_due.data else None

    def validate_publish_wall(self, field: Any) -> None:
        """Refuse a publication in the past."""
        if field.instant and field.instant < self.now - timedelta(minutes=1):
            raise ValidationError(gettext("This time has passed. Leave it empty to publish at once."))


class IncidentForm(Named, UpdateForm):
    """A new incident with its first update."""

    started_wall = WallField(_("Since when"), description=_("It may lie in the past. Leave it empty for now."))
    declared_impact = SelectField(_("Impact on the whole page"), default="")
    internal = BooleanField(_("Only for employees: nobody outside sees it"))
    for_the_record = BooleanField(_("For the record: it is over, nobody is told"))
    requests = StringField(
        _("Requests that told of it"), [Length(max=400)], description=_("References with commas; only people inside see them.")
    )

    def offer(self, states: Sequence[str], now: datetime) -> "IncidentForm":
        """Offer states and impacts."""
        super().offer(states, now)
        self.declared_impact.choices = impact_choices()
        return self

    def validate_started_wall(self, field: Any) -> None:
        """Refuse a start in the future (SP-9)."""
        if field.instant and field.instant > self.now:
            raise ValidationError(gettext("An incident cannot begin in the future."))


def impact_choices() -> list[SelectChoice]:
    """Return the impacts that can be declared over the computed one."""
    names = {
        "none": _("None"),
        "maintenance": _("Maintenance"),
        "minor": _("Minor"),
        "major": _("Major"),
        "critical": _("Critical"),
    }
    return choices([("", _("As its components say")), *((each, names[each]) for each in INDICATORS)])


class NameForm(Named, Form):
    """The name of an incident, and its declared impact."""

    declared_impact = SelectField(_("Impact on the whole page"), default="")
    seen = HiddenField()

    def offer(self) -> "NameForm":
        """Offer the impacts."""
        self.declared_impact.choices = impact_choices()
        return self


class WindowForm(FoldForm, Named, TextsForm):
    """A planned window."""

    start_wall = WallField(_("From"), needed=True)
    end_wall = WallField(_("Until"), needed=True)
    auto_complete = BooleanField(_("It ends by itself at this time"), default=True)
    notify = BooleanField(_("Tell subscribers"), default=True)
    publish_wall = WallField(_("Publish at"), description=_("Leave it empty to publish at once."))
    components: ClassVar[Sequence[Component]] = ()
    impacts = UpdateForm.impacts

    def validate_end_wall(self, field: Any) -> None:
        """Refuse an end before the start (SP-17)."""
        check_order(self)


def check_order(form: Any) -> None:
    """Refuse a window that ends before it begins, or lasts more than 14 days (SP-17)."""
    start, end = getattr(form.start_wall, "instant", None), getattr(form.end_wall, "instant", None)
    if start and end and not timedelta() < end - start <= timedelta(days=14):
        raise ValidationError(gettext("A window ends after it begins, and lasts 14 days at most."))


def times_of(form: Any) -> maintenance.When:
    """Return the times that were entered."""
    return maintenance.When(form.start_wall.instant, form.end_wall.instant, queries.zone())


class MoveForm(FoldForm, TextsForm):
    """Other times for a window."""

    start_wall = WallField(_("From"), needed=True)
    end_wall = WallField(_("Until"), needed=True)
    seen = HiddenField()

    def validate_end_wall(self, field: Any) -> None:
        """Refuse an end before the start (SP-17)."""
        check_order(self)


class NoteForm(Form):
    """A note among colleagues."""

    note = TextAreaField(_("Note for colleagues"), [Length(min=1, max=TEXT)], description=_("Nobody outside sees it."))

    def text(self) -> str:
        """Return what was written."""
        return str(self.note.data or "").strip()


def with_components(form: type[Form], components: Sequence[Component], present: Mapping[int, str] | None = None) -> type[Any]:
    """Return the form with one question for each component: what it does to it; one answer each, so never two (chapter 4)."""
    there = present or {}
    offered = [(status, words.STATUS_WORDS[status]) for status in STATUSES if status != OPERATIONAL]
    offered = [(NOT_TOUCHED, _("Not touched")), (OPERATIONAL, words.STATUS_WORDS[OPERATIONAL]), *offered]
    fields = {
        f"{IMPACT}{one.public_id}": SelectField(in_language(one.name), choices=choices(offered), default=there.get(one.id, ""))
        for one in components
    }
    return type(form.__name__, (form,), {**fields, "components": components})
