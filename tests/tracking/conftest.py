"""A shipment of IT with its code, and what visitors do with it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.core import clock
from portal.core.db import db
from portal.tracking import actions, codes, queries
from portal.tracking.models import TrackedItem
from portal.tracking.promises import read
from portal.tracking.states import State
from tests.cast.people import Cast

ZONE = "Europe/Madrid"
HIDDEN = ("2026-00412", "SECRETCONTENTS", "SECRETCONTACT", "SECRETPROOF", "SECRETNOTE", "28001", "secret@client.example", "Calle")


def at(text: str) -> datetime:
    """Return an instant of 2026."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


@dataclass
class Parcel:
    """An item with its code."""

    item: TrackedItem
    code: str

    @property
    def path(self) -> str:
        return f"/track/es/{codes.shown(self.code)}"

    def told(self, state: str, when: str, place: str = "", source: str = "import", **more: Any) -> str:
        """Let a source report a checkpoint."""
        told = actions.Report(State(state), at(when), ZONE, place=place, **more)
        done = actions.report(self.item, queries.source(source), told, None, clock.now())
        db.session.flush()
        return done

    def promised(self, day: str, reason: str = "", last: str = "") -> None:
        """Promise a day."""
        now = clock.now()
        actions.promise(self.item, read(day, last, ZONE), reason, queries.source("import"), None, now, now)

    def share(self) -> str:
        """Return the address of a share code."""
        code = actions.issue_code(self.item, None, clock.now(), shared=True)
        return f"/track/es/{codes.shown(code)}"


@pytest.fixture
def parcel(cast: Cast, clock: Any) -> Parcel:
    """A shipment that was accepted this morning, with a factor of either kind."""
    return make_parcel(cast)


def make_parcel(cast: Cast, reference: str = "2026-00412") -> Parcel:
    now = clock.now()
    new = actions.Registration(
        "shipment", reference, cast.it, ZONE, "28001", "secret@CLIENT.example", "SECRETCONTENTS", "SECRETCONTACT"
    )
    item = actions.register(new, None, now)
    item.proof = "SECRETPROOF"
    made = Parcel(item, actions.issue_code(item, None, now))
    made.told("accepted", "03-02 07:00", "Calle Mayor 3, Getafe", note="SECRETNOTE")
    return made


def from_(app: Any, address: str = "192.0.2.1") -> FlaskClient:
    """Return a visitor at an address of the network."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client
