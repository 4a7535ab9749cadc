"""What machines may write: items of their department, and checkpoints of their own source (TR-32)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from werkzeug.exceptions import NotFound

from portal.accounts.models import ApiToken
from portal.core import jobs
from portal.core.db import db
from portal.people.models import Department, Role
from portal.people.queries import departments_as
from portal.tracking import actions, importing, imports, promises, queries
from portal.tracking.importing import BadRow
from portal.tracking.models import API, TrackedItem, TrackingSource

RANK = 20
MOST = 200
ITEM_FIELDS = {
    "postcode": 20,
    "email": 254,
    "contents": 1000,
    "contact": 300,
    "promise_from": 40,
    "promise_to": 40,
    "reason": 300,
}
LINE_FIELDS = frozenset(importing.COLUMNS) - {"reference", "kind", *importing.FACTORS, "promise_from", "promise_to"}


def department_of(token: ApiToken, now: datetime) -> Department:
    """Return whose items the token writes; its owner must still be an agent there (PE-13)."""
    if token.department_id not in departments_as(token.owner, Role.AGENT, now):
        raise NotFound
    return db.session.get_one(Department, token.department_id)


def source_of(token: ApiToken) -> TrackingSource:
    """Return the source that is this token's alone: no source writes the checkpoints of another."""
    name = f"{API}:{token.public_id}"
    found = db.session.scalar(select(TrackingSource).where(TrackingSource.name == name))
    if found is None:
        found = TrackingSource(name=name, rank=RANK, zone=queries.source(API).zone)
        db.session.add(found)
        db.session.flush()
    return found


def item_of(token: ApiToken, kind: str, reference: str, now: datetime) -> TrackedItem | None:
    """Return the item if it is one of the token's department; another's is as if it did not exist."""
    found = queries.by_reference(kind, reference)
    if found is not None and found.department_id != department_of(token, now).id:
        raise NotFound
    return found


def put(token: ApiToken, kind: str, reference: str, body: Any, now: datetime) -> dict[str, Any]:
    """Register or change an item. A new one with an address has its code mailed; none is given out here (TR-3)."""
    texts = _texts(body, ITEM_FIELDS)
    if kind not in ("order", "shipment"):
        raise BadRow("kind", "kind")
    if not reference or len(reference) > importing.LIMITS["reference"]:
        raise BadRow("reference", "long")
    source, item = source_of(token), item_of(token, kind, reference, now)
    _refuse_weak(item, texts)
    results = [actions.NEW if item is None else _change(token, item, texts, now)]
    item = item or _register(token, kind, reference, texts, source, now)
    promised = _promise(texts, source)
    if promised is not None:
        results.append(actions.promise(item, promised, texts.get("reason", ""), source, token.owner, now, now))
    result = next((word for word in (actions.NEW, actions.CHANGED) if word in results), actions.UNCHANGED)
    return {"kind": kind, "reference": reference, "state": item.state, "result": result}


def _register(
    token: ApiToken, kind: str, reference: str, texts: Mapping[str, str], source: TrackingSource, now: datetime
) -> TrackedItem:
    own: dict[str, Any] = {name: texts.get(name, "") for name in ("postcode", "email", "contents", "contact")}
    item = actions.register(
        actions.Registration(kind, reference, department_of(token, now), source.zone, **own), token.owner, now
    )
    if item.email:
        jobs.enqueue(actions.DELIVER, {"item": item.id}, at=now)
    return item


def _refuse_weak(item: TrackedItem | None, texts: Mapping[str, str]) -> None:
    cells = {"reference": "x", "kind": "order", "state": "received", "event_time": "2000-01-01T00:00"}
    cells |= {importing.FACTORS[0]: texts.get("postcode", ""), importing.FACTORS[1]: texts.get("email", "")}
    row = importing.meaning_of(cells, "UTC")
    imports.refuse_what_is_not_theirs(item, row, item.department_id if item else 0)


def _change(token: ApiToken, item: TrackedItem, texts: Mapping[str, str], now: datetime) -> str:
    before = (item.postcode, item.email, item.contents, item.contact)
    factor = (texts.get("postcode") or item.postcode or "", texts.get("email") or item.email or "")
    actions.change_factor(item, *factor, token.owner, now)
    for name in ("contents", "contact"):
        if name in texts:
            setattr(item, name, texts[name])
    return actions.UNCHANGED if before == (item.postcode, item.email, item.contents, item.contact) else actions.CHANGED


def _promise(texts: Mapping[str, str], source: TrackingSource) -> promises.Promise | None:
    try:
        return promises.read(texts.get("promise_from", ""), texts.get("promise_to", ""), source.zone)
    except promises.BadTime:
        raise BadRow("promise_from", "time") from None


def report(token: ApiToken, item: TrackedItem, body: Any, now: datetime) -> dict[str, Any]:
    """Record each checkpoint by itself: a bad one answers 422 in its place, the others are applied."""
    told = body.get("checkpoints") if isinstance(body, dict) else None
    if not isinstance(told, list) or not 0 < len(told) <= MOST:
        raise BadRow("checkpoints", "batch")
    source = source_of(token)
    return {"results": [{"index": place, **_report(item, source, one, now)} for place, one in enumerate(told)]}


def _report(item: TrackedItem, source: TrackingSource, one: Any, now: datetime) -> dict[str, Any]:
    try:
        texts = _texts(one, dict.fromkeys(LINE_FIELDS, importing.LIMITS["note"]))
        row = importing.meaning_of({"reference": "x", "kind": "order", **texts}, source.zone)
    except BadRow as bad:
        return {"status": 422, "field": bad.column, "reason": bad.reason}
    told = actions.Report(row.state, row.at, row.zone, row.code, row.place, row.note)
    return {"status": 200, "result": actions.report(item, source, told, None, now, quiet=row.at < now - imports.OLD_NEWS)}


def _texts(body: Any, known: Mapping[str, int]) -> dict[str, str]:
    """Return the fields of an object, all of them texts that are known; raise BadRow otherwise."""
    if not isinstance(body, dict):
        raise BadRow("", "object")
    for name, value in body.items():
        if name not in known:
            raise BadRow(str(name)[:60], "unknown")
        if not isinstance(value, str):
            raise BadRow(name, "text")
        if len(value) > known[name]:
            raise BadRow(name, "long")
        if any(ord(sign) < ord(" ") and sign not in "\n\t" for sign in value):
            raise BadRow(name, "control")
    return {name: value.strip() for name, value in body.items()}
