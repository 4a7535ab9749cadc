"""Wiring of service levels."""

from flask import Flask

from portal.core.config import BadSetting
from portal.people.queries import tell_openings_with
from portal.service_levels.hours import CalendarError
from portal.service_levels.openings import openings
from portal.service_levels.queries import office_hours


def register(app: Flask) -> None:
    """Add calendars to the portal; refuse to start in a zone that does not exist."""
    try:
        office_hours(app.config["PORTAL_TIMEZONE"])
    except CalendarError:
        zone = app.config["PORTAL_TIMEZONE"]
        raise BadSetting(f"PORTAL_TIMEZONE is {zone!r}: name a zone such as Europe/Madrid.") from None
    tell_openings_with(openings)
