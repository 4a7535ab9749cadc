"""Wiring of people and departments."""

from flask import Flask, url_for
from flask_babel import lazy_gettext as _

from portal.core import clock, navigation, security, subjects, text
from portal.core.navigation import Entry
from portal.people import policies, queries, words
from portal.people.models import Person
from portal.people.views import (
    absences,
    admin_departments,
    admin_import,
    admin_people,
    admin_roles,
    directory,
    language,
    profile,
)
from portal.people.views.common import admin_bp, bp, picker_of

PAGES = (
    absences,
    admin_departments,
    admin_import,
    admin_people,
    admin_roles,
    directory,
    language,
    profile,
)  # importing them has filled the blueprint


def register(app: Flask) -> None:
    """Add the people package to the portal."""
    app.register_blueprint(bp)
    app.register_blueprint(admin_bp)
    app.jinja_env.globals.update(languages=language.languages, return_target=security.return_target, picker_of=picker_of)
    app.jinja_env.filters.update(
        initials=text.initials, role=words.role_words, last_day=words.last_day, last_full_day=words.last_full_day
    )
    subjects.register(PERSON)
    navigation.register(Entry("people.index", _("People"), "users", 70, phone=False))
    manages = Entry(
        "people_admin.index", _("Manage people"), "user-check", 300, group="role", phone=False, minor=True, shown=administers
    )
    navigation.register(manages)
    navigation.register(Entry("people.profile", _("My entry"), "user", 900, group="own"))
    navigation.register(Entry("people.absences", _("My absences"), "calendar", 910, group="own", shown=may_be_away))


def administers(person: Person) -> bool:
    """Return whether the person sees the administration of people."""
    return bool(policies.may_see_administration(person, clock.now()))


def may_be_away(person: Person) -> bool:
    """Return whether the person may say that they will be away."""
    return bool(policies.may_register_absence(person, clock.now()))


PERSON = subjects.Subject(
    kind="person",
    model=Person,
    visible_to=queries.visible_to,
    title=lambda person: str(person.name),
    address=lambda person: url_for("people.show", public_id=person.public_id),
    reference=lambda person: str(person.name),
)
