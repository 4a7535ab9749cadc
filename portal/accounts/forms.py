"""What people type to sign in."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from portal.core.forms import LINE, Form

LONGEST_PASSWORD = 128


class SignInForm(Form):
    """E-mail or employee number, and password."""

    name = StringField(
        _("E-mail or employee number"),
        [DataRequired(_("Write your e-mail or employee number.")), Length(max=LINE)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _("Password"),
        [DataRequired(_("Write your password.")), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )
    own_device = BooleanField(_("This is my own device"))
    next = HiddenField()
