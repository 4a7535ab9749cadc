"""The page behind the link of a mail: opening it shows, only its button decides, afterwards it shows the result."""

from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from portal.approvals import actions, links, policies, words
from portal.approvals.forms import DecisionForm
from portal.approvals.links import Opened, Over
from portal.approvals.models import Decided
from portal.approvals.views.inbox import bp
from portal.core import clock, security, subjects
from portal.core.errors import Refused
from portal.core.forms import posted_value
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, no, public

PURPOSE = "approval link"


@bp.get("/approvals/links/<token>")
@public
def link(token: str) -> Response:
    """Show what the link is about; a scanner that opens it, however often, decides nothing (AP-26)."""
    found = _opened(token)
    _refuse_another(found)
    return _page(token, found, links.over(found, clock.now()), DecisionForm.read())


@bp.post("/approvals/links/<token>")
@public
def decide_by_link(token: str) -> Response:
    """Decide by the button of that page, which carries the nonce of this link (SE-34)."""
    found = _opened(token)
    if security.unsign(PURPOSE, posted_value("nonce")) != found.link.token_hash:
        raise BadRequest
    _refuse_another(found)
    if not _knows_who(found):
        return redirect_to("approvals.show", public_id=found.approval.public_id)
    return _decide(token, found)


def _decide(token: str, found: Opened) -> Response:
    form, over = DecisionForm.read(), links.over(found, clock.now())
    if over is not None:
        own = over.decision is not None and over.decision.acted_by_id == found.link.person_id
        return redirect_to("approvals.link", token=token) if own else _page(token, found, over, form, over.status)
    authorize(policies.may_decide_money(found.link.person, [found.approval]))
    form.offer([])
    if not form.validate():
        return _page(token, found, None, form, 422)
    outcome, reason = form.outcome.data or "", form.reason.data or ""
    try:
        actions.decide(found.seat.id, found.link.person, outcome, reason, found.link.content_hash, clock.now(), channel="mail")
    except actions.ContentChanged as changed:
        return _page(token, found, Over(changed.reason, 409, changed.changes), form, 409)
    except Refused as refused:
        return _page(token, found, Over(refused.reason, 409), form, 409)
    title = subjects.of_kind(found.approval.kind).title(found.row)
    return redirect_to("approvals.link", token=token, notice=words.done(outcome, title))


def _opened(token: str) -> Opened:
    security.keep_address()
    found = links.opened(token, clock.now())
    if found is None:
        raise NotFound
    return found


def _refuse_another(found: Opened) -> None:
    """With a session the session says who acts, and it must be the person of the link; nobody is named (AP-27)."""
    if current_user.is_authenticated and current_user.id != found.link.person_id:
        authorize(no(_("This link is for somebody else. It decides nothing for you, and still works for its person.")))


def _knows_who(found: Opened) -> bool:
    return bool(current_user.is_authenticated) or links.decides_without_session(found)


def _page(token: str, found: Opened, over: Over | None, form: DecisionForm, status: int = 200) -> Response:
    """Render the page; whoever must still sign in sees neither content nor amount (AP-27)."""
    form.offer([])
    shown = _shown(found) if _knows_who(found) and found.row is not None else {}
    return render(
        "approvals/link.html",
        status=status,
        token=token,
        nonce=security.sign(PURPOSE, found.link.token_hash),
        approval=found.approval,
        seat=found.seat,
        form=form,
        over=over,
        approved=bool(over and over.decision and over.decision.outcome == Decided.APPROVED),
        shown=shown,
    )


def _shown(found: Opened) -> dict[str, object]:
    subject = subjects.of_kind(found.approval.kind)
    reader = found.link.person if current_user.is_authenticated else None
    facts = [(answer.label, answer.value) for answer in subject.answers(found.row, reader)]
    return {
        "title": subject.title(found.row),
        "reference": subject.reference(found.row),
        "by": found.approval.requester.name,
        "facts": facts,
        "absent": found.seat.person.name if found.seat.person_id != found.link.person_id else "",
    }
