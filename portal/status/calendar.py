"""The calendar of planned maintenance (SP-52): the library escapes, folds and ends lines."""

from datetime import UTC, timedelta

from icalendar import Calendar, Event

from portal.core.markup import without_markup
from portal.status.view import PublicMaintenance, PublicView

PAST = timedelta(days=90)


def calendar(view: PublicView, lang: str, address: str, authority: str, name: str) -> str:
    """Return coming windows and those of the last 90 days."""
    found = Calendar()
    found.add("prodid", f"-//{authority}//Ventanilla//{lang.upper()}")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", name)
    shown = [one for one in view.maintenances if one.scheduled_until > view.now - PAST]
    for one in sorted(shown, key=lambda window: (window.scheduled_for, window.id)):
        found.add_component(_event(one, lang, address, authority))
    return str(found.to_ical().decode())


def _event(one: PublicMaintenance, lang: str, address: str, authority: str) -> Event:
    event = Event()
    event.add("uid", f"{one.id}@{authority}")
    event.add("sequence", one.sequence)
    event.add("dtstamp", one.updated_at.astimezone(UTC))
    event.add("last-modified", one.updated_at.astimezone(UTC))
    event.add("dtstart", one.scheduled_for.astimezone(UTC))
    event.add("dtend", one.scheduled_until.astimezone(UTC))
    event.add("summary", one.name.text(lang))
    if one.updates:
        event.add("description", without_markup(one.updates[0].body.text(lang)))
    event.add("url", f"{address}/status/{lang}/maintenance/{one.id}")
    event.add("status", "CANCELLED" if one.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
