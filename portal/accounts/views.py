"""Signing in and out."""

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.accounts import actions, queries, sessions
from portal.accounts.forms import SignInForm
from portal.core import clock, db
from portal.core.hypermedia import query, redirect_back, redirect_to, render
from portal.core.policy import decided, public, signed_in

bp = Blueprint("accounts", __name__)


@bp.get("/sign-in")
@public
def sign_in() -> Response:
    """Show the sign-in form."""
    return render("accounts/sign_in.html", form=SignInForm.read(next=query("next")))


@bp.post("/sign-in")
@public
def begin() -> Response:
    """Check the password outside any transaction and begin a session."""
    form = SignInForm.read()
    if not form.validate():
        return render("accounts/sign_in.html", form=form, status=422)
    found = queries.credential_of(form.name.data or "")
    person_id, stored = (found[0].id, found[1].password_hash) if found else (None, None)
    db.keep()
    right = actions.check_password(stored, form.password.data or "")
    if not right or person_id is None:
        form.password.errors = [_("This name and password do not match.")]
        return render("accounts/sign_in.html", form=form, status=422)
    return _signed_in(person_id, form)


def _signed_in(person_id: int, form: SignInForm) -> Response:
    person = queries.person(person_id)
    secret = actions.begin_session(person, bool(form.own_device.data), clock.now())
    response = redirect_back(form.next.data)
    sessions.give_cookie(response, secret, bool(form.own_device.data))
    return response


@bp.post("/sign-out")
@signed_in
def sign_out() -> Response:
    """End the session."""
    decided()
    response = redirect_to("accounts.sign_in", notice=_("You have signed out."))
    sessions.end(response)
    return response
