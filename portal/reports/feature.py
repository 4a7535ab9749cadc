"""Wiring of reports."""

from flask import Flask
from flask_babel import lazy_gettext as _

from portal.core import clock, navigation
from portal.people.models import Person
from portal.reports import policies, views


def register(app: Flask) -> None:
    """Add the boards of departments to the portal."""
    app.register_blueprint(views.bp)
    navigation.register(
        navigation.Entry(
            "reports.board", _("Promises"), "trending-up", position=90, group="role", phone=False, minor=True, shown=works
        )
    )


def works(person: Person) -> bool:
    """Return whether the person has a board."""
    return bool(policies.may_see_boards(person, clock.now()))
