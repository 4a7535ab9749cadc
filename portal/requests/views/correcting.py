"""The page on which what was sent is corrected (AP-13, AP-14)."""

from typing import Any, cast

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.catalogue.formkit.answers import Posted
from portal.core import clock, language
from portal.core.db import public_id
from portal.core.errors import Refused
from portal.core.forms import posted, posted_value
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, signed_in
from portal.people.queries import me
from portal.requests import correcting, policies
from portal.requests.correcting import Correcting, Editable
from portal.requests.models import Request
from portal.requests.views.blueprint import bp, find

ROW_LETTERS = 8


def _open(request: Request) -> Editable:
    authorize(policies.may_correct(me(), request, clock.now()))
    allowed = correcting.editable(request)
    if allowed is None:
        raise Refused(_("This was decided meanwhile; the answers can no longer be changed."))
    return allowed


@bp.get("/requests/<reference>/answers")
@signed_in
def answers(reference: str) -> Response:
    """Show the questions that can be answered anew."""
    request = find(reference)
    return _page(correcting.begin(request, me(), _open(request), clock.now()))


@bp.post("/requests/<reference>/answers")
@signed_in
def change_answers(reference: str) -> Response:
    """Store the new answers and ask for approval again."""
    request = find(reference)
    begun = correcting.begin(request, me(), _open(request), clock.now())
    button = posted_value("row")
    changed = correcting.read(begun, cast(Posted, posted()), language.current(), button, public_id()[:ROW_LETTERS])
    if button or changed.problems:
        return _page(changed, status=422)
    correcting.correct(changed, me(), clock.now())
    return redirect_to("requests.show", reference=reference, notice=_told(changed))


def _told(changed: Correcting) -> str:
    if changed.ignored:
        return str(_("Sent again. Not changed, because nobody asked for it: %(names)s.", names=", ".join(changed.ignored)))
    return str(_("Sent again, corrected."))


def _page(changed: Correcting, status: int = 200) -> Response:
    context: dict[str, Any] = {"request": changed.request, "correcting": changed, "groups": changed.groups}
    return render("requests/answers.html", status=status, **context)
