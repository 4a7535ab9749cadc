"""The seed of the tests of clients and privacy (status-api.md 5): what is public, and beside it words nobody may find."""

from dataclasses import dataclass
from datetime import timedelta

from portal.core import clock
from portal.core.db import db
from portal.people.models import Person
from portal.status.actions import incidents
from portal.status.models import Component, ComponentGroup, Incident, Maintenance
from tests.factories import status as make

HIDDEN = (
    "INTERNALCOMPONENT",
    "INTERNALINCIDENT",
    "INTERNALMIXED",
    "EMBARGOEDINCIDENT",
    "EMBARGOEDUPDATE",
    "NOTEWORD",
    "INTERNALGROUP",
)


@dataclass
class Seed:
    """The things by their names."""

    group: ComponentGroup
    tracking: Component
    web: Component
    shops: Component
    phone: Component
    secret: Component
    open: Incident
    resolved: Incident
    embargoed: Incident
    internal: Incident
    running: Maintenance
    coming: Maintenance
    past: Maintenance


def seed(by: Person) -> Seed:
    """Write one group with two children, two single components, incidents and windows; the caller commits."""
    now = clock.now()
    group = make.group("Customers")
    tracking, web = make.component("Tracking", group=group), make.component("Web", group=group)
    shops, phone = make.component("Shops"), make.component("Phone")
    hidden_group = make.group("INTERNALGROUP", visibility="internal")
    secret = make.component("INTERNALCOMPONENT", visibility="internal")
    make.component("INTERNALCOMPONENT two", group=hidden_group)
    open_ = make.incident(by, {tracking: "partial_outage", secret: "major_outage"}, name="Tracking is slow")
    incidents.note(open_, "NOTEWORD", by, now)
    resolved = make.incident(by, {web: "major_outage"}, name="Web was away", ago=timedelta(hours=5))
    make.say(resolved, by, "resolved", "Good again.")
    internal = make.incident(by, {secret: "major_outage"}, name="INTERNALINCIDENT", body="INTERNALINCIDENT")
    make.incident(by, name="INTERNALMIXED", body="INTERNALMIXED", internal=True)
    later = now + timedelta(hours=3)
    embargoed = make.incident(by, {phone: "major_outage"}, name="EMBARGOEDINCIDENT", body="EMBARGOEDINCIDENT", published_at=later)
    make.say(open_, by, "resolved", "EMBARGOEDUPDATE", published_at=later)
    running = make.window(by, {shops: "under_maintenance"}, start=now - timedelta(hours=1), name="Shops move")
    coming = make.window(by, {web: "under_maintenance"}, name="New servers")
    past = make.window(by, {web: "under_maintenance"}, start=now - timedelta(days=3), name="Old servers")
    db.session.commit()
    return Seed(group, tracking, web, shops, phone, secret, open_, resolved, embargoed, internal, running, coming, past)
