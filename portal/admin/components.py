"""The form that shows every kind of field on the page of components."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the published types are older
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.forms import Form


def options(*pairs: tuple[str, Any]) -> list[SelectChoice]:
    """Return choices by value and label."""
    return [SelectChoice(value, label) for value, label in pairs]


class SampleForm(Form):
    """One field of each kind; as it stands the first one is wrong."""

    name = StringField(_("Cost centre"), [DataRequired(_("Write the code of a cost centre, such as AC-03."))])
    place = SelectField(
        _("Place"), [DataRequired()], choices=options(("", _("Choose a place")), ("zaragoza", "Zaragoza"), ("getafe", "Getafe"))
    )
    day = DateField(_("First day of work"), [DataRequired()], description=_("For example, 9 December."))
    text = TextAreaField(
        _("Anything else we should know"),
        [Length(max=600)],
        description=_("At most 600 characters."),
        render_kw={"data-behaviour": "remaining", "data-remaining": "text_remaining"},
    )
    fixed = StringField(_("Read only"), [DataRequired()])
    things = SelectMultipleField(
        _("What is needed?"),
        [DataRequired()],
        choices=options(("laptop", _("Laptop")), ("telephone", _("Telephone")), ("reader", _("Reader for the warehouse"))),
        description=_("Tick everything."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    line = RadioField(
        _("Telephone line"), [DataRequired()], choices=options(("new", _("New line")), ("old", _("Takes over a number")))
    )
    file = FileField(_("Attachment"), description=_("PDF or picture, up to 10 MB."))
    agreed = BooleanField(_("I have read what to prepare"))
    reply = TextAreaField(_("Write to Iker"), [DataRequired()], render_kw={"rows": 3})
    reason = TextAreaField(_("Why?"), [DataRequired()], description=_("The person reads it as it stands."), render_kw={"rows": 3})


def sample() -> SampleForm:
    """Return the form filled in, with one error."""
    values: dict[str, Any] = {"name": "", "place": "zaragoza", "day": date(2026, 12, 9), "fixed": "VEN-482917", "line": "new"}
    form = SampleForm(data={**values, "things": ["laptop", "telephone"], "reply": ".", "reason": "."})
    form.validate()
    form.reply.data = form.reason.data = ""
    return form
