"""Saved views of a queue: filters under a name; they choose among what one sees anyway (requests.md 15)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask_babel import gettext as _
from sqlalchemy import Select, and_, delete, func, or_, select
from sqlalchemy.orm import joinedload

from portal.audit import actions as audit
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.core.text import fold
from portal.people.models import Department, Person, Role
from portal.people.queries import departments_as
from portal.requests.tables import DefaultView, SavedView

KIND = "saved_view"
MOST_OWN, MOST_SHARED = 20, 20


@dataclass(frozen=True)
class Kept:
    """A saved view as the queue offers it to one person."""

    view: SavedView
    is_default: bool

    @property
    def filters(self) -> Mapping[str, str]:
        """Return what the view asks of the queue."""
        return filters_of(self.view)


def filters_of(view: SavedView) -> dict[str, str]:
    """Return the filters that a view keeps."""
    return dict(parse_qsl(view.query))


def visible_to(person: Person, now: datetime) -> Select[SavedView]:
    """Select the person's own views and the shared ones, of the queues in which the person works now."""
    queues = departments_as(person, Role.AGENT, now)
    found = select(SavedView).options(joinedload(SavedView.owner))
    return found.where(SavedView.department_id.in_(queues), or_(SavedView.owner_id == person.id, SavedView.shared))


def views_of(department_id: int, person: Person, now: datetime) -> Sequence[Kept]:
    """Return the views of a queue that the person may use, own ones first, then by name."""
    theirs = and_(DefaultView.view_id == SavedView.id, DefaultView.person_id == person.id)
    found = visible_to(person, now).add_columns(DefaultView.view_id).outerjoin(DefaultView, theirs)
    found = found.where(SavedView.department_id == department_id)
    rows = db.session.execute(found.order_by(SavedView.shared, SavedView.name_folded, SavedView.id))
    return [Kept(view, default is not None) for view, default in rows]


def save(department: Department, name: str, filters: Mapping[str, str], shared: bool, by: Person, now: datetime) -> SavedView:
    """Keep filters under a name."""
    if not filters:
        raise Refused(_("Choose a filter first: without one it is the view of all open requests."))
    view = SavedView(owner_id=by.id, department_id=department.id, query=urlencode(dict(filters)))
    _name(view, name, shared, by)
    db.session.add(view)
    db.session.flush()
    audit.record(by, "saved_view.created", KIND, view.id, after=_facts(view))
    return view


def change(view: SavedView, name: str, shared: bool, by: Person) -> None:
    """Rename it, share it, or keep it for oneself again; then nobody else's queue opens with it any more."""
    before = _facts(view)
    _name(view, name, shared, by)
    if not shared:
        others = (DefaultView.view_id == view.id, DefaultView.person_id != view.owner_id)
        db.session.execute(delete(DefaultView).where(*others))
    db.session.flush()
    audit.record(by, "saved_view.changed", KIND, view.id, before=before, after=_facts(view))


def remove(view: SavedView, by: Person) -> None:
    """Take it away; the queues that opened with it open with everything again."""
    audit.record(by, "saved_view.removed", KIND, view.id, before=_facts(view))
    db.session.execute(delete(DefaultView).where(DefaultView.view_id == view.id))
    db.session.delete(view)
    db.session.flush()


def open_with(view: SavedView, by: Person, on: bool) -> None:
    """Let the person's queue open with this view, or with everything again."""
    lock(Person, by.id)
    chosen = (DefaultView.person_id == by.id, DefaultView.department_id == view.department_id)
    db.session.execute(delete(DefaultView).where(*chosen))
    if on:
        db.session.add(DefaultView(person_id=by.id, department_id=view.department_id, view_id=view.id))
    db.session.flush()


def _name(view: SavedView, name: str, shared: bool, by: Person) -> None:
    """Name the view if the name is free and there is room, under the locks of its owner and of the queue."""
    lock(Person, view.owner_id or by.id)
    lock(Department, view.department_id)
    own = (SavedView.owner_id == (view.owner_id or by.id), SavedView.department_id == view.department_id)
    common = (SavedView.shared, SavedView.department_id == view.department_id)
    _refuse_full(view, own, MOST_OWN, _("You have %(number)s views of this queue already: remove one first.", number=MOST_OWN))
    if shared:
        full = _("The department shares %(number)s views already: remove one first.", number=MOST_SHARED)
        _refuse_full(view, common, MOST_SHARED, full)
    same = SavedView.name_folded == fold(name.strip())
    taken = or_(and_(*own), and_(*common)) if shared else and_(*own)
    if db.session.scalar(select(SavedView.id).where(taken, same, SavedView.id != (view.id or 0)).limit(1)) is not None:
        raise Refused(_("There is a view of this name already."))
    view.name, view.name_folded, view.shared = name.strip(), fold(name.strip()), shared


def _refuse_full(view: SavedView, among: Sequence[Any], most: int, sentence: str) -> None:
    others = select(func.count()).select_from(SavedView).where(*among, SavedView.id != (view.id or 0))
    if (db.session.scalar(others) or 0) >= most:
        raise Refused(sentence)


def _facts(view: SavedView) -> dict[str, str | bool]:
    return {"name": view.name, "filters": view.query, "shared": view.shared}
