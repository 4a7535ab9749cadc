"""The second factor: asked for at sign-in, added, renewed and taken away (SE-15 to SE-19)."""

from typing import Any

from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.accounts import actions, factors, policies, sessions
from portal.accounts.forms import CodeForm
from portal.accounts.models import Session
from portal.accounts.views.common import bp, own_session, too_many, waiting_session
from portal.accounts.views.sign_in import remember_device
from portal.core import clock, db, qr, security
from portal.core.hypermedia import query, redirect_back, redirect_to, render
from portal.core.policy import authorize, public, signed_in

ASK, ENROL = "accounts/factor.html", "accounts/enrol.html"
CODES_COOKIE = "codes"
CODES_SECONDS = 600


@bp.get("/sign-in/factor")
@public
def factor() -> Response:
    """Ask for the second factor, or let it be set up first where the role demands one (SE-19)."""
    session = waiting_session()
    if not factors.has_factor(session.person_id):
        return redirect_to("accounts.enrolment", next=query("next") or None)
    return render(ASK, form=CodeForm.read(next=query("next")), problem=None)


@bp.post("/sign-in/factor")
@public
def check_factor() -> Response:
    """Check the code and let the session in under a new id (SE-4)."""
    session, form = waiting_session(), CodeForm.read()
    if not form.validate():
        return render(ASK, form=form, problem=None, status=422)
    attempt = actions.reserve_code(session.person_id, clock.now())
    db.keep()
    if attempt.wait:
        return too_many(ASK, form, attempt.wait)
    if not actions.accept_factor(session.person_id, form.code.data or "", clock.now()):
        return _wrong(ASK, form, session)
    attempt.release()
    secret = actions.complete_session(session, form.next.data or "", clock.now())
    return _let_in(session, secret, redirect_back(form.next.data))


def _wrong(template: str, form: CodeForm, session: Session, **context: Any) -> Response:
    person_id = session.person_id
    db.observe(lambda: actions.refuse_sign_in(person_id))
    form.code.errors = [_("This code is wrong, was used before or is over. Write the one that the app shows now.")]
    return render(template, form=form, problem=None, status=422, **context)


def _let_in(session: Session, secret: str, response: Response) -> Response:
    sessions.give_cookie(response, secret, session.own_device)
    remember_device(response, session.person_id)
    return response


# Setting up


@bp.post("/account/factor")
@signed_in
def begin_enrolment() -> Response:
    """Make a secret for the person's authenticator app, the first or another one."""
    session = own_session()
    security.need_confirmation("accounts.account")
    response = redirect_to("accounts.enrolment")
    sessions.give_cookie(response, actions.begin_enrolment(session, clock.now()), session.own_device)
    return response


@bp.get("/sign-in/enrolment")
@public
def enrolment() -> Response:
    """Show the secret as a picture and as text, and ask for the app's first code."""
    session = own_session()
    return render(ENROL, form=CodeForm.read(next=query("next")), problem=None, secret=_open_secret(session))


@bp.get("/sign-in/enrolment.svg")
@public
def enrolment_picture() -> Response:
    """Draw the secret as a QR code; only while it waits to be confirmed."""
    session = own_session()
    _open_secret(session)
    secret = factors.secret_of(session.person_id)
    if secret is None:
        raise NotFound
    return Response(qr.svg(factors.address(session.person, secret)), mimetype="image/svg+xml")


@bp.post("/sign-in/enrolment")
@public
def enrol() -> Response:
    """Check the app's first code; the recovery codes are shown once on the page that follows."""
    session, form = own_session(), CodeForm.read()
    secret = _open_secret(session)
    if not form.validate():
        return render(ENROL, form=form, problem=None, secret=secret, status=422)
    attempt = actions.reserve_code(session.person_id, clock.now())
    db.keep()
    if attempt.wait:
        return too_many(ENROL, form, attempt.wait, secret=secret)
    enrolled = actions.enrol(session, form.code.data or "", clock.now())
    if enrolled is None:
        return _wrong(ENROL, form, session, secret=secret)
    return _let_in(session, enrolled[0], _show_codes(enrolled[1], form.next.data))


def _open_secret(session: Session) -> str:
    """Return the secret that waits to be confirmed; afterwards it is never shown again."""
    secret = factors.secret_of(session.person_id)
    if secret is None or secret.confirmed_at is not None:
        raise NotFound
    return secret.secret


# Recovery codes


def _show_codes(codes: list[str], target: str | None = None) -> Response:
    response = redirect_to("accounts.recovery_codes", next=target or None)
    security.set_cookie(response, CODES_COOKIE, security.sign(CODES_COOKIE, codes), CODES_SECONDS)
    return response


@bp.get("/account/codes")
@signed_in
def recovery_codes() -> Response:
    """Show the codes that were just made (SE-18); after ten minutes they are gone."""
    own_session()
    codes = security.unsign(CODES_COOKIE, security.read_cookie(CODES_COOKIE), CODES_SECONDS)
    if not codes:
        return redirect_to("accounts.account")
    return render("accounts/codes.html", codes=codes, onward=security.address_of(query("next")))


@bp.post("/account/codes")
@signed_in
def renew_recovery_codes() -> Response:
    """Replace the recovery codes."""
    session = own_session()
    security.need_confirmation("accounts.account")
    if not factors.has_factor(session.person_id):
        raise NotFound
    return _show_codes(actions.renew_recovery_codes(session))


@bp.post("/account/factor/removal")
@signed_in
def remove_factor() -> Response:
    """Take the second factor away, where no role demands it."""
    session = own_session()
    security.need_confirmation("accounts.account")
    authorize(policies.may_remove_factor(session.person, clock.now()))
    response = redirect_to("accounts.account", notice=_("From now on your password alone opens your account."))
    sessions.give_cookie(response, actions.remove_factor(session, clock.now()), session.own_device)
    return response
