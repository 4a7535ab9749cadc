"""Certificates: the own ones, issuing and revoking, and the page on which everybody can check one (rules 22, 23)."""

from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from babel.dates import format_date
from flask import Blueprint, current_app, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound, TooManyRequests
from werkzeug.wrappers import Response

from portal.accounts.actions import reserve_public_check
from portal.core import clock, language, public_pages, security
from portal.core.db import apart
from portal.core.errors import Refused
from portal.core.forms import posted_value
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, decided, get_or_404, public, signed_in
from portal.core.text import duration_words, in_language, wall
from portal.people.queries import me
from portal.training import actions, codes, policies
from portal.training.models import Certificate
from portal.training.queries import results
from portal.training.queries.mandatory import today_of
from portal.training.views.blueprint import bp, find, managed
from portal.training.views.enrolling import conflict
from portal.training.views.managing import enrolment_of

outside = Blueprint("certificates", __name__)


@bp.get("/training/certificates")
@signed_in
def certificates() -> Response:
    """Show the reader's own certificates."""
    decided()
    found = results.certificates_of(me())
    return render(
        "training/certificates.html", certificates=found, today=today_of(clock.now()), shown=codes.shown, day_words=day_words
    )


@bp.post("/training/<public_id>/certificates")
@signed_in
def issue(public_id: str) -> Response:
    """Give certificates to everybody who was there; a second click gives none twice (TR14)."""
    session = managed(public_id)
    try:
        made = actions.issue(session, me(), clock.now())
    except Refused as refused:
        return conflict(public_id, refused)
    notice = _("%(num)d certificates issued.", num=len(made))
    return redirect_to("training.attendance", notice=notice, public_id=public_id)


@bp.post("/training/<public_id>/participants/<enrolment_id>/revocation")
@signed_in
def revoke(public_id: str, enrolment_id: str) -> Response:
    """Take a certificate back, with a reason that stays inside."""
    session = find(public_id)
    authorize(policies.may_manage(me(), session, clock.now()))
    enrolment = enrolment_of(session, enrolment_id)
    certificate = get_or_404(select(Certificate), Certificate.enrolment_id == enrolment.id)
    reason = posted_value("reason").strip()[:300]
    if not reason:
        return conflict(public_id, Refused(_("Say why it is revoked.")))
    actions.revoke(certificate, reason, me(), clock.now())
    return redirect_to("training.attendance", notice=_("Revoked."), public_id=public_id)


def begin() -> None:
    """Answer to nobody in particular, in the language that the address or the browser asks for."""
    public_pages.begin(public_pages.asked_language() or language.accepted())


def day_words(day: date | datetime) -> str:
    """Return a day as a document says it, always with its year."""
    pattern = "d 'de' MMMM 'de' y" if language.current() == "es" else "d MMMM y"
    return str(format_date(wall(day) if isinstance(day, datetime) else day, pattern, locale=get_locale()))


@outside.after_request
def mark(answer: Response) -> Response:
    """Let nobody keep or index the answer."""
    return public_pages.personal(answer)


@outside.get("/certificates")
@public
def start() -> Response:
    """Ask for a code."""
    begin()
    public_pages.stand_for("certificates.start", lang="")
    return render("training/certificate_start.html", typed="", error="")


@outside.post("/certificates")
@public
def search() -> Response:
    """Lead to what was typed."""
    begin()
    typed = posted_value("code").strip()[:40] or "-"
    return redirect_to("certificates.check", code=typed.replace("/", "-"))


@outside.get("/certificates/<code>")
@public
def check(code: str) -> Response:
    """Show everything printed and what became of it; unknown and malformed codes get one and the same answer (rule 23)."""
    begin()
    now = clock.now()
    wait = apart(lambda: reserve_public_check(security.client_network(), now))
    if wait:
        raise TooManyRequests(_("Too many questions. Wait a few minutes, then try again."), retry_after=wait)
    plain = codes.read(code)
    found = results.certificate(plain) if plain else None
    if found is None:
        public_pages.stand_for("certificates.start", lang="")
        sentence = _("There is no certificate under this code. Check the letters and numbers.")
        return render("training/certificate_start.html", typed="", error=sentence, status=NotFound.code or 404)
    public_pages.stand_for("certificates.check", code=codes.shown(found.code), lang="")
    today = today_of(now)
    return render(
        "training/certificate.html",
        certificate=found,
        state=found.state(today),
        code=codes.shown(found.code),
        replaced_by=codes.shown(found.replaced_by.code) if found.replaced_by else "",
        day_words=day_words,
        title=in_language(found.title),
        certificate_length=duration_words(timedelta(minutes=found.minutes)),
        check_address=f"{urlsplit(str(current_app.config['PORTAL_BASE_URL'])).netloc}{url_for('certificates.start')}",
    )
