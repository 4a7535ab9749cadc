"""What an item waits for: open incidents and maintenance of the public components it depends on (TR-11)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select

from portal.audit import actions as audit
from portal.core import language
from portal.core.db import db, lock
from portal.people.models import Person
from portal.status import queries as status
from portal.status.models import Component, ComponentGroup
from portal.tracking.models import TrackedItem, TrackedItemComponent
from portal.tracking.words import moment

KIND = "tracked_item"
RUNNING = ("in_progress", "verifying")


@dataclass(frozen=True)
class Touch:
    """One incident or window, in public words only."""

    title: str
    lang: str
    components: str
    until: str
    url: str
    stamp: str


def touches(item: TrackedItem, now: datetime) -> Sequence[Touch]:
    """Return what is open now; what is internal, embargoed or over is not there (TR17)."""
    wanted = ids_of(item)
    if not wanted:
        return []
    view, lang = status.public_view(now), language.current()
    names = {one.id: one.name.text(lang) for one in view.components if one.id in wanted}

    def touch(one: Any, until: str, url: str) -> Touch:
        named = ", ".join(names[component] for component in one.components if component in names)
        return Touch(one.name.text(lang), one.name.language(lang), named, until, url, f"{one.id} {one.updated_at}")

    incidents = [
        touch(one, "", f"/status/{lang}/incidents/{one.id}") for one in view.open_incidents if wanted & {*one.components}
    ]
    windows = [one for one in view.maintenances if one.state in RUNNING and wanted & {*one.components}]
    return incidents + [
        touch(one, moment(one.scheduled_until, item.zone), f"/status/{lang}/maintenance/{one.id}") for one in windows
    ]


def ids_of(item: TrackedItem) -> set[str]:
    """Return the public ids of the components on which an item depends."""
    mine = select(Component.public_id).join(TrackedItemComponent, TrackedItemComponent.component_id == Component.id)
    return set(db.session.scalars(mine.where(TrackedItemComponent.item_id == item.id)))


def offered(person: Person, now: datetime) -> Sequence[Component]:
    """Return the public components that an item may depend on."""
    hidden = select(ComponentGroup.id).where(ComponentGroup.visibility != "public")
    there = or_(Component.group_id.is_(None), Component.group_id.not_in(hidden))
    return db.session.scalars(status.components_for(person, now).where(Component.visibility == "public", there)).all()


def depend(item: TrackedItem, on: Iterable[Component], by: Person, now: datetime) -> None:
    """Let an item depend on these components and no others."""
    item, chosen = lock(TrackedItem, item.id), sorted({one.id for one in on})
    db.session.execute(delete(TrackedItemComponent).where(TrackedItemComponent.item_id == item.id))
    if chosen:
        db.session.execute(insert(TrackedItemComponent), [{"item_id": item.id, "component_id": id_} for id_ in chosen])
    item.revision += 1
    audit.record(by, "tracked_item.depends", KIND, item.id, after={"components": len(chosen)})
