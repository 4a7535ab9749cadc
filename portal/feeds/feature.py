"""Wiring of calendars."""

from flask import Flask
from flask_babel import lazy_gettext as _

from portal.core import clock, navigation, subjects
from portal.core.events import subscribe
from portal.feeds import actions, invitations, words
from portal.feeds.views import calendar, feed, settings
from portal.notifications.actions import make_with
from portal.people.events import PersonDeactivated


def register(app: Flask) -> None:
    """Add calendars to the portal."""
    for bp in (calendar.bp, feed.bp, settings.bp):
        app.register_blueprint(bp)
    app.jinja_env.filters.update(weekday=words.weekday, month_in_full=words.month_in_full)
    subjects.register(invitations.subject())
    make_with("feeds/invitation", invitations.made)
    subscribe(PersonDeactivated, end_feed)
    navigation.register(navigation.Entry("calendar.month", _("My calendar"), "calendar", 10, group="own", phone=False))


def end_feed(event: PersonDeactivated) -> None:
    """End the feed in the transaction of the deactivation (PE-12)."""
    actions.end_feed_of_left(event.person_id, clock.now())
