"""Imports: a dry run, one confirmation bound to the file, then rows in batches, each with its result (TR-30, TR-31)."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, insert, select

from portal.audit import actions as audit
from portal.core import clock, jobs
from portal.core.db import db, lock, transaction
from portal.core.errors import Refused
from portal.core.events import publish
from portal.people.models import Department, Person
from portal.tracking import actions, factors, importing, queries
from portal.tracking.events import ImportFinished
from portal.tracking.importing import BadRow, Meaning, Row
from portal.tracking.models import (
    IMPORT,
    Checkpoint,
    TrackedItem,
    TrackingImport,
    TrackingImportRow,
    TrackingPromise,
    TrackingSource,
)

BATCH = 500
CONFIRMED_WITHIN = timedelta(minutes=30)
OLD_NEWS = timedelta(hours=48)
NEW, CHANGED, UNCHANGED, REFUSED = actions.NEW, actions.CHANGED, actions.UNCHANGED, "refused"
JOB = "tracking.import"


def check(name: str, content: bytes, department: Department, by: Person, now: datetime) -> TrackingImport:
    """Read a file and write down what each row would do; nothing else changes. Raise BadFile (TR-30)."""
    rows = list(importing.rows_of(content))
    digest = hashlib.sha256(content).hexdigest()
    made = TrackingImport(department=department, by=by, name=name, digest=digest, checked_at=now)
    db.session.add(made)
    db.session.flush()
    source = queries.source(IMPORT)
    for start in range(0, len(rows), BATCH):
        db.session.execute(insert(TrackingImportRow), list(_judged(made, rows[start : start + BATCH], source)))
    return made


def _judged(made: TrackingImport, rows: Sequence[Row], source: TrackingSource) -> Iterator[dict[str, Any]]:
    known = _Known(rows, made.department_id, source)
    for row in rows:
        verdict, column, reason = NEW, "", ""
        try:
            verdict = known.verdict(importing.meaning_of(row.cells, source.zone))
        except BadRow as bad:
            verdict, column, reason = REFUSED, bad.column, bad.reason
        yield {
            "import_id": made.id, "number": row.number, "line": row.line, "cells": dict(row.cells),
            "verdict": verdict, "column": column, "reason": reason,
        }  # fmt: skip


class _Known:
    """What is there already of the items that some rows name, and what rows before have said; three statements."""

    def __init__(self, rows: Sequence[Row], department_id: int, source: TrackingSource) -> None:
        self.department_id = department_id
        named = {row.cells.get("reference", "") for row in rows}
        items = db.session.scalars(select(TrackedItem).where(TrackedItem.reference.in_(named))).all()
        self.items = {(item.kind, item.reference): item for item in items}
        ids = [item.id for item in items]
        told = select(Checkpoint).where(Checkpoint.item_id.in_(ids), Checkpoint.source_id == source.id)
        by_id = {item.id: key for key, item in self.items.items()}
        self.told = {(by_id[r.item_id], r.event_at, r.source_code): (r.place, r.note) for r in db.session.scalars(told)}
        promised = (
            select(TrackingPromise).where(TrackingPromise.item_id.in_(ids)).order_by(TrackingPromise.at, TrackingPromise.id)
        )
        self.promised: dict[tuple[str, str], list[tuple[datetime, Any]]] = {}
        for one in db.session.scalars(promised):
            self.promised.setdefault(by_id[one.item_id], []).append((one.at, one.promise))

    def verdict(self, row: Meaning) -> str:
        """Return what a row would do; raise BadRow for what an import never does (TR-34)."""
        key = (row.kind, row.reference)
        item = self.items.get(key)
        refuse_what_is_not_theirs(item, row, self.department_id)
        line, texts = (key, row.at, row.code or row.state), (row.place, row.note)
        before, self.told[line] = self.told.get(line), texts
        moved = self._moves(key, row)
        if before is None:
            return NEW
        return CHANGED if before != texts or moved or (item is not None and changes_factor(item, row)) else UNCHANGED

    def _moves(self, key: tuple[str, str], row: Meaning) -> bool:
        if row.promise is None:
            return False
        history = self.promised.setdefault(key, [])
        held = [promise for at, promise in history if at <= row.at]
        if held and held[-1] == row.promise:
            return False
        history.append((row.at, row.promise))
        history.sort(key=lambda one: one[0])
        return True


def refuse_what_is_not_theirs(item: TrackedItem | None, row: Meaning, department_id: int) -> None:
    """Refuse a row about another department's item, and one that weakens a second factor (TR-34)."""
    if item is None:
        return
    if item.department_id != department_id:
        raise BadRow("reference", "foreign")
    if row.postcode and item.postcode and len(factors.postcode(row.postcode)) < len(item.postcode):
        raise BadRow(importing.FACTORS[0], "weaker")


def changes_factor(item: TrackedItem, row: Meaning) -> bool:
    """Return whether a row brings another second factor; an empty cell says nothing."""
    return new_factor(item, row) != (item.postcode or "", item.email or "")


def new_factor(item: TrackedItem, row: Meaning) -> tuple[str, str]:
    """Return the second factor after a row."""
    return factors.postcode(row.postcode) or item.postcode or "", factors.email(row.email) or item.email or ""


def counts_of(made: TrackingImport, *, done: bool = False) -> Mapping[str, int]:
    """Return how many rows are new, changed, unchanged and refused."""
    what = TrackingImportRow.done if done else TrackingImportRow.verdict
    found = select(what, func.count()).where(TrackingImportRow.import_id == made.id).group_by(what)
    return Counter({word: number for word, number in db.session.execute(found) if word})


def refused_of(made: TrackingImport, limit: int = 200) -> Sequence[TrackingImportRow]:
    """Return the rows that are refused, in the order of the file."""
    found = select(TrackingImportRow).where(TrackingImportRow.import_id == made.id, TrackingImportRow.verdict == REFUSED)
    return db.session.scalars(found.order_by(TrackingImportRow.number).limit(limit)).all()


def confirm(made: TrackingImport, digest: str, by: Person, now: datetime) -> None:
    """Apply exactly the file that was checked, within half an hour (TR-30)."""
    made = lock(TrackingImport, made.id)
    if made.confirmed_at is not None:
        return
    if digest != made.digest or now > made.checked_at + CONFIRMED_WITHIN:
        raise Refused(_("The check is more than 30 minutes old, or of another file. Choose the file again."))
    made.confirmed_at = now
    audit.record(by, "tracking_import.confirmed", "tracking_import", made.id, after={"digest": digest})
    jobs.enqueue(JOB, {"import": made.id}, key=str(made.id))


def work(payload: dict[str, Any]) -> None:
    """Go on with an import where it stands, batch by batch, until all rows have their result (TR-31)."""
    with current_app.app_context():
        while _apply_batch(payload["import"]):
            pass


def _apply_batch(import_id: int) -> bool:
    with transaction():
        made, now = lock(TrackingImport, import_id), clock.now()
        waiting = (TrackingImportRow.import_id == import_id) & TrackingImportRow.done.is_(None)
        rows = db.session.scalars(select(TrackingImportRow).where(waiting).order_by(TrackingImportRow.number).limit(BATCH)).all()
        source = queries.source(IMPORT)
        for row in rows:
            row.done = _apply(made, row, source, now)
        if not rows and made.done_at is None:
            made.done_at = now
            publish(ImportFinished(import_id, now))
        return bool(rows)


def _apply(made: TrackingImport, row: TrackingImportRow, source: TrackingSource, now: datetime) -> str:
    if row.verdict == REFUSED:
        return REFUSED
    try:
        with db.session.begin_nested():
            return apply_row(importing.meaning_of(row.cells, source.zone), made.department, source, made.by, now)
    except BadRow as bad:
        row.verdict, row.column, row.reason = REFUSED, bad.column, bad.reason
        return REFUSED


def apply_row(row: Meaning, department: Department, source: TrackingSource, by: Person | None, now: datetime) -> str:
    """Do what one row says, through the same actions as people; return what came of it."""
    item = queries.by_reference(row.kind, row.reference)
    refuse_what_is_not_theirs(item, row, department.id)
    if item is None:
        zone = row.zone if not row.zone.startswith(("+", "-")) else source.zone
        item = actions.register(actions.Registration(row.kind, row.reference, department, zone), by, now)
    results = [_tell_factor(item, row, by, now)]
    told = actions.Report(row.state, row.at, row.zone, row.code, row.place, row.note)
    results.append(actions.report(item, source, told, None, now, quiet=row.at < now - OLD_NEWS))
    if row.promise is not None:
        results.append(actions.promise(item, row.promise, "", source, None, row.at, now, quiet=row.at < now - OLD_NEWS))
    return next((word for word in (NEW, CHANGED) if word in results), UNCHANGED)


def _tell_factor(item: TrackedItem, row: Meaning, by: Person | None, now: datetime) -> str:
    if not changes_factor(item, row):
        return UNCHANGED
    actions.change_factor(item, *new_factor(item, row), by, now)
    return CHANGED
