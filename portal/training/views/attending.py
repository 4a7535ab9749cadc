"""Attendance by the trainer's list and by a code on a screen, and what people say of a session (rules 19 to 21)."""

from functools import partial

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.core import clock, qr
from portal.core.config import base_url
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.forms import posted_value
from portal.core.hypermedia import query, redirect_to, render
from portal.core.policy import decided, get_or_404, note_refusal, signed_in
from portal.people.queries import me
from portal.training import actions, queries
from portal.training.cards import line_of
from portal.training.models import MARKS, CheckInCode, SessionDate, TrainingSession
from portal.training.queries import results
from portal.training.views.blueprint import bp, find, managed
from portal.training.views.enrolling import conflict, do
from portal.training.views.managing import date_of, enrolment_of

LONGEST = 2000
SCREEN = 8  # the picture is read from the back of a room


@bp.get("/training/<public_id>/attendance")
@signed_in
def attendance(public_id: str) -> Response:
    """Show the list of who was there."""
    session = managed(public_id)
    people = queries.participants(session.id)
    dates = [date for date in queries.dates_of(session.id) if date.cancelled_at is None]
    ids = [each.id for each in people]
    return render(
        "training/attendance.html",
        session=session,
        people=people,
        dates=dates,
        columns=[line_of(date) for date in dates],
        marks=results.marks_of(ids),
        results=results.results_of(session, ids, dates),
        certificates=results.certificates_in(session.id),
        elsewhere={date.id: results.same_dates_elsewhere(session, place, clock.now()) for place, date in enumerate(dates)}
        if session.has_ended(clock.now()) and not session.is_event
        else {},
        line_of=line_of,
    )


@bp.post("/training/<public_id>/attendance")
@signed_in
def record(public_id: str) -> Response:
    """Take the list; what is not marked stays as it was."""
    session = managed(public_id)
    people, dates = queries.participants(session.id), queries.dates_of(session.id)
    typed = {(each.id, date.id): posted_value(f"{each.public_id}-{date.public_id}") for each in people for date in dates}
    marks = {key: mark for key, mark in typed.items() if mark in MARKS}
    act = partial(actions.record, session, marks, me(), clock.now())
    return do(public_id, act, _("The list is saved."), "training.attendance")


@bp.post("/training/<public_id>/participants/<enrolment_id>/make-up")
@signed_in
def make_up(public_id: str, enrolment_id: str) -> Response:
    """Let a missed date count that was made up elsewhere (rule 20)."""
    session = managed(public_id)
    enrolment = enrolment_of(session, enrolment_id)
    date = date_of(session, posted_value("date"))
    other = db.session.scalar(select(SessionDate).where(SessionDate.public_id == posted_value("other")))
    if other is None:
        raise NotFound
    actions.make_up(enrolment, date, other, me(), clock.now())
    return redirect_to("training.attendance", notice=_("It counts now."), public_id=public_id)


@bp.post("/training/<public_id>/dates/<date_id>/check-in")
@signed_in
def open_check_in(public_id: str, date_id: str) -> Response:
    """Open the check-in of a date."""
    session = managed(public_id)
    actions.open_check_in(date_of(session, date_id), me(), clock.now())
    return redirect_to("training.check_in_screen", public_id=public_id, date_id=date_id)


@bp.get("/training/<public_id>/dates/<date_id>/check-in")
@signed_in
def check_in_screen(public_id: str, date_id: str) -> Response:
    """Show the code, large and as a picture, for a screen in the room."""
    session = managed(public_id)
    date = date_of(session, date_id)
    found = get_or_404(select(CheckInCode), CheckInCode.date_id == date.id)
    address = f"{base_url()}{url_for('training.check_in_page', code=found.code)}"
    picture = Markup(qr.svg(address, SCREEN).decode())  # noqa: S704 - drawn here, from an address of our own
    return render("training/check_in_screen.html", session=session, date=date, code=found.code, picture=picture, line_of=line_of)


@bp.get("/training/check-in")
@signed_in
def check_in_page() -> Response:
    """Ask for the code, or show what the one in the address stands for."""
    decided()
    return check_in_form(query("code"))


def check_in_form(code: str, error: str = "", status: int = 200) -> Response:
    """Draw the form of the code."""
    found = results.check_in(code) if code else None
    if code and found is None and not error:
        error, status = _("There is no such code. Look at the screen again."), 404
    return render("training/check_in.html", status=status, code=code[:20], found=found, error=error, line_of=line_of)


@bp.post("/training/check-in")
@signed_in
def check_in() -> Response:
    """Say that one is there."""
    decided()
    code = posted_value("code")
    found = results.check_in(code)
    if found is None:
        note_refusal()
        return check_in_form(code, _("There is no such code. Look at the screen again."), 422)
    session: TrainingSession = found.date.session
    try:
        actions.check_in(found.date, results.confirmed_of(me(), session.id), me(), clock.now())
    except Refused as refused:
        return check_in_form(code, refused.reason, 409)
    return redirect_to("training.show", notice=_("Noted: you are here."), public_id=session.public_id)


@bp.post("/training/<public_id>/feedback")
@signed_in
def give_feedback(public_id: str) -> Response:
    """Say how it was."""
    session = find(public_id)
    enrolment = results.confirmed_of(me(), session.id)
    typed = posted_value("rating")
    try:
        if enrolment is None:
            raise Refused(_("Only people who were there say how it was."))
        rating = int(typed) if typed.isascii() and typed.isdigit() else 0
        actions.give_feedback(enrolment, rating, posted_value("text").strip()[:LONGEST], clock.now())
    except Refused as refused:
        return conflict(public_id, refused)
    return redirect_to("training.show", notice=_("Thank you."), public_id=public_id)
