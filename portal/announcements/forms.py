"""The composer: what is typed is kept as typed, and judged when it is to be published."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, DateInput, DateTimeLocalInput, ListWidget

from portal.announcements.audiences import Group
from portal.announcements.models import Access, Kind, Level
from portal.core.forms import TEXT, Form
from portal.core.text import in_language
from portal.people.models import Department

TITLE, NOTE = 160, 300
KINDS = {Kind.NEWS: _("News"), Kind.STORY: _("Customer story"), Kind.VACANCY: _("Internal vacancy")}
LEVELS = {
    Level.INFO: _("For information"),
    Level.IMPORTANT: _("Important: stays on the first page until it is read"),
    Level.TO_CONFIRM: _("To confirm: stays on the first page until it is confirmed"),
}
ACCESS = {
    Access.OPEN: _("Everybody who signs in may read it"),
    Access.CONFIDENTIAL: _("Confidential: only those to whom it is addressed may read it"),
}
MANY = ("audience",)


def choices(words: Mapping[Any, Any]) -> list[SelectChoice]:
    """Return the choices of a field."""
    return [SelectChoice(str(value), label) for value, label in words.items()]


class ComposerForm(Form):
    """An announcement as its author writes it."""

    title_es = StringField(_("Title in Spanish"), [Length(max=TITLE)])
    body_es = TextAreaField(
        _("Text in Spanish"), [Length(max=TEXT)], description=_("Markdown: ## heading, **bold**, - list, [link](https://…)")
    )
    title_en = StringField(_("Title in English"), [Length(max=TITLE)])
    body_en = TextAreaField(_("Text in English"), [Length(max=TEXT)])
    kind = RadioField(_("What it is"), choices=choices(KINDS), default=Kind.NEWS.value)
    department = SelectField(_("From"))
    audience = SelectMultipleField(
        _("Addressed to"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=False
    )
    people = TextAreaField(_("And these people"), [Length(max=2000)], description=_("One name or mail address per line."))
    access = RadioField(_("Who can read it"), choices=choices(ACCESS), default=Access.OPEN.value)
    level = RadioField(_("How much attention it asks for"), choices=choices(LEVELS), default=Level.INFO.value)
    publish_wall = StringField(_("Publish at"), widget=DateTimeLocalInput(), description=_("Leave it empty to publish at once."))
    fold = HiddenField()
    due_on = StringField(_("To be confirmed by"), widget=DateInput(), description=_("The day counts in full."))
    expire_on = StringField(_("Last day"), widget=DateInput(), description=_("After it, the announcement goes to the archive."))
    over_budget_reason = StringField(_("Why it must be confirmed all the same"), [Length(max=NOTE)])
    # of a correction
    change = RadioField(
        _("What you changed"),
        choices=[
            SelectChoice("minor", _("The wording: what was confirmed stays confirmed")),
            SelectChoice("substantial", _("The meaning: people are asked to confirm again")),
        ],
        default="minor",
    )
    note_es = StringField(_("What was corrected, in Spanish"), [Length(max=NOTE)])
    note_en = StringField(_("What was corrected, in English"), [Length(max=NOTE)])
    # the version that is corrected: a change made meanwhile by somebody else is not lost
    seen = HiddenField()
    revision = HiddenField()

    def offer(self, departments: Sequence[Department], groups: Sequence[Group]) -> "ComposerForm":
        """Offer the departments from which it may come, and the groups to which it may go."""
        self.department.choices = [SelectChoice(each.slug, in_language(each.name)) for each in departments]
        self.audience.choices = [SelectChoice(group.key, group.words) for group in groups]
        return self

    @property
    def content(self) -> dict[str, Any]:
        """Return what was typed, as it is kept."""
        names = (name for name in self.data if name not in ("revision", "fold"))
        return {name: list(self[name].data or []) if name in MANY else (self[name].data or "") for name in names}


def kept(content: Mapping[str, Any]) -> MultiDict[str, Any]:
    """Return a draft as if it were posted."""
    pairs = [(name, each) for name, value in content.items() for each in (value if isinstance(value, list) else [value])]
    return MultiDict(pairs)


class PaperForm(Form):
    """A confirmation that somebody signed on paper (AN13)."""

    person = StringField(_("Who signed"), [Length(max=TITLE)])
    witness = StringField(_("Witness"), [Length(max=120)], description=_("Who saw it: name and post."))


class PinForm(Form):
    """Until when it stands above the others (rule 13)."""

    scope = RadioField(
        _("Where"),
        choices=[
            SelectChoice("company", _("On the list of everybody")),
            SelectChoice("department", _("On the page of the department")),
        ],
        default="company",
    )
    until_on = StringField(_("Until"), widget=DateInput(), description=_("At most 30 days; the day counts in full."))


def day(text: str | None) -> datetime | None:
    """Return the day that a date field holds, None when it holds none."""
    try:
        return datetime.strptime((text or "").strip(), "%Y-%m-%d")  # noqa: DTZ007 - a day of the company zone
    except ValueError:
        return None


def required(*fields: Any) -> bool:
    """Put an error on each empty field and return whether there is none."""
    empty = [field for field in fields if not (field.data or "").strip()]
    for field in empty:
        field.errors = [*field.errors, gettext("Fill this in.")]
    return not empty


class PreferenceForm(Form):
    """How somebody wants to hear of announcements (rule 15)."""

    digest = RadioField(
        _("A mail with what is new for you"),
        choices=[
            SelectChoice("daily", _("Every day on which there is something")),
            SelectChoice("weekly", _("Once a week, if there is something")),
            SelectChoice("none", _("None")),
        ],
    )
    mail = BooleanField(_("Send me by mail what is marked as important"))
