"""A new password by a link in a mail (SE-20 to SE-22)."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.accounts import actions, passwords, queries, tokens
from portal.accounts.forms import ForgottenForm, NewPasswordForm
from portal.accounts.views.common import bp, too_many
from portal.core import clock, db, names
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import public

ASK, CHOOSE = "accounts/forgotten.html", "accounts/reset.html"


@bp.get("/sign-in/forgotten")
@public
def forgotten() -> Response:
    """Ask whose password is forgotten."""
    return render(ASK, form=ForgottenForm.read(), problem=None)


@bp.post("/sign-in/forgotten")
@public
def ask_reset() -> Response:
    """Have a link mailed to the stored address; the answer is the same whether there is such an account or not (SE-10)."""
    form = ForgottenForm.read()
    if not form.validate():
        return render(ASK, form=form, problem=None, status=422)
    name = form.name.data or ""
    attempt = actions.reserve_reset(names.normal(name) or name, clock.now())
    db.keep()
    if attempt.wait:
        return too_many(ASK, form, attempt.wait)
    actions.ask_reset(queries.login_of(name).person_id)
    return redirect_to("accounts.sign_in", notice=_("If there is such an account, a link is on its way to its mail address."))


@bp.get("/sign-in/reset/<token>")
@public
def reset(token: str) -> Response:
    """Ask for the new password while the link works; opening it changes nothing (SE-33)."""
    if tokens.person_of(tokens.RESET, token, clock.now()) is None:
        return _over()
    return _unreferred(render(CHOOSE, form=NewPasswordForm.read(), token=token, problem=None))


@bp.post("/sign-in/reset/<token>")
@public
def choose_password(token: str) -> Response:
    """Store the new password if the link still works. Nobody is signed in by it."""
    form, person = NewPasswordForm.read(), tokens.person_of(tokens.RESET, token, clock.now())
    if person is None:
        return _over()
    valid = form.validate()
    if valid and (sentence := passwords.refusal(form.password.data or "", person)):
        form.password.errors, valid = [sentence], False
    if not valid:
        return _unreferred(render(CHOOSE, form=form, token=token, problem=None, status=422))
    db.keep()
    password_hash = actions.hash_password(form.password.data or "")
    if not actions.reset_password(token, password_hash, clock.now()):
        return _over()
    return redirect_to("accounts.sign_in", notice=_("Your new password is stored. Sign in with it."))


def _over() -> Response:
    return _unreferred(render("accounts/link_over.html", status=404))


def _unreferred(response: Response) -> Response:
    """Keep the address, which carries a token, to ourselves (SE-27)."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
