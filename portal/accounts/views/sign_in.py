"""Signing in and out."""

from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts import actions, passwords, queries, sessions
from portal.accounts.forms import SignInForm
from portal.accounts.queries import Login
from portal.accounts.views.common import bp, own_session, too_many
from portal.core import clock, db, names, security
from portal.core.hypermedia import query, redirect_back, redirect_to, render
from portal.core.policy import public, signed_in
from portal.people.queries import board

PAGE = "accounts/sign_in.html"


@bp.get("/sign-in")
@public
def sign_in() -> Response:
    """Show the sign-in form, beside it which windows are open (knowledge-and-home.md 12)."""
    if current_user.is_authenticated:
        return redirect_back(query("next"))
    return _page(SignInForm.read(next=query("next")))


def _page(form: SignInForm, status: int = 200) -> Response:
    return render(PAGE, form=form, problem=None, board=board(clock.now()), status=status)


@bp.post("/sign-in")
@public
def begin() -> Response:
    """Count the attempt, check the password outside any transaction, and begin a session."""
    form = SignInForm.read()
    if not form.validate():
        return _page(form, 422)
    name, now = form.name.data or "", clock.now()
    login = queries.login_of(name)
    attempt = actions.reserve_sign_in(names.normal(name) or name, login.person_id, _device(), now)
    db.keep()
    if attempt.wait:
        return too_many(PAGE, form, attempt.wait, board=board(now))
    if not actions.check_password(login.password_hash, form.password.data or ""):
        return _refused(form, login)
    renewed = _renewed(login, form.password.data or "")
    attempt.release()
    return _begin_session(login.person_id or 0, form, renewed)


def _device() -> str | None:
    return security.read_cookie(actions.DEVICE_COOKIE)


def _refused(form: SignInForm, login: Login) -> Response:
    db.observe(lambda: actions.refuse_sign_in(login.person_id))
    form.password.errors = [_("This name and password do not match.")]
    return _page(form, 422)


def _renewed(login: Login, password: str) -> str | None:
    """Return a hash under today's parameters if the stored one is older (SE-9)."""
    outdated = login.password_hash and passwords.is_outdated(login.password_hash)
    return actions.hash_password(password) if outdated else None


def _begin_session(person_id: int, form: SignInForm, renewed_hash: str | None) -> Response:
    now, own_device = clock.now(), bool(form.own_device.data)
    sessions.drop_current()
    person = queries.person(person_id)
    if renewed_hash:
        actions.renew_hash(person_id, renewed_hash)
    secret, waits = actions.begin_session(person, own_device, form.next.data or "", now)
    response = redirect_to("accounts.factor", next=form.next.data or None) if waits else redirect_back(form.next.data)
    sessions.give_cookie(response, secret, own_device)
    if not waits:
        remember_device(response, person_id)
    return response


def remember_device(response: Response, person_id: int) -> None:
    """Give the browser a cookie by which it is known at the next sign-in (SE-13)."""
    device = actions.know_device(queries.person(person_id), _device(), clock.now())
    if device:
        security.set_cookie(response, actions.DEVICE_COOKIE, device, int(actions.DEVICE_LIFE.total_seconds()))


@bp.post("/sign-out")
@signed_in
def sign_out() -> Response:
    """End the session."""
    actions.end_session(own_session())
    response = redirect_to("accounts.sign_in", notice=_("You have signed out."))
    sessions.take_cookie(response)
    return response
