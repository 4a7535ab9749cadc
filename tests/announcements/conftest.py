"""What tests of announcements share: publishing one, and a browser of somebody."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.announcements import actions
from portal.announcements.audiences import Group
from portal.announcements.models import Announcement
from portal.core import clock as told
from portal.core.db import db
from portal.people.models import Department, Person
from tests.cast.people import Cast, sign_in, token_of

Publish = Callable[..., Announcement]
ZONE = "Europe/Madrid"


def to(thing: Person | Department | str) -> Group:
    """Return the group that a department, a person or the words "employees" and "role:agent" mean."""
    if isinstance(thing, Department):
        return Group("department", thing.slug, thing.id, thing.name)
    if isinstance(thing, Person):
        return Group("person", thing.public_id, thing.id, thing.name)
    kind, _, value = thing.partition(":")
    return Group(kind, value)


def words(title: str = "Nuevos turnos", body: str = "Desde el lunes.") -> actions.Words:
    return actions.Words({"es": title, "en": f"{title} EN"}, {"es": body, "en": f"{body} EN"})


def make(cast: Cast, *audience: Any, at: datetime | None = None, by: Person | None = None, **values: Any) -> Announcement:
    """Publish an announcement of Customer Care, for its people unless others are named."""
    now = told.now()
    publish_at = at or now
    said = values.pop("words", None) or words()
    department = values.pop("department", cast.customer_care)
    groups = [to(each) for each in (audience or (cast.customer_care,))]
    wanted = actions.Composition(said, department, groups, publish_at.replace(tzinfo=None), publish_at, ZONE, **values)
    made = actions.publish(wanted, by or cast.editor, now)
    db.session.commit()
    return made


@pytest.fixture
def publish(cast: Cast) -> Publish:
    """Publish as the editor: `publish(cast.it, "role:head", level="to_confirm")`."""
    return lambda *audience, **values: make(cast, *audience, **values)


class Browser:
    """Somebody's browser without JavaScript; with `part` it asks as htmx does."""

    def __init__(self, app: Flask, person: Person) -> None:
        self.client: FlaskClient = sign_in(app.test_client(), person)

    def get(self, address: str, part: str = "") -> Any:
        return self.client.get(address, headers=_asks(part))

    def post(self, address: str, part: str = "", **values: Any) -> Any:
        return self.client.post(address, data=token_of(self.client) | values, headers=_asks(part))


def _asks(part: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": f"div#{part}"} if part else {}


@pytest.fixture
def visit(app: Flask) -> Callable[[Person], Browser]:
    """Return somebody's browser."""
    return lambda person: Browser(app, person)
