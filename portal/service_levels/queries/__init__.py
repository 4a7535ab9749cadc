"""Finding calendars."""

from portal.service_levels.queries.calendars import calendar_of, office_hours

__all__ = ["calendar_of", "office_hours"]
