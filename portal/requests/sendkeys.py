"""Send keys: signed into the page of a form, so that one intention is one request (forms.md 14)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.catalogue.models import Service
from portal.core import security
from portal.core.db import db
from portal.people.models import Person
from portal.requests import again

PURPOSE = "send_key"


@dataclass(frozen=True)
class Key:
    """What makes sending happen once: a random text, whose it is and for which service (forms.md 14)."""

    text: str
    person: str
    service: str

    @property
    def signed(self) -> str:
        """Return the key as the page carries it; the signature names the owner and never expires."""
        return security.sign(PURPOSE, [self.text, self.person, self.service])


def new_key(person: Person, service: Service, follows: str, now: datetime) -> Key:
    """Draw a key for a fresh form, perhaps for what is asked again."""
    return Key(again.new_key_text(follows, person, now), person.public_id, service.public_id)


def read_key(signed: str) -> Key | None:
    """Return what was signed, or None when nobody here has signed it."""
    found = security.unsign(PURPOSE, signed)
    return Key(*found) if found else None


def owner_of(key: Key) -> tuple[Person, Service] | None:
    """Return the active person and the service that a signed key names."""
    found = (
        select(Person, Service)
        .join(Service, Service.public_id == key.service)
        .where(Person.public_id == key.person, Person.active)
    )
    row = db.session.execute(found).first()
    return (row[0], row[1]) if row else None
