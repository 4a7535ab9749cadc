"""The zone of a place: a name such as Europe/Madrid, or an offset such as +02:00 (TR-22)."""

import re
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, available_timezones

OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")
MOST_HOURS, MINUTES = 14, 60


def is_name(text: str) -> bool:
    """Return whether the text names a zone."""
    return text in available_timezones()


def is_zone(text: str) -> bool:
    """Return whether the text is a zone or an offset."""
    found = OFFSET.fullmatch(text)
    return is_name(text) or (found is not None and int(found[2]) <= MOST_HOURS and int(found[3]) < MINUTES)


def of(text: str) -> tzinfo:
    """Return the zone."""
    found = OFFSET.fullmatch(text)
    if found is None:
        return ZoneInfo(text)
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-offset if found[1] == "-" else offset)


def shown(moment: datetime, zone: str, page: str) -> tuple[datetime, str]:
    """Return the wall time at a place, and the zone's name where it differs from that of the page (TR-22)."""
    there, here = moment.astimezone(of(zone)), moment.astimezone(ZoneInfo(page))
    if there.utcoffset() == here.utcoffset():
        return here, ""
    return there, there.tzname() or zone
