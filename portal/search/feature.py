"""Wiring of the search."""

from flask import Flask
from flask_babel import lazy_gettext as _

from portal.core import clock, navigation
from portal.people.models import Person
from portal.people.queries import visible_to
from portal.search import kinds, people, policies, subscribers
from portal.search.commands import search_commands
from portal.search.views import bp


def may_read_misses(person: Person) -> bool:
    """Return whether the person's menu has the page of what was looked for in vain."""
    return bool(policies.may_read_misses(person, clock.now()))


def register(app: Flask) -> None:
    """Add the search to the portal, and people as the first kind that it finds."""
    app.register_blueprint(bp)
    app.cli.add_command(search_commands)
    subscribers.install()
    navigation.register(navigation.Entry("search.index", _("Search"), "search", position=10, group="tool", phone=False))
    navigation.register(
        navigation.Entry("search.misses", _("Looked for in vain"), "search", 94, group="own", phone=False, shown=may_read_misses)
    )
    kinds.register(
        kinds.Source(
            kind=people.KIND,
            label=_("People"),
            position=10,
            model=Person,
            visible_to=visible_to,
            listed=people.listed,
            document=people.document,
            endpoint="people.show",
            icon="user",
            template="search/_person.html",
            rows=people.rows,
        )
    )
