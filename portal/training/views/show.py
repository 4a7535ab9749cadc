"""The page of a session: what it is, its seats, and what the reader can do."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from babel.numbers import format_decimal
from flask_babel import get_locale
from werkzeug.wrappers import Response

from portal.core import clock, security
from portal.core.hypermedia import Row, nothing_new, query, render
from portal.core.policy import signed_in
from portal.people.queries import me
from portal.training import codes, policies, queries, standing
from portal.training.cards import Card, card_of, leaf, line_of, priority_words
from portal.training.models import Enrolment, EnrolmentState, TrainingSession
from portal.training.queries import demand, results
from portal.training.views.blueprint import bp, find

FRAGMENTS = ("my_enrolment", "seats", "participants")
BESIDE = ("seats", "participants")


@bp.get("/training/<public_id>")
@signed_in
def show(public_id: str) -> Response:
    """Show a session; the seats ask again every half minute whether they are still true."""
    session = find(public_id)
    card = card_of(session, me(), clock.now())
    if security.is_poll() and query("seen") == seen(card):
        return nothing_new()
    return page(session, card)


def page(
    session: TrainingSession, card: Card, status: int = 200, refused: str = "", others: list[Enrolment] | None = None
) -> Response:
    """Draw the page, the fragment that htmx wants, or the row of a list."""
    person, now = me(), clock.now()
    may = {
        "enrol": policies.may_join(person, session, now),
        "manage": policies.may_manage(person, session, now),
        "publish": policies.may_publish(person, now),
        "add": policies.may_add(person, session, now) if card.is_open else None,
        "see": policies.may_see_participants(person, session, now),
    }
    everybody = queries.everybody(session.id) if may["see"] else []
    waits = card.is_open and not card.has_seat_at_once
    rating = results.feedback_on_topic(session.topic_id)
    return render(
        "training/show.html",
        fragments=FRAGMENTS,
        beside=BESIDE,
        rows={"session": Row("training/_row.html", lambda key: row(key, session, card, refused))},
        status=status,
        session=session,
        number_words=number_words,
        card=card,
        may=may,
        refused=refused,
        others=others or [],
        people=[each for each in everybody if each.state == EnrolmentState.CONFIRMED],
        queue=queries.in_order(each for each in everybody if each.state != EnrolmentState.CONFIRMED),
        after=after(session, card) if session.has_ended(now) else None,
        warning=too_early(session, card) if card.is_open and not card.place else "",
        outlook=demand.outlook(session.topic_id, now) if waits and not may["manage"] else None,
        others_of_topic=queries.other_dates(session, person, now),
        rating=number_words(rating.average),
        rated=rating.number,
        seen=seen(card),
        leaf=leaf,
        line_of=line_of,
        priority_words=priority_words,
    )


def too_early(session: TrainingSession, card: Card) -> str:
    """Return the warning that one would renew too early (TR18)."""
    if session.topic_id is None or not card.standing:
        return ""
    day = card.standing[-1].local_end.date()
    return standing.warning(me(), session.topic_id, day, clock.now())


def after(session: TrainingSession, card: Card) -> Mapping[str, Any]:
    """Return what there is once a session is over: the result, what people say of it, and the certificate."""
    enrolment = card.place.enrolment if card.place and card.state == EnrolmentState.CONFIRMED else None
    result = results.result_of(session, enrolment, card.dates) if enrolment else None
    certificate = results.certificate_of(enrolment.id) if enrolment else None
    answers = results.feedback_of(session.id)
    return {
        "result": result,
        "may_say": result in results.WAS_THERE and enrolment is not None and not results.has_answered(enrolment.id),
        "answers": answers,
        "average": number_words(answers.average),
        "code": codes.shown(certificate.code) if certificate else "",
    }


def number_words(number: float | None) -> str:
    """Return a number with one decimal, as the reader writes it."""
    return str(format_decimal(round(number, 1), locale=get_locale())) if number is not None else ""


def row(key: str, session: TrainingSession, card: Card, refused: str) -> Mapping[str, Any] | None:
    """Return what a row of a list shows after something was done from it."""
    return {"card": replace(card, full=refused)} if key == session.public_id else None


def seen(card: Card) -> str:
    """Return what tells whether the seats have changed since they were drawn."""
    facts = (card.seats, card.state, card.session.capacity, card.session.cancelled_at, card.session.revision)
    return sha256(repr(facts).encode()).hexdigest()[:16]
