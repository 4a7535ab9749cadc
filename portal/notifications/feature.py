"""Wiring of the bell and outgoing mail."""

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _

from portal.core import clock, jobs, navigation
from portal.notifications import admin_views, policies, queries, sending, subscribers, views
from portal.people.models import Person


def register(app: Flask) -> None:
    """Add the bell, the mail worker and their pages to the portal."""
    app.register_blueprint(views.bp)
    app.register_blueprint(admin_views.bp)
    subscribers.install()
    navigation.warn_with(mail_warning)
    jobs.source("mail", sending.send_due)
    bell = navigation.Entry("notifications.index", _("News"), "bell", 20, group="tool", reads=queries.unread_of, count=unread)
    navigation.register(bell)
    for endpoint, label, icon, place in (
        ("machines.mail", _("Mail"), "mail", 92),
        ("machines.timed_work", _("Jobs"), "refresh", 93),
    ):
        navigation.register(navigation.Entry(endpoint, label, icon, place, group="own", phone=False, shown=looks_after_machines))


def unread(person: Person, lines: str | None) -> int:
    """Return the number at the bell."""
    return queries.still_unread(lines, person, clock.now())


def mail_warning(person: Person) -> Any:
    """Tell administrators on every page that mail waits for its server (CM rule 14)."""
    if looks_after_machines(person) and queries.mail_is_down():
        return _("The mail server is away. Mails wait and leave by themselves when it is back.")
    return None


def looks_after_machines(person: Person) -> bool:
    """Return whether the person's menu has the pages of mail and jobs."""
    return bool(policies.may_look_after_machines(person, clock.now()))
