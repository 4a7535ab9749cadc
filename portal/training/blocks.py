"""What training tells the home page: the next 7 days, where one waits, seats that are held, and seats free soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from portal.core import blocks
from portal.core.blocks import Block, Errand, Pile, Waiting
from portal.core.db import db
from portal.core.hypermedia import wanted
from portal.core.text import in_language
from portal.people.models import Person
from portal.training.lists import Wanted, selected
from portal.training.models import LIVE, Enrolment, EnrolmentState, SessionDate, TrainingSession
from portal.training.queries.places import ahead

DAYS = timedelta(days=7)
SOON = timedelta(days=21)
MOST = 8
FEW = 3
READ = 60
SOON_BLOCK = "seats_soon"


@dataclass(frozen=True)
class Week:
    """The dates of the next 7 days, and where one waits."""

    dates: Sequence[SessionDate]
    waiting: Sequence[tuple[TrainingSession, int]]


@dataclass(frozen=True)
class Soon:
    """Some sessions with seats, once they were read."""

    is_read: bool = False
    sessions: Sequence[TrainingSession] = ()


def register() -> None:
    """Offer the errand and the blocks."""
    blocks.register(Errand("offers", lazy_gettext("Seats held for you"), offers))
    more = lambda content: (url_for("training.index", show="mine"), _("All of yours"))  # noqa: E731
    blocks.register(Block("week", lazy_gettext("Your next 7 days"), 15, "training/blocks/week.html", week, more=more))
    free = lambda content: (url_for("training.index", free="1"), _("All sessions"))  # noqa: E731
    name = lazy_gettext("Seats free soon")
    blocks.register(Block(SOON_BLOCK, name, 40, "training/blocks/soon.html", soon, more=free, aside=True))


def offers(person: Person, now: datetime) -> Pile:
    """Return the seats that are held for the person, and those of moved sessions that want an answer."""
    rows = [enrolment for enrolment in dict.fromkeys(row[0] for row in _own(person, now)) if _wants_answer(enrolment, now)]
    rows.sort(key=lambda each: each.offer_expires_at or now + SOON)
    return Pile([_waiting(each) for each in rows[:MOST]], len(rows), url_for("training.index", show="mine"))


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


def week(person: Person, now: datetime) -> Week | None:
    """Return what the person has in the next 7 days, and the queues they stand in; who waits takes no part (rule 6)."""
    rows = _own(person, now)
    dates = [row[1] for row in rows if row[0].state == EnrolmentState.CONFIRMED and row[1].starts_at < now + DAYS]
    waiting = {row[0].session_id: (row[0].session, row[2] + 1) for row in rows if row[0].state == EnrolmentState.WAITING}
    return Week(dates, list(waiting.values())) if dates or waiting else None


def soon(person: Person, now: datetime) -> Soon:
    """Return the next sessions with a seat free or a short wait; read after the page is there, as it can wait."""
    if wanted() != f"block_{SOON_BLOCK}":
        return Soon()
    found = selected(Wanted(free=True), person, now).where(TrainingSession.first_starts_at < now + SOON)
    return Soon(True, db.session.scalars(found.order_by(TrainingSession.first_starts_at).limit(FEW)).all())
