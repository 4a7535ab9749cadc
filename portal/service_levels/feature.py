"""Wiring of service levels."""

from datetime import datetime, timedelta

from flask import Flask
from flask_babel import lazy_gettext as _

from portal.core import clock, navigation
from portal.core.config import BadSetting
from portal.core.jobs import handler
from portal.people.models import Person
from portal.people.queries import tell_openings_with
from portal.service_levels import jobs, policies
from portal.service_levels.hours import CalendarError
from portal.service_levels.openings import openings
from portal.service_levels.queries import office_hours
from portal.service_levels.views import calendars, levels, settings  # noqa: F401  importing it fills the blueprint
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
    app.register_blueprint(calendars.bp)
    navigation.register(
        navigation.Entry(
            "service_levels.calendars",
            _("Calendars"),
            "calendar",
            310,
            group="role",
            phone=False,
            minor=True,
            shown=changes_calendars,
        )
    )


def changes_calendars(person: Person) -> bool:
    """Return whether the person sees the pages of calendars."""
    return bool(policies.may_open(person, clock.now()))
