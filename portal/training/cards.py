"""A session as lists and pages draw it: its dates, its seats, and where the reader stands in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from babel.dates import format_date
from flask_babel import get_locale, get_timezone, ngettext
from flask_babel import gettext as _

from portal.core import language
from portal.core.money import Money
from portal.core.text import date_in_full, day_words
from portal.people.models import Person
from portal.training import queries
from portal.training.models import Enrolment, EnrolmentState, SessionDate, TrainingSession
from portal.training.queries import Place, Seats
from portal.training.rules import Phase, phase

MOST_SQUARES = 16
MOST_WAITING = 6


@dataclass(frozen=True)
class Card:
    """One session for one reader."""

    session: TrainingSession
    dates: Sequence[SessionDate]
    seats: Seats
    place: Place | None
    now: datetime
    notes: Mapping[str, str] = field(default_factory=dict)
    full: str = ""

    @property
    def standing(self) -> Sequence[SessionDate]:
        """Return the dates that were not cancelled."""
        return [each for each in self.dates if each.cancelled_at is None]

    @property
    def first(self) -> SessionDate | None:
        """Return the first date that stands."""
        return next(iter(self.standing), None)

    @property
    def state(self) -> str:
        """Return the state of the reader's enrolment, or nothing."""
        return self.place.state if self.place else ""

    @property
    def is_open(self) -> bool:
        """Return whether one can still enrol."""
        return self.session.cancelled_at is None and not self.session.has_begun(self.now)

    @property
    def is_last_minute(self) -> bool:
        """Return whether the first click has a free seat (rule 12)."""
        return self.is_open and phase(self.now, self.session.stop_at, self.session.first_starts_at) == Phase.LAST_MINUTE

    @property
    def free(self) -> int:
        """Return the seats that look free; the answer is decided when one enrols (rule 3)."""
        return max(0, self.session.capacity - self.seats.taken)

    @property
    def next_place(self) -> int:
        """Return which place in the queue one would get."""
        return self.seats.waiting + 1

    @property
    def has_seat_at_once(self) -> bool:
        """Return whether one would get a seat by enrolling now (rule 5)."""
        return self.free > 0 and not self.seats.waiting

    @property
    def may_take_now(self) -> bool:
        """Return whether the reader can take a seat that is held for them, or a free one of the last minutes."""
        if not self.is_open:
            return False
        waits = self.state == EnrolmentState.WAITING and self.is_last_minute and self.free > 0
        return self.state == EnrolmentState.OFFERED or waits

    @property
    def mine(self) -> int:
        """Return how many of the taken seats are the reader's."""
        return int(self.state in (EnrolmentState.OFFERED, EnrolmentState.CONFIRMED))

    @property
    def in_squares(self) -> bool:
        """Return whether the seats are drawn one by one (design.md 4)."""
        return max(self.session.capacity, self.seats.taken) <= MOST_SQUARES

    @property
    def squares(self) -> list[str]:
        """Return the kind of each square: taken, mine, free, and after a bar those who wait."""
        taken = ["taken"] * (self.seats.taken - self.mine) + ["mine"] * self.mine
        return taken + ["free"] * self.free

    @property
    def waiting_squares(self) -> int:
        """Return how many who wait are drawn."""
        return min(self.seats.waiting, MOST_WAITING)

    @property
    def seats_spoken(self) -> str:
        """Return the seats as one sentence; more than there are is said as it is (rules 7, 8)."""
        return str(_("%(taken)d of %(capacity)d seats taken", taken=self.seats.taken, capacity=self.session.capacity))

    @property
    def seats_left(self) -> str:
        """Return what is left, in a word or two."""
        if self.seats.taken > self.session.capacity:
            return str(_("%(taken)d of %(capacity)d", taken=self.seats.taken, capacity=self.session.capacity))
        if not self.free:
            return str(_("Full"))
        return str(ngettext("%(num)d left", "%(num)d left", self.free))

    @property
    def seats_rest(self) -> str:
        """Return what follows: of how many, who waits, and which place one would get."""
        words = [_("of %(capacity)d", capacity=self.session.capacity)] if self.free else []
        if self.seats.waiting:
            words.append(ngettext("%(num)d waiting", "%(num)d waiting", self.seats.waiting))
        if self.state == EnrolmentState.WAITING and self.place:
            words.append(_("you are number %(place)d", place=self.place.number))
        elif self.is_open and not self.place and not self.has_seat_at_once:
            words.append(_("you would be number %(place)d", place=self.next_place))
        return " · ".join(words)

    @property
    def when(self) -> str:
        """Return the hours of the first date, in its own zone if that is not the reader's (C13)."""
        return hours(self.first) if self.first else ""

    @property
    def title_line(self) -> str:
        """Return the line under the title of the page."""
        if not self.first:
            return ""
        day = date_in_full(self.first.local_start.date())
        more = len(self.standing) - 1
        others = ngettext("and one more date", "and %(num)d more dates", more) if more else ""
        words = [f"{day[:1].upper()}{day[1:]}, {hours(self.first)}", self.where]
        return " · ".join(word for word in [*words, others] if word)

    @property
    def where(self) -> str:
        """Return the place, or that it is online."""
        return self.session.place or (_("online") if self.session.link else "")

    @property
    def who(self) -> str:
        """Return who teaches."""
        return self.session.taught_by or self.session.trainer.name

    @property
    def cost(self) -> str:
        """Return what it costs per person."""
        cost, currency = self.session.cost, self.session.currency
        return Money(cost, currency).words(language.current()) if cost and currency else ""


def priority_words(enrolment: Enrolment) -> str:
    """Return why somebody stands further forward in the queue (rule 9)."""
    written: dict[str | None, str] = {
        "session_cancelled": _("a session of the topic was cancelled"),
        "due_soon": _("it is mandatory and falls due soon"),
    }
    return written.get(enrolment.priority_reason) or enrolment.priority_reason or ""


def hours(date: SessionDate) -> str:
    """Return "9:00–13:00", with the zone where it is not the reader's."""
    zone = f" ({date.tz})" if date.tz != str(get_timezone()) else ""
    return f"{date.local_start:%H:%M}–{date.local_end:%H:%M}{zone}"


def leaf(date: SessionDate) -> tuple[str, str, str]:
    """Return weekday, day and month of a date, as on a leaf of a calendar."""
    day = date.local_start.date()
    words = (format_date(day, pattern, locale=get_locale()).strip(".") for pattern in ("EEE", "d", "MMM"))
    weekday, number, month = words
    return weekday, number, month


def line_of(date: SessionDate) -> str:
    """Return "jue 3 dic, 9:30–14:00"."""
    return f"{day_words(date.local_start.date())}, {hours(date)}"


def cards_of(sessions: Sequence[TrainingSession], person: Person, now: datetime) -> list[Card]:
    """Return the cards of several sessions, in three statements."""
    ids = [session.id for session in sessions]
    dates, seats = queries.dates_of_all(ids), queries.seats_of(ids, now)
    places = queries.places_of(person, ids, now)
    return [Card(each, dates[each.id], seats[each.id], places.get(each.id), now) for each in sessions]


def card_of(session: TrainingSession, person: Person, now: datetime) -> Card:
    """Return the card of one session."""
    return cards_of([session], person, now)[0]
