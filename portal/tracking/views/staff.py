"""Pages of staff: finding an item by its reference, reporting, correcting, promising, and handing out codes (TR-18, TR-25)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.db import db
from portal.core.forms import posted_value, posted_values
from portal.core.hypermedia import query, redirect_to, render
from portal.core.policy import Decision, authorize, decided, get_or_404, signed_in
from portal.people.models import Department, Role
from portal.people.queries import departments_as, me
from portal.tracking import actions, codes, lists, policies, queries, touching, words
from portal.tracking.forms import CheckpointForm, FactorForm, ItemForm, PromiseForm, zone
from portal.tracking.models import PORTAL, Checkpoint, TrackedItem, TrackingCode
from portal.tracking.views.public import prefix

bp = Blueprint("tracking_staff", __name__)


@dataclass(frozen=True)
class May:
    """What the reader may do with an item."""

    write: Decision
    issue: Decision


def found(public_id: str) -> TrackedItem:
    """Return the item, if the person may know of it."""
    return get_or_404(queries.visible_to(me(), clock.now()), TrackedItem.public_id == public_id)


def written(public_id: str) -> TrackedItem:
    """Return the item on which the person writes."""
    item = found(public_id)
    authorize(policies.may_follow_up(me(), item, clock.now()))
    return item


@bp.get("/tracked-items")
@signed_in
def index() -> Response:
    """List what the person looks after, heads, or asked for."""
    decided()
    now, shown = clock.now(), query("show", "open")
    if shown not in lists.SHOWN:
        raise BadRequest
    page = lists.page(me(), now, shown, query("q"), query("page") or None)
    may_register = policies.may_register(me(), now)
    return render("tracking/staff/index.html", page=page, show=shown, q=query("q"), may_register=may_register)


def item_form() -> ItemForm:
    """Return the form of a new item for one of the person's departments."""
    authorize(policies.may_register(me(), clock.now()))
    theirs = departments_as(me(), Role.AGENT, clock.now())
    return ItemForm.read().offer(
        db.session.scalars(select(Department).where(Department.id.in_(theirs)).order_by(Department.id)).all()
    )


@bp.get("/tracked-items/new")
@signed_in
def new() -> Response:
    """Show the form of a new item."""
    return render("tracking/staff/new.html", form=item_form())


@bp.post("/tracked-items")
@signed_in
def create() -> Response:
    """Register an item and hand out its first code."""
    form, now = item_form(), clock.now()
    if form.validate() and queries.by_reference(form.kind.data, (form.reference.data or "").strip()) is not None:
        form.reference.errors = [_("There is one with this reference already.")]
    if form.errors:
        return render("tracking/staff/new.html", form=form, status=422)
    item = actions.register(form.registration(), me(), now)
    code = actions.issue_code(item, me(), now)
    return redirect_to("tracking_staff.show", public_id=item.public_id, notice=told(code))


def told(code: str) -> str:
    """Say a new code, the only time that anybody reads it here (TR-3)."""
    sentence: str = _("The code is %(code)s. Hand it on now: it is not shown again.", code=codes.shown(code, prefix()))
    return sentence


@bp.get("/tracked-items/<public_id>")
@signed_in
def show(public_id: str) -> Response:
    """Show an item with all that was reported, corrected and promised."""
    return item_page(found(public_id))


def item_page(item: TrackedItem, status: int = 200, **forms: Any) -> Response:
    """Draw an item; a form that was refused stands in the place of its empty one."""
    now = clock.now()
    may = May(policies.may_follow_up(me(), item, now), policies.may_issue(me(), item, now))
    story = queries.story_of(item, now)
    empty = {
        "checkpoint": forms.get("checkpoint") or new_checkpoint(now),
        "promise": forms.get("promise") or PromiseForm.read(),
        "factor": forms.get("factor") or FactorForm.read(postcode=item.postcode or "", email=item.email or ""),
    }
    return render(
        "tracking/staff/show.html", status=status, item=item, story=story, may=may, forms=empty,
        lines=lines(story), moves=words.moves(list(story.promises), item.zone), codes=queries.codes_of(item) if may.issue else [],
        components=touching.offered(me(), now) if may.write else [], depends=touching.ids_of(item),
        arrival=words.arrival(story.promise.promise, item.zone) if story.promise else None,
    )  # fmt: skip


def new_checkpoint(now: datetime) -> CheckpointForm:
    """Return the form of a checkpoint of this minute."""
    wall = clock.local(now, zone())
    return CheckpointForm.read(day=wall.date(), hour=wall.time()).offer()


def lines(story: queries.Story) -> list[dict[str, Any]]:
    """Return every row ever written, the newest event first: what counts, what is a note, what was put right (TR-25)."""
    counts = {step.fact.id: step for step in story.course.steps}
    held = {fact.id for fact in story.course.held}
    rows = sorted(story.checkpoints.values(), key=lambda row: (row.event_at, row.id), reverse=True)
    return [
        {
            "row": row,
            "when": words.moment(row.event_at, row.zone),
            "superseded": row.id in story.superseded,
            "held": row.id in held,
            "note": row.id in counts and not counts[row.id].counts,
            "reopened": str(words.NEWS_RECEIVED) if row.id in counts and counts[row.id].reopened else "",
        }
        for row in rows
    ]


@bp.post("/tracked-items/<public_id>/checkpoints")
@signed_in
def record(public_id: str) -> Response:
    """Record what happened."""
    item = written(public_id)
    form = new_checkpoint(clock.now())
    if not form.validate():
        return item_page(item, 422, checkpoint=form)
    actions.record(item, form.report(), me(), clock.now())
    return redirect_to("tracking_staff.show", public_id=public_id, notice=_("Recorded."))


def line_of(item: TrackedItem, checkpoint_id: str) -> Checkpoint:
    """Return a checkpoint of this item, found through it (PE-15)."""
    return get_or_404(select(Checkpoint).where(Checkpoint.item_id == item.id), Checkpoint.public_id == checkpoint_id)


@bp.get("/tracked-items/<public_id>/checkpoints/<checkpoint_id>/correction")
@signed_in
def correction(public_id: str, checkpoint_id: str) -> Response:
    """Show the form that puts a line right."""
    item = written(public_id)
    wrong = line_of(item, checkpoint_id)
    wall = clock.local(wrong.event_at, zone())
    form = CheckpointForm.read(state=wrong.state, day=wall.date(), hour=wall.time(), place=wrong.place, note=wrong.note).offer()
    return render("tracking/staff/correction.html", item=item, wrong=wrong, form=form)


@bp.post("/tracked-items/<public_id>/checkpoints/<checkpoint_id>/correction")
@signed_in
def correct(public_id: str, checkpoint_id: str) -> Response:
    """Put a line right; both stay, and visitors see the new one with "corrected" (TR-25)."""
    item = written(public_id)
    wrong, form = line_of(item, checkpoint_id), new_checkpoint(clock.now())
    if not form.validate():
        return render("tracking/staff/correction.html", item=item, wrong=wrong, form=form, status=422)
    actions.correct(item, wrong, form.report(), me(), clock.now())
    return redirect_to("tracking_staff.show", public_id=public_id, notice=_("Corrected. The old line stays here, for staff."))


@bp.post("/tracked-items/<public_id>/promise")
@signed_in
def promise(public_id: str) -> Response:
    """Promise another time, with the reason."""
    item, form = written(public_id), PromiseForm.read()
    if not form.validate():
        return item_page(item, 422, promise=form)
    now = clock.now()
    actions.promise(item, form.promise(), form.reason.data or "", queries.source(PORTAL), me(), now, now)
    return redirect_to("tracking_staff.show", public_id=public_id, notice=_("Promised. Visitors read the reason."))


@bp.post("/tracked-items/<public_id>/components")
@signed_in
def depend(public_id: str) -> Response:
    """Choose the components of the status page on which the item depends."""
    item, chosen, now = written(public_id), set(posted_values("component")), clock.now()
    touching.depend(item, [one for one in touching.offered(me(), now) if one.public_id in chosen], me(), now)
    return redirect_to("tracking_staff.show", public_id=public_id, notice=_("Visitors see what is open there."))


@bp.post("/tracked-items/<public_id>/factor")
@signed_in
def factor(public_id: str) -> Response:
    """Give the item another second factor; who had the details open must tell it anew."""
    item, form = written(public_id), FactorForm.read()
    if not form.validate():
        return item_page(item, 422, factor=form)
    actions.change_factor(item, form.postcode.data or "", form.email.data or "", me(), clock.now())
    return redirect_to(
        "tracking_staff.show", public_id=public_id, notice=_("Changed. Whoever had the details open must tell it anew.")
    )


@bp.post("/tracked-items/<public_id>/codes")
@signed_in
def issue(public_id: str) -> Response:
    """Hand out another code: one for the customer, or one to share, which never shows the details (TR-4)."""
    item = found(public_id)
    authorize(policies.may_issue(me(), item, clock.now()))
    code = actions.issue_code(item, me(), clock.now(), shared=posted_value("shared") == "1")
    return redirect_to("tracking_staff.show", public_id=public_id, notice=told(code))


@bp.post("/tracked-items/<public_id>/codes/mail")
@signed_in
def mail_code(public_id: str) -> Response:
    """Have a new code mailed to the customer."""
    item = written(public_id)
    actions.mail_code(item, me(), clock.now())
    return redirect_to("tracking_staff.show", public_id=public_id, notice=_("A new code is on its way to the customer."))


@bp.post("/tracked-items/<public_id>/codes/<code_id>/revocation")
@signed_in
def revoke(public_id: str, code_id: str) -> Response:
    """Let a code open nothing any more."""
    item = found(public_id)
    authorize(policies.may_issue(me(), item, clock.now()))
    code = get_or_404(select(TrackingCode).where(TrackingCode.item_id == item.id), TrackingCode.public_id == code_id)
    actions.revoke_code(code, me(), clock.now())
    return redirect_to("tracking_staff.show", public_id=public_id, notice=_("Revoked. It opens nothing any more."))
