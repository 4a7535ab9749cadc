"""History in words, in the reader's language: who did what (design.md 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from portal.core.text import in_language, time_words
from portal.requests.models import RequestEvent

# kind: (when the reader did it, when somebody else did, the drawing beside it)
LINES: Mapping[str, tuple[Any, Any, str]] = {
    "sent": (_("You asked for it"), _("%(by)s asked for it"), "send"),
    "approved": (_("You approved it"), _("%(by)s approved it"), "circle-check"),
    "approved_for": (_("You approved it for %(absent)s"), _("%(by)s approved it for %(absent)s"), "circle-check"),
    "opened": (_("Approved: the work can start"), _("Approved: the work can start"), "inbox"),
    "rejected": (_("You rejected it"), _("%(by)s rejected it"), "x"),
    "returned": (_("You asked for corrections"), _("%(by)s asks for corrections"), "arrow-back-up"),
    "asked_again": (_("You had it decided again"), _("%(by)s had it decided again"), "refresh"),
    "resubmitted": (_("You sent it again, corrected"), _("%(by)s sent it again, corrected"), "send"),
    "corrected": (_("You changed your answers"), _("%(by)s changed the answers"), "pencil"),
    "withdrawn": (_("You withdrew it"), _("%(by)s withdrew it"), "x"),
    "taken": (_("You took it"), _("%(by)s took it"), "hand-grab"),
    "assigned": (_("You gave it to %(person)s"), _("%(by)s gave it to %(person)s"), "user-check"),
    "released": (_("You gave it back"), _("%(by)s gave it back"), "arrow-back-up"),
    "left": (_("%(person)s no longer works here: nobody has it"), _("%(person)s no longer works here: nobody has it"), "user"),
    "nobody": (_("Nobody has it"), _("Nobody has it"), "inbox"),
    "moved": (
        _("You moved it from %(origin)s to %(target)s"),
        _("%(by)s moved it from %(origin)s to %(target)s"),
        "arrow-right",
    ),
    "handed_over": (_("You handed it to %(team)s"), _("%(by)s handed it to %(team)s"), "users"),
    "handed_back": (_("You took it from %(team)s"), _("%(by)s took it from %(team)s"), "users"),
    "team_ended": (_("The team %(team)s is no more"), _("The team %(team)s is no more"), "users"),
    "asked": (_("You wait for an answer"), _("%(by)s waits for an answer"), "player-pause"),
    "answered": (_("Answered: the work goes on"), _("Answered: the work goes on"), "player-play"),
    "solved": (_("You solved it"), _("%(by)s solved it"), "check"),
    "closed": (_("You said that all is fine"), _("%(by)s said that all is fine"), "checks"),
    "expired": (_("Closed: nobody objected in time"), _("Closed: nobody objected in time"), "checks"),
    "reopened": (_("You reopened it"), _("%(by)s reopened it"), "refresh"),
    "followed": (_("You added %(person)s, who sees it now"), _("%(by)s added %(person)s, who sees it now"), "users-plus"),
    "unfollowed": (_("You removed %(person)s"), _("%(by)s removed %(person)s"), "minus"),
    "date_moved": (
        _("The date is %(new)s now, before %(old)s: opening hours or what is promised were changed"),
        _("The date is %(new)s now, before %(old)s: opening hours or what is promised were changed"),
        "calendar",
    ),
    "assessed": (
        _("You set the priority to %(priority)s (from impact and urgency: %(computed)s)"),
        _("%(by)s set the priority to %(priority)s (from impact and urgency: %(computed)s)"),
        "trending-up",
    ),
    "paused": (_("You paused it%(until)s: %(reason)s"), _("%(by)s paused it%(until)s: %(reason)s"), "player-pause"),
    "noted_pause": (
        _("It waits%(until)s, and its clock goes on: %(reason)s"),
        _("It waits%(until)s, and its clock goes on: %(reason)s"),
        "clock",
    ),
    "pause_note": (_("You noted why it waits"), _("%(by)s noted why it waits"), "lock"),
    "resumed": (_("You let it go on"), _("%(by)s let it go on"), "player-play"),
    "expected": (_("You expect it%(until)s"), _("%(by)s expects it%(until)s"), "calendar"),
    "annulled": (
        _("You said why a missed promise does not count"),
        _("%(by)s said why a missed promise does not count"),
        "scale",
    ),
    "merged": (_("You merged it with another request"), _("%(by)s merged it with another request"), "copy"),
    "took_in": (_("You merged %(reference)s into it"), _("%(by)s merged %(reference)s into it"), "copy"),
    "part": (_("You split it off from %(reference)s"), _("%(by)s split it off from %(reference)s"), "copy"),
    "split": (_("You split %(reference)s off"), _("%(by)s split %(reference)s off"), "copy"),
    "renamed": (_("You changed its title; before: %(before)s"), _("%(by)s changed its title; before: %(before)s"), "pencil"),
    "follow_up": (_("You asked again: %(reference)s"), _("%(by)s asked again: %(reference)s"), "send"),
}
# data of events that is an instant, or empty
DATES = ("old", "new")


@dataclass(frozen=True)
class Line:
    """One line of history as the page draws it."""

    title: str
    text: str
    icon: str


def line(event: RequestEvent, reader_id: int | None) -> Line:
    """Return the event in words for one reader."""
    own, other, icon = LINES[event.data.get("as", event.kind)]
    words = {name: in_language(value) if isinstance(value, Mapping) else value for name, value in event.data.items()}
    words["by"] = event.by.name if event.by else ""
    words |= {name: _when(event.data[name]) for name in DATES if name in event.data}
    words["until"] = _until(event.data.get("until"), event.kind)
    mine = event.by_id is not None and event.by_id == reader_id
    return Line(str(own if mine else other) % words, str(event.data.get("text", "")), icon)


def _when(instant: str) -> str:
    return time_words(datetime.fromisoformat(instant)) if instant else str(_("no date"))


def _until(instant: str | None, kind: str) -> str:
    """Return how long it waits, or for when it is expected, as a part of a sentence."""
    if not instant:
        return ""
    time = time_words(datetime.fromisoformat(instant))
    said = _(" for %(time)s", time=time) if kind == "expected" else _(" until %(time)s", time=time)
    return str(said)
