"""Short ways for the tests of accounts."""

from typing import Any

import pyotp
from flask.testing import FlaskClient

from portal.accounts.models import TotpSecret
from portal.core import clock
from portal.core.db import db
from portal.people.models import Person
from tests.cast.people import LONG_AGO, PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def type_password(client: FlaskClient, name: str, password: str = PASSWORD, **more: str) -> Any:
    """Send the sign-in form."""
    return client.post("/sign-in", data={"name": name, "password": password, **more})


def cookie(client: FlaskClient, name: str = "session") -> str | None:
    found = client.get_cookie(name)
    return found.value if found else None


def enrol(person: Person) -> None:
    """Give a person an authenticator app."""
    db.session.add(TotpSecret(person_id=person.id, secret=SECRET, last_step=0, confirmed_at=LONG_AGO))
    db.session.commit()


def code(secret: str = SECRET, steps: int = 0) -> str:
    """The code that the app shows now, or some steps later."""
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()) + 30 * steps)
