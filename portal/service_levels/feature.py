"""Wiring of service levels."""

from datetime import datetime, timedelta

from flask import Flask

from portal.core.config import BadSetting
from portal.core.jobs import handler
from portal.people.queries import tell_openings_with
from portal.service_levels import jobs
from portal.service_levels.hours import CalendarError
from portal.service_levels.openings import openings
from portal.service_levels.queries import office_hours
from portal.service_levels.words import moment_words


def register(app: Flask) -> None:
    """Add calendars and clocks to the portal; refuse to start in a zone that does not exist."""
    try:
        office_hours(app.config["PORTAL_TIMEZONE"])
    except CalendarError:
        zone = app.config["PORTAL_TIMEZONE"]
        raise BadSetting(f"PORTAL_TIMEZONE is {zone!r}: name a zone such as Europe/Madrid.") from None
    tell_openings_with(openings)
    app.jinja_env.filters["iso_moment"] = lambda text: moment_words(datetime.fromisoformat(text))
    handler(jobs.SWEEP, jobs.sweep, every=timedelta(minutes=5))
    handler(jobs.WARN, jobs.warn_some)
    handler(jobs.TELL, jobs.tell_moved)
