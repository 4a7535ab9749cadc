"""The person's own account: password, second factor, sessions (SE-6, SE-7)."""

from typing import Any

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.accounts import actions, devices, factors, passwords, policies, queries, sessions
from portal.accounts.forms import ChangePasswordForm, ConfirmationForm
from portal.accounts.models import Session
from portal.accounts.views.common import bp, own_session, too_many
from portal.core import clock, db
from portal.core.forms import Form
from portal.core.hypermedia import query, redirect_back, redirect_to, render
from portal.core.policy import get_or_404, signed_in

PAGE, CONFIRM = "accounts/account.html", "accounts/confirmation.html"


@bp.get("/account")
@signed_in
def account() -> Response:
    """Show how the account is kept safe and where the person is signed in."""
    return render(PAGE, form=ChangePasswordForm.read(), problem=None, **_state(own_session()))


def _state(session: Session) -> dict[str, Any]:
    now, person = clock.now(), session.person
    return {
        "sessions": [(found, devices.in_words(found.device)) for found in sessions.of_person(person, now)],
        "own": session,
        "has_factor": factors.has_factor(person.id),
        "codes_left": factors.recovery_codes_left(person.id),
        "may_remove": policies.may_remove_factor(person, now),
    }


@bp.post("/account/password")
@signed_in
def change_password() -> Response:
    """Store a new password; other sessions end, this one gets a new id (SE-3)."""
    session, form = own_session(), ChangePasswordForm.read()
    if not _may_be_new(form, session):
        return render(PAGE, form=form, problem=None, status=422, **_state(session))
    person_id, own_device = session.person_id, session.own_device
    stored = queries.password_hash_of(person_id)
    attempt = actions.reserve_confirmation(person_id, clock.now())
    db.keep()
    if attempt.wait:
        return too_many(PAGE, form, attempt.wait, **_state(session))
    if not actions.check_password(stored, form.current.data or ""):
        return _wrong_password(PAGE, form.current, form, **_state(session))
    password_hash = actions.hash_password(form.password.data or "")
    attempt.release()
    secret = actions.change_password(queries.person(person_id), password_hash, own_device, clock.now())
    response = redirect_to("accounts.account", notice=_("Your new password is stored. Other devices have been signed out."))
    sessions.give_cookie(response, secret, own_device)
    return response


def _may_be_new(form: ChangePasswordForm, session: Session) -> bool:
    valid = form.validate()
    sentence = passwords.refusal(form.password.data or "", session.person) if form.password.data else None
    if sentence:
        form.password.errors = [sentence]
    return valid and not sentence


def _wrong_password(template: str, field: object, form: Form, **context: Any) -> Response:
    field.errors = [_("This is not your password.")]  # type: ignore[attr-defined]  # any field has errors
    return render(template, form=form, problem=None, status=422, **context)


# Who are you, again


@bp.get("/account/confirmation")
@signed_in
def confirmation() -> Response:
    """Ask for the password again before something that opens doors (SE-7)."""
    session = own_session()
    return _confirm(ConfirmationForm.read(next=query("next")), session)


def _confirm(form: ConfirmationForm, session: Session, status: int = 200) -> Response:
    return render(CONFIRM, form=form, problem=None, has_factor=factors.has_factor(session.person_id), status=status)


@bp.post("/account/confirmation")
@signed_in
def confirm() -> Response:
    """Check password and factor, give the session a new id, and go on where the person wanted to."""
    session, form = own_session(), ConfirmationForm.read()
    if not form.validate():
        return _confirm(form, session, 422)
    person_id, has_factor = session.person_id, factors.has_factor(session.person_id)
    stored = queries.password_hash_of(person_id)
    attempt = actions.reserve_confirmation(person_id, clock.now())
    db.keep()
    if attempt.wait:
        return too_many(CONFIRM, form, attempt.wait, has_factor=has_factor)
    if not actions.check_password(stored, form.password.data or ""):
        return _wrong_password(CONFIRM, form.password, form, has_factor=has_factor)
    if has_factor and not actions.accept_factor(person_id, form.code.data or "", clock.now()):
        form.code.errors = [_("This code is wrong, was used before or is over. Write the one that the app shows now.")]
        return _confirm(form, session, 422)
    attempt.release()
    response = redirect_back(form.next.data)
    sessions.give_cookie(response, actions.confirm_session(session, clock.now()), session.own_device)
    return response


# Sessions


@bp.post("/account/sessions/<handle>/ending")
@signed_in
def end_session(handle: str) -> Response:
    """End one session of the person; another person's is not there (SE-6)."""
    own = own_session()
    actions.end_session(get_or_404(sessions.visible_to(own.person), Session.public_id == handle))
    return redirect_to("accounts.account", notice=_("That device has been signed out."))


@bp.post("/account/sessions/ending")
@signed_in
def end_all_sessions() -> Response:
    """Sign out everywhere, here too (SE-3)."""
    session = own_session()
    actions.end_sessions(session.person, session.person)
    response = redirect_to("accounts.sign_in", notice=_("You have signed out everywhere."))
    sessions.take_cookie(response)
    return response
