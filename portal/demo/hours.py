"""The hours of the windows, as calendars by which they work."""

from datetime import datetime

from portal.demo.company import DEPARTMENTS, FIRST_ADMINISTRATOR
from portal.demo.staff import ZONE, Cast
from portal.demo.words import both
from portal.service_levels import actions

WORKING_DAYS = ("mon", "tue", "wed", "thu", "fri")
ALL_DAYS = (*WORKING_DAYS, "sat", "sun")
ALWAYS = "00:00-24:00"


def set_hours(cast: Cast, begun: datetime) -> None:
    """Give each window its calendar."""
    administrator = cast[FIRST_ADMINISTRATOR]
    for window in DEPARTMENTS:
        if window.opens:
            opens, closes = window.opens.split("-")
            days = ALL_DAYS if window.opens == ALWAYS else WORKING_DAYS
            content = {
                "name": f"Horario de {both(window.name)['es']}",
                "zone": ZONE,
                "hours": {day: {opens: closes} for day in days},
                "exceptions": {},
            }
            calendar = actions.create_calendar(content, administrator, begun)
            its_own = [cast.departments[window.slug].id]
            actions.assign(calendar, its_own, its_own, administrator)
