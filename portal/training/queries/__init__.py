"""Finding sessions, seats and people."""

from portal.training.queries.overlaps import overlapping
from portal.training.queries.places import Place, Seats, own_enrolment, participants, place_of, places_of, queue, seats_of
from portal.training.queries.sessions import KIND, dates_of, dates_of_all, get_session, listed, topics, visible_to

__all__ = [
    "KIND",
    "Place",
    "Seats",
    "dates_of",
    "dates_of_all",
    "get_session",
    "listed",
    "overlapping",
    "own_enrolment",
    "participants",
    "place_of",
    "places_of",
    "queue",
    "seats_of",
    "topics",
    "visible_to",
]
