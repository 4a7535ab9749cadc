"""What a trainer does with a session of theirs: change, move, cancel, add and remove people."""

from functools import partial

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.core import clock, language
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.forms import posted_value
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, get_or_404, signed_in
from portal.people.queries import me, meant
from portal.training import actions, policies, queries
from portal.training.cards import line_of
from portal.training.date_fields import MoveForm
from portal.training.forms import EditForm
from portal.training.models import Enrolment, SessionDate, TrainingSession
from portal.training.views.blueprint import bp, find, managed
from portal.training.views.enrolling import conflict, do

PAGE = "training.show"


@bp.get("/training/<public_id>/edit")
@signed_in
def edit(public_id: str) -> Response:
    """Show everything about a session that can be changed."""
    session = managed(public_id)
    return edit_page(session, EditForm.of(session))


def edit_page(
    session: TrainingSession, form: EditForm, status: int = 200, moving: tuple[str, MoveForm] | None = None
) -> Response:
    """Draw the page of changes; `moving` is the form of a date that came back."""
    dates = [each for each in queries.dates_of(session.id) if each.cancelled_at is None]
    moves = [(each, moving[1] if moving and moving[0] == each.public_id else MoveForm.of(each)) for each in dates]
    return render("training/edit.html", session=session, form=form, moves=moves, line_of=line_of, status=status)


@bp.post("/training/<public_id>")
@signed_in
def save(public_id: str) -> Response:
    """Change the texts, the place and the seats; who has changed it meanwhile is not overwritten (C10)."""
    session = managed(public_id)
    form = EditForm.read()
    if not form.validate():
        return edit_page(session, form, 422)
    try:
        actions.correct(session, form.correction(session, language.current()), form.revision_seen, me(), clock.now())
    except actions.StaleSession as stale:
        db.session.rollback()
        form.title.errors = [stale.reason]
        return edit_page(find(public_id), form, 409)
    return redirect_to(PAGE, notice=_("Changed."), public_id=public_id)


def date_of(session: TrainingSession, date_id: str) -> SessionDate:
    """Return a date of the session; another one answers 404 (PE-15)."""
    return get_or_404(select(SessionDate).where(SessionDate.session_id == session.id), SessionDate.public_id == date_id)


@bp.post("/training/<public_id>/dates/<date_id>")
@signed_in
def move(public_id: str, date_id: str) -> Response:
    """Move one date; everybody with a seat is asked again (rule 18)."""
    session = managed(public_id)
    date = date_of(session, date_id)
    form = MoveForm.posted(date)
    form.take_hour(posted_value("use").partition("=")[2])
    when = form.when(date.tz) if form.validate() else None
    if when is None:
        return edit_page(session, EditForm.of(session), 422, (date_id, form))
    actions.move_date(date, when.span, when.space, me(), clock.now())
    return redirect_to(PAGE, notice=_("Moved. Everybody has been told."), public_id=public_id)


@bp.post("/training/<public_id>/dates/<date_id>/cancellation")
@signed_in
def cancel_date(public_id: str, date_id: str) -> Response:
    """Drop one date of several."""
    session = managed(public_id)
    actions.cancel_date(date_of(session, date_id), posted_value("reason")[:300], me(), clock.now())
    return redirect_to(PAGE, notice=_("The date was cancelled. Everybody has been told."), public_id=public_id)


@bp.post("/training/<public_id>/cancellation")
@signed_in
def cancel(public_id: str) -> Response:
    """Cancel the session."""
    session = managed(public_id)
    actions.cancel(session, posted_value("reason")[:300], me(), clock.now())
    return redirect_to(PAGE, notice=_("Cancelled. Everybody has been told."), public_id=public_id)


@bp.post("/training/<public_id>/participants")
@signed_in
def add(public_id: str) -> Response:
    """Give somebody a seat by hand, above the seats only with a reason (rule 7)."""
    session = find(public_id)
    authorize(policies.may_add(me(), session, clock.now()))
    typed = posted_value("person").strip()
    found = meant(typed, me(), clock.now())
    if len(found) != 1:
        words = _("Nobody is called “%(name)s”.", name=typed) if not found else _("Several people are called that. Use the mail.")
        return conflict(public_id, Refused(words))
    act = partial(actions.add_by_hand, session, found[0], posted_value("reason").strip()[:300], me(), clock.now())
    return do(public_id, act, _("%(name)s is in.", name=found[0].name))


def enrolment_of(session: TrainingSession, enrolment_id: str) -> Enrolment:
    """Return an enrolment of the session; another one answers 404 (PE-15)."""
    return get_or_404(select(Enrolment).where(Enrolment.session_id == session.id), Enrolment.public_id == enrolment_id)


@bp.post("/training/<public_id>/participants/<enrolment_id>/removal")
@signed_in
def remove(public_id: str, enrolment_id: str) -> Response:
    """Take somebody off the session."""
    enrolment = enrolment_of(managed(public_id), enrolment_id)
    actions.remove(enrolment, posted_value("reason")[:300], me(), clock.now())
    return redirect_to(PAGE, notice=_("Taken off the session."), public_id=public_id)


@bp.post("/training/<public_id>/participants/<enrolment_id>/priority")
@signed_in
def prioritise(public_id: str, enrolment_id: str) -> Response:
    """Move somebody forward in the queue, for a reason that the person reads (rule 9)."""
    enrolment, reason = enrolment_of(managed(public_id), enrolment_id), posted_value("reason").strip()[:300]
    if not reason:
        return conflict(public_id, Refused(_("Say why: the person reads it.")))
    actions.give_priority(enrolment, enrolment.priority + 1, reason, me(), clock.now())
    return redirect_to(PAGE, notice=_("Moved forward."), public_id=public_id)


@bp.post("/training/<public_id>/reconfirmation")
@signed_in
def reconfirm(public_id: str) -> Response:
    """Say again that one comes, after the session was moved."""
    session = find(public_id)
    place = queries.place_of(me(), session.id, clock.now())
    if place is None:
        raise Refused(_("You are not enrolled here."))
    actions.reconfirm(place.enrolment, clock.now())
    return redirect_to(PAGE, notice=_("Thank you: you are still in."), public_id=public_id)
