"""What training tells the packages around it: facts in the past tense, with ids (training.md, vocabulary)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Enrolled:
    """Somebody has a seat: at once, by accepting an offer, by promotion or by hand."""

    enrolment_id: int
    session_id: int
    person_id: int


@dataclass(frozen=True)
class SeatOffered:
    """A seat is held for somebody until the offer ends."""

    enrolment_id: int
    session_id: int
    person_id: int


@dataclass(frozen=True)
class SeatGivenUp:
    """A confirmed seat is free again: cancelled, removed, or given up for another session."""

    enrolment_id: int
    session_id: int
    person_id: int


@dataclass(frozen=True)
class OfferEnded:
    """An offer was declined or ran out."""

    enrolment_id: int
    session_id: int
    person_id: int
    state: str


@dataclass(frozen=True)
class SessionMoved:
    """Dates or places of a session changed; `date_ids` are those whose sequence grew."""

    session_id: int
    date_ids: tuple[int, ...]


@dataclass(frozen=True)
class SessionReworded:
    """Words of a session were corrected, but neither time nor place."""

    session_id: int


@dataclass(frozen=True)
class SessionCancelled:
    """A session will not take place; `confirmed_ids` are the enrolments that had a seat (rule 18)."""

    session_id: int
    confirmed_ids: tuple[int, ...]
