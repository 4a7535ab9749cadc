"""What people type to sign in and to keep their account safe."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length, Optional

from portal.accounts.passwords import LONGEST, SHORTEST
from portal.core.forms import LINE, Form

CODE_LENGTH = 40
NAME = [DataRequired(_("Write your e-mail or employee number.")), Length(max=LINE)]
PASSWORD = [DataRequired(_("Write your password.")), Length(max=LONGEST)]
CODE: dict[str, Any] = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}


class SignInForm(Form):
    """E-mail or employee number, and password."""

    name = StringField(_("E-mail or employee number"), NAME, render_kw={"autocomplete": "username"})
    password = PasswordField(_("Password"), PASSWORD, render_kw={"autocomplete": "current-password"})
    own_device = BooleanField(_("This is my own device"), description=_("You stay signed in for up to a week without using it."))
    next = HiddenField()


class CodeForm(Form):
    """A code of the authenticator app, or a recovery code."""

    code = StringField(_("Code"), [DataRequired(_("Write the code.")), Length(max=CODE_LENGTH)], render_kw=CODE)
    next = HiddenField()


class ConfirmationForm(Form):
    """The password again, and a code where the account has a second factor."""

    password = PasswordField(_("Password"), PASSWORD, render_kw={"autocomplete": "current-password"})
    code = StringField(_("Code"), [Optional(), Length(max=CODE_LENGTH)], render_kw=CODE)
    next = HiddenField()


class ForgottenForm(Form):
    """Whose password is to be made new."""

    name = StringField(_("E-mail or employee number"), NAME, render_kw={"autocomplete": "username"})


class NewPasswordForm(Form):
    """A new password; its rules are in `passwords.refusal`."""

    password = PasswordField(
        _("New password"),
        [DataRequired(_("Write a new password.")), Length(min=SHORTEST, max=LONGEST)],
        description=_("At least 12 characters. A few words in a row are easy to remember and hard to guess."),
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    """The password of today and the new one."""

    current = PasswordField(_("Password of today"), PASSWORD, render_kw={"autocomplete": "current-password"})
