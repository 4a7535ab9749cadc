"""What states, promises and moments are called, for visitors and for staff."""

import re
from datetime import date, datetime, timedelta
from itertools import pairwise

from babel.dates import format_date
from flask_babel import get_locale, get_timezone, lazy_gettext
from flask_babel import gettext as _

from portal.core import language
from portal.core.text import NBSP, date_in_full, day_words
from portal.tracking import zones
from portal.tracking.models import TrackingPromise
from portal.tracking.promises import Promise
from portal.tracking.states import State

HOUSE_NUMBER = re.compile(r"\D{0,3}\d+\s?\w{0,4}")  # "5", "5 bis", "nº 5"
S = State
STATES = {
    S.RECEIVED: lazy_gettext("Order received"),
    S.ACCEPTED: lazy_gettext("Accepted"),
    S.IN_PROGRESS: lazy_gettext("Being prepared"),
    S.SHIPPED: lazy_gettext("On its way"),
    S.OUT_FOR_DELIVERY: lazy_gettext("Out for delivery"),
    S.READY_FOR_PICKUP: lazy_gettext("Ready to be picked up"),
    S.COMPLETED: lazy_gettext("Delivered"),
    S.ON_HOLD: lazy_gettext("On hold"),
    S.ATTEMPT_FAILED: lazy_gettext("Delivery attempted"),
    S.DELAYED: lazy_gettext("Delayed"),
    S.EXCEPTION: lazy_gettext("Something went wrong"),
    S.RETURNED: lazy_gettext("Returned to the sender"),
    S.CANCELLED: lazy_gettext("Called off"),
    S.EXPIRED: lazy_gettext("No news for a long time"),
}
NEXT = {
    S.RECEIVED: lazy_gettext("Next: we look at the order and accept it."),
    S.ACCEPTED: lazy_gettext("Next: we get it ready."),
    S.IN_PROGRESS: lazy_gettext("Next: it leaves for its destination."),
    S.SHIPPED: lazy_gettext("Next: it goes out for delivery."),
    S.OUT_FOR_DELIVERY: lazy_gettext("Next: it is handed over. Somebody should be there."),
    S.READY_FOR_PICKUP: lazy_gettext("Next: you pick it up. Bring the code."),
    S.COMPLETED: lazy_gettext("Nothing more is needed."),
    S.ON_HOLD: lazy_gettext("Next: it goes on as soon as what holds it up is settled."),
    S.ATTEMPT_FAILED: lazy_gettext("Next: we try again on the following working day."),
    S.DELAYED: lazy_gettext("Next: it goes on, or you get a new date."),
    S.EXCEPTION: lazy_gettext("Next: we find out what happened."),
    S.RETURNED: lazy_gettext("It is back with the sender, who can send it again."),
    S.CANCELLED: lazy_gettext("It will not be delivered."),
    S.EXPIRED: lazy_gettext("We have heard nothing for 30 days. Ask the sender."),
}
ICONS = {
    S.SHIPPED: "truck",
    S.OUT_FOR_DELIVERY: "truck",
    S.READY_FOR_PICKUP: "building",
    S.COMPLETED: "check",
    S.RETURNED: "arrow-back-up",
    S.CANCELLED: "x",
    S.EXPIRED: "history",
    S.ON_HOLD: "player-pause",
    S.DELAYED: "clock",
    S.ATTEMPT_FAILED: "alert-triangle",
    S.EXCEPTION: "alert-triangle",
}
TAGS = {
    S.RECEIVED: "new",
    S.ON_HOLD: "paused",
    S.ATTEMPT_FAILED: "late",
    S.EXCEPTION: "late",
    S.READY_FOR_PICKUP: "waiting",
    S.COMPLETED: "done",
    S.RETURNED: "closed",
    S.CANCELLED: "stopped",
    S.EXPIRED: "closed",
    S.DELAYED: "late",
}
KINDS = {"order": lazy_gettext("Customer order"), "shipment": lazy_gettext("Shipment"), "request": lazy_gettext("Request")}
NEWS_RECEIVED = lazy_gettext("news received")


def state_words(state: str) -> str:
    """Return what a state is called."""
    return str(STATES[State(state)])


def next_step(state: str) -> str:
    """Return what happens next, in one sentence."""
    return str(NEXT[State(state)])


def icon(state: str) -> str:
    """Return the symbol of a state; always with words."""
    return ICONS.get(State(state), "circle-dot")


def tag(state: str) -> str:
    """Return the general state that colours the tag of a state."""
    return TAGS.get(State(state), "working")


def kind_words(kind: str) -> str:
    """Return what a kind of item is called."""
    return str(KINDS[kind])


def moment(at: datetime, zone: str) -> str:
    """Return "hoy, 9:50", or with the zone's name where the place has another time than the page (TR-22)."""
    there, name = zones.shown(at, zone, str(get_timezone()))
    words = f"{day_words(there.date())}, {there:%H:%M}"
    return f"{words}{NBSP}({name})" if name else words


def coarse(place: str) -> str:
    """Return a place as everybody with the code may read it: no house numbers, no streets (TR-11)."""
    if not _has_number(place):
        return place
    *before, last = [part.strip() for part in place.split(",")]
    return "" if not before or _has_number(last) or _is_street_of_number(before) else last


def _has_number(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


def _is_street_of_number(before: list[str]) -> bool:
    """Return whether what follows is a street: its number stands alone before it, and no other street does ("5, Calle Mayor")."""
    *earlier, number = before
    return HOUSE_NUMBER.fullmatch(number) is not None and all(map(_has_number, earlier))


def arrival(promise: Promise, zone: str) -> tuple[str, str]:
    """Return the day and the hour of a promise in words; a date is the same everywhere (TR-23)."""
    if promise.instant is not None:
        there, name = zones.shown(promise.instant, zone, str(get_timezone()))
        return date_in_full(there.date()), _("at %(time)s", time=f"{there:%H:%M}") + (f"{NBSP}({name})" if name else "")
    first, last = promise.first, promise.last
    if first is None or last is None or first == last:
        return date_in_full(last or date.min), ""
    return _("from %(first)s to %(last)s", first=date_in_full(first), last=date_in_full(last)), ""


def moves(promises: list[TrackingPromise], zone: str) -> list[str]:
    """Return "moved from 9 to 11 August: customs" for each change of a promise, the newest first (TR-23)."""
    pairs = pairwise(promises)
    return [_move(old.promise, new.promise, new.reason, zone) for old, new in pairs][::-1]


def _move(old: Promise, new: Promise, reason: str, zone: str) -> str:
    before, after = _short(old, zone), _short(new, zone)
    if old.instant is None and new.instant is None and old.first == old.last and new.first == new.last and old.last and new.last:
        same_month = (old.last.year, old.last.month) == (new.last.year, new.last.month)
        before = str(old.last.day) if same_month else before
    words = _("moved from %(before)s to %(after)s", before=before, after=after)
    return f"{words}: {reason}" if reason else words


def _short(promise: Promise, zone: str) -> str:
    if promise.instant is not None:
        there, _name = zones.shown(promise.instant, zone, str(get_timezone()))
        return f"{_day(there.date())}, {there:%H:%M}"
    if promise.first and promise.last and promise.first != promise.last:
        return f"{_day(promise.first)} – {_day(promise.last)}"
    return _day(promise.last or date.min)


def _day(day: date) -> str:
    return str(format_date(day, "d 'de' MMMM" if language.current() == "es" else "d MMMM", locale=get_locale()))


def days_late(first: Promise, now: Promise, zone: str) -> timedelta:
    """Return how much later than first promised it is expected."""
    return now.passes_at(zone) - first.passes_at(zone)


FILE_REFUSALS = {
    "size": lazy_gettext("The file is larger than 20 MB."),
    "encoding": lazy_gettext("The file is not UTF-8. Save it again as “CSV UTF-8”."),
    "csv": lazy_gettext("The file is no CSV that can be read. Look at line"),
    "rows": lazy_gettext("The file has more than 50,000 rows. Divide it."),
    "unknown": lazy_gettext("The file has columns that nobody knows:"),
    "missing": lazy_gettext("The file lacks these columns:"),
    "twice": lazy_gettext("A column appears twice."),
}
REFUSALS = {
    "cells": lazy_gettext("the row has more cells than the header"),
    "empty": lazy_gettext("the cell is empty"),
    "long": lazy_gettext("the text is too long"),
    "control": lazy_gettext("the text holds control characters"),
    "kind": lazy_gettext("say “order” or “shipment”"),
    "state": lazy_gettext("there is no such state"),
    "time": lazy_gettext("this is no date with a time that a calendar has"),
    "zone": lazy_gettext("there is no such time zone"),
    "weak": lazy_gettext("a postal code has at least 4 letters or digits"),
    "weaker": lazy_gettext("an import never weakens a second factor"),
    "email": lazy_gettext("this is no e-mail address"),
    "foreign": lazy_gettext("another department looks after this one"),
}


def file_refusal(reason: str, detail: str) -> str:
    """Return why a file is refused as a whole."""
    return f"{FILE_REFUSALS[reason]} {detail}".strip()


def refusal(reason: str) -> str:
    """Return why a row is refused."""
    return str(REFUSALS[reason])
