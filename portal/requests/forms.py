"""Forms of requests."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FileField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the published types are older
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core import forms
from portal.core.forms import Form
from portal.requests.linking import KINDS, OFFERED

TO_ALL, TO_SERVICE = "public", "internal"
REASON = 2_000


def option(value: str, label: object) -> SelectChoice:
    """Return one entry of a list to choose from."""
    return SelectChoice(value, label)


def words_required(form: Form, field: TextAreaField) -> None:
    """Ask for a sentence: blanks are none."""
    if not (field.data or "").strip():
        raise ValidationError(str(_("Write a sentence.")))


class TextForm(Form):
    """A sentence, and the key that lets it be sent only once (RE-9)."""

    text = TextAreaField(_("Your message"), [words_required, Length(max=forms.TEXT)])
    send_key = HiddenField()


class CommentForm(Form):
    """What is written under the conversation; a file alone is enough (CM rule 8)."""

    text = TextAreaField(_("Your message"), [Length(max=forms.TEXT)])
    audience = RadioField(
        _("Who reads it"),
        choices=[
            option(TO_ALL, _("Everybody who sees this request")),
            option(TO_SERVICE, _("Only the service: an internal note")),
        ],
        default=TO_ALL,
        validate_choice=True,
    )
    file = FileField(_("Attach a file"))
    # Files that were stored when something else was refused: signed for the next try, and as (id, name, size) to show.
    kept = HiddenField()
    held: Sequence[tuple[str, str, int]] = ()
    refused_file = ""
    send_key = HiddenField()
    # The last entry that the page showed, and whether its author has seen what came since (CM rule 7).
    last = HiddenField()
    seen_new = HiddenField()


class ReasonForm(Form):
    """A reason that may be left out."""

    text = TextAreaField(_("Reason"), [Length(max=REASON)], description=_("The department reads it."))


class AssignForm(Form):
    """Which agent."""

    person = SelectField(_("Who takes it over"), choices=[], validators=[InputRequired()])


class TeamForm(Form):
    """Which team of the department, and a note that only the service reads."""

    team = SelectField(_("Team"), choices=[])
    text = TextAreaField(_("Note"), [words_required, Length(max=forms.TEXT)])


class MoveForm(TextForm):
    """Where to, and what the requester is told."""

    department = SelectField(_("Department"), choices=[], validators=[InputRequired()])
    share_notes = SelectField(
        _("Internal notes"),
        choices=[
            option("", _("Stay with us: the new department does not see them")),
            option("yes", _("Go along: the new department reads them")),
        ],
        default="",
    )


class LinkForm(Form):
    """Which other request, and how the two belong together."""

    reference = StringField(_("Reference of the other request"), [InputRequired(), Length(max=40)])
    kind = SelectField(
        _("The other request"),
        choices=[option(kind, KINDS[kind][0]) for kind in OFFERED],
        default="related",
    )


class MergeForm(Form):
    """Which other request, and who sees the one that goes on from now on."""

    reference = StringField(_("Reference of the other request"), [InputRequired(), Length(max=40)])
    admitted = SelectMultipleField(
        _("Who sees it from now on"),
        choices=[],
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )


class SplitForm(Form):
    """What stays in the request, and its parts; the key lets it be sent only once (RE-9)."""

    title = StringField(_("Title of what stays"), [DataRequired(), Length(max=forms.LINE)])
    title_1 = StringField(_("Title"), [DataRequired(), Length(max=forms.LINE)])
    service_1 = SelectField(_("Service"), choices=[])
    title_2 = StringField(_("Title"), [Length(max=forms.LINE)])
    service_2 = SelectField(_("Service"), choices=[])
    title_3 = StringField(_("Title"), [Length(max=forms.LINE)])
    service_3 = SelectField(_("Service"), choices=[])
    send_key = HiddenField()

    def offer(self, services: Sequence[tuple[str, str]]) -> "SplitForm":
        """Offer the services of the department for each part."""
        for _title, service in self.parts:
            service.choices = [option(value, label) for value, label in services]
        return self

    @property
    def parts(self) -> Sequence[tuple[StringField, SelectField]]:
        """Return the fields of each part."""
        return [(self.title_1, self.service_1), (self.title_2, self.service_2), (self.title_3, self.service_3)]

    @property
    def filled(self) -> Sequence[tuple[str, str]]:
        """Return (title, service) of the parts that have a title."""
        named = (((title.data or "").strip(), str(service.data)) for title, service in self.parts)
        return [(title, service) for title, service in named if title]


class WatcherForm(Form):
    """Who shall follow: by name or address."""

    person = StringField(_("Name or address"), [InputRequired(), Length(max=forms.LINE)])


class ViewForm(Form):
    """The name of a saved view, and who has it."""

    name = StringField(_("Name of the view"), [InputRequired(), Length(max=60)])
    shared = BooleanField(_("Share it with all agents of the department"))
