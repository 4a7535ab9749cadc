"""What training tells the home page: the next 7 days, where one waits, seats that are held, and seats free soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import contains_eager

from portal.core import blocks, clock
from portal.core.blocks import Block, Errand, Pile, Waiting
from portal.core.db import db
from portal.core.hypermedia import wanted
from portal.core.text import in_language
from portal.people.models import Person
from portal.training.lists import Wanted, selected
from portal.training.models import LIVE, Enrolment, EnrolmentState, SessionDate, TrainingSession
from portal.training.queries.places import ahead, is_offered

DAYS = timedelta(days=7)
SOON = timedelta(days=21)
MOST = 8
FEW = 3
READ = 60
SOON_BLOCK, WEEK_BLOCK = "seats_soon", "week"
COUNTED = "training_to_answer"


@dataclass(frozen=True)
class Week:
    """The dates of the next 7 days, and where one waits."""

    is_read: bool = False
    dates: Sequence[SessionDate] = ()
    waiting: Sequence[tuple[TrainingSession, int]] = ()


@dataclass(frozen=True)
class Soon:
    """Some sessions with seats, once they were read."""

    is_read: bool = False
    sessions: Sequence[TrainingSession] = ()


def register() -> None:
    """Offer the errand and the blocks."""
    blocks.register(Errand("offers", lazy_gettext("Seats held for you"), offers))
    more = lambda content: (url_for("training.index", show="mine"), _("All of yours"))  # noqa: E731
    blocks.register(Block(WEEK_BLOCK, lazy_gettext("Your next 7 days"), 15, "training/blocks/week.html", week, more=more))
    free = lambda content: (url_for("training.index", free="1"), _("All sessions"))  # noqa: E731
    name = lazy_gettext("Seats free soon")
    blocks.register(Block(SOON_BLOCK, name, 40, "training/blocks/soon.html", soon, more=free, aside=True))


def offers(person: Person, now: datetime) -> Pile:
    """Return the seats that are held for the person, and those of moved sessions that want an answer.

    The navigation has counted them already on most pages; where it found none, nothing more is read.
    """
    if g.get(COUNTED) == 0:
        return Pile([], 0, url_for("training.index", show="mine"))
    rows = [enrolment for enrolment in dict.fromkeys(row[0] for row in _own(person, now)) if _wants_answer(enrolment, now)]
    rows.sort(key=lambda each: each.offer_expires_at or now + SOON)
    return Pile([_waiting(each) for each in rows[:MOST]], len(rows), url_for("training.index", show="mine"))


def to_answer(person: Person) -> ColumnElement[Any]:
    """Select how many seats wait for an answer of the person: for the navigation."""
    now = clock.now()
    asked = (Enrolment.state == EnrolmentState.CONFIRMED) & Enrolment.reconfirm_asked_at.is_not(None)
    waits = or_(is_offered(now), asked & Enrolment.reconfirmed_at.is_(None))
    coming = (TrainingSession.first_starts_at > now, TrainingSession.cancelled_at.is_(None))
    counted = select(func.count(Enrolment.id)).join(Enrolment.session).where(Enrolment.person_id == person.id, waits, *coming)
    return counted.scalar_subquery()


def remember(person: Person, number: int) -> int:
    """Keep what the navigation has counted, for the home page."""
    g.setdefault(COUNTED, number)
    return number


def _own(person: Person, now: datetime) -> Sequence[Any]:
    """Return (enrolment, date, how many wait before) of all that the person has ahead; read once per answer."""
    if "own_training" not in g:
        mine = select(Enrolment, SessionDate, ahead().label("ahead")).join(Enrolment.session)
        mine = mine.join(SessionDate, SessionDate.session_id == TrainingSession.id)
        coming = (SessionDate.cancelled_at.is_(None), TrainingSession.cancelled_at.is_(None), SessionDate.starts_at > now)
        mine = mine.where(Enrolment.person_id == person.id, Enrolment.state.in_(LIVE), *coming)
        whole = (contains_eager(Enrolment.session), contains_eager(SessionDate.session))
        g.own_training = db.session.execute(
            mine.options(*whole).order_by(SessionDate.starts_at, SessionDate.id).limit(READ)
        ).all()
    rows: Sequence[Any] = g.own_training
    return rows


def _wants_answer(enrolment: Enrolment, now: datetime) -> bool:
    if enrolment.session.first_starts_at <= now:
        return False
    asked = enrolment.reconfirm_asked_at is not None and enrolment.reconfirmed_at is None
    state = enrolment.state_at(now)
    return state == EnrolmentState.OFFERED or (state == EnrolmentState.CONFIRMED and asked)


def _waiting(enrolment: Enrolment) -> Waiting:
    title, url = in_language(enrolment.session.title), url_for("training.show", public_id=enrolment.session.public_id)
    if enrolment.state == EnrolmentState.OFFERED:
        nothing = _("Without an answer the seat goes to the next person.")
        words = _("A seat is held for you: %(title)s", title=title)
        return Waiting(words, url, nothing, _("Answer"), by=enrolment.offer_expires_at)
    words = _("Time or place has changed: %(title)s", title=title)
    return Waiting(words, url, _("The trainer does not know whether you come."), _("Answer"), since=enrolment.reconfirm_asked_at)


def week(person: Person, now: datetime) -> Week:
    """Return what the person has in the next 7 days, and the queues they stand in; who waits takes no part (rule 6).

    Read after the page is there, as it can wait.
    """
    if wanted() != f"block_{WEEK_BLOCK}":
        return Week()
    rows = _own(person, now)
    dates = [row[1] for row in rows if row[0].state == EnrolmentState.CONFIRMED and row[1].starts_at < now + DAYS]
    waiting = {row[0].session_id: (row[0].session, row[2] + 1) for row in rows if row[0].state == EnrolmentState.WAITING}
    return Week(True, dates, list(waiting.values()))


def soon(person: Person, now: datetime) -> Soon:
    """Return the next sessions with a seat free or a short wait; read after the page is there, as it can wait."""
    if wanted() != f"block_{SOON_BLOCK}":
        return Soon()
    found = selected(Wanted(free=True), person, now).where(TrainingSession.first_starts_at < now + SOON)
    return Soon(True, db.session.scalars(found.order_by(TrainingSession.first_starts_at).limit(FEW)).all())
