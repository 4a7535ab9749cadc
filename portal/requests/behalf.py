"""Asking for somebody else: who it is for, and whether that person may have it (forms.md 21)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.catalogue import queries as catalogue
from portal.catalogue.formkit.values import Choice
from portal.catalogue.models import Service
from portal.core.db import db
from portal.people.models import Person
from portal.requests import policies
from portal.requests.queries import is_offered


@dataclass(frozen=True)
class ForWhom:
    """For whom a form is filled in: nobody else, a person, or a text that means nobody yet and what is wrong with it."""

    text: str = ""
    person: Person | None = None
    problem: str = ""
    suggestions: Sequence[Choice] = ()


def read(text: str, by: Person, service: Service, now: datetime) -> ForWhom:
    """Return the person that a text means, if `by` may ask for others and the service is for that person (FO20)."""
    if not text.strip():
        return ForWhom()
    allowed = policies.may_ask_for_others(by, service, now)
    if not allowed:
        return ForWhom(text, problem=allowed.reason)
    found = catalogue.people_for(by, now, text)
    if len(found) != 1:
        several = _("Several people have this name: choose one.")
        unknown = _("Nobody of this name or address is in the directory.")
        return ForWhom(text, problem=several if found else unknown, suggestions=found)
    return _checked(found[0], by, service, now)


def _checked(choice: Choice, by: Person, service: Service, now: datetime) -> ForWhom:
    person = db.session.scalars(select(Person).where(Person.public_id == choice.value)).one()
    shown = f"{choice.label} · {choice.help}" if choice.help else str(choice.label)
    if person.id == by.id:
        return ForWhom()
    if not is_offered(service.id, person, now):
        return ForWhom(shown, problem=_("%(name)s cannot ask for this service, so nobody can ask for them.", name=person.name))
    return ForWhom(shown, person)
