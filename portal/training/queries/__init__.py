"""Finding sessions, seats and people."""

from portal.training.queries.mandatory import cell_of, requirements, standings, today_of, validity_of
from portal.training.queries.overlaps import overlapping
from portal.training.queries.places import (
    Place,
    Seats,
    everybody,
    in_order,
    own_enrolment,
    participants,
    place_of,
    places_of,
    queue,
    seats_of,
)
from portal.training.queries.sessions import (
    KIND,
    dates_of,
    dates_of_all,
    get_session,
    listed,
    next_sessions,
    other_dates,
    topics,
    visible_to,
)

__all__ = [
    "KIND",
    "Place",
    "Seats",
    "cell_of",
    "dates_of",
    "dates_of_all",
    "everybody",
    "get_session",
    "in_order",
    "listed",
    "next_sessions",
    "other_dates",
    "overlapping",
    "own_enrolment",
    "participants",
    "place_of",
    "places_of",
    "queue",
    "requirements",
    "seats_of",
    "standings",
    "today_of",
    "topics",
    "validity_of",
    "visible_to",
]
