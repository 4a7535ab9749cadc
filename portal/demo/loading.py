"""The demo from the first person to the last request, in one transaction."""

from datetime import datetime, timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select

from portal.accounts.actions import hash_password
from portal.core import clock
from portal.core.db import db, reading, transaction
from portal.core.errors import Refused
from portal.demo import history, hours, staff, teams, windows
from portal.demo.company import DOMAIN, FIRST_ADMINISTRATOR
from portal.people.models import Person

PASSWORD = "ventanilla-demo"  # noqa: S105 - public, and accounts with it exist in the demo only
ENVIRONMENTS = ("demo", "test")
HISTORY = timedelta(days=240)


def refuse_where_it_must_not_be() -> None:
    """Let the demo into no portal that people use (contract.md, "Demo organisation")."""
    if current_app.config["PORTAL_ENV"] not in ENVIRONMENTS:
        raise Refused(_("The demo organisation is loaded only where PORTAL_ENV is demo: its passwords are public."))


def has_people() -> bool:
    """Return whether anybody is there."""
    return _any(Person.id.is_not(None))


def is_there() -> bool:
    """Return whether the demo organisation is loaded already."""
    return _any(Person.email == f"{FIRST_ADMINISTRATOR}@{DOMAIN}")


def _any(condition: ColumnElement[bool]) -> bool:
    with reading():
        found = db.session.scalar(select(Person.id).where(condition).limit(1))
        db.session.rollback()
    return found is not None


def refuse_unless_empty() -> None:
    """Load the demo once only, and never beside real people."""
    if has_people():
        raise Refused(_("There are people in this database already: the demo organisation needs an empty one."))


def load(now: datetime) -> int:
    """Build the demo organisation and its history up to now; return how many requests it has."""
    refuse_where_it_must_not_be()
    refuse_unless_empty()
    password_hash = hash_password(PASSWORD)
    begun = now - HISTORY
    with transaction(), force_locale("es"):
        with clock.at(begun):
            cast = staff.engage(password_hash, begun)
            hours.set_hours(cast, begun)
            catalogue = windows.open_windows(cast, begun)
            teams.form(cast, catalogue, begun)
        return history.tell(cast, catalogue, now)
