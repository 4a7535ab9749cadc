"""Tracking for machines: items are put, checkpoints are added, with a token of scope `tracking:write` (TR-32)."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from werkzeug.exceptions import HTTPException, NotFound, Unauthorized
from werkzeug.wrappers import Response

from portal.accounts import actions as accounts
from portal.core import api, clock
from portal.core.policy import api_token, decided, scope, signed_webhook
from portal.tracking import carriers, machines
from portal.tracking.importing import BadRow

bp = Blueprint("tracking_api", __name__)
ITEM = "/api/portal/v1/tracked-items/<kind>/<reference>"
WRITE = "tracking:write"
UNPROCESSABLE = 422


@bp.errorhandler(HTTPException)
def refuse(error: HTTPException) -> Response:
    """Answer errors as JSON."""
    return api.refuse(error.code or 400, error.name.lower().replace(" ", "_"), error.description or error.name)


@bp.errorhandler(BadRow)
def refuse_row(bad: BadRow) -> Response:
    """Name the field that was refused, and why."""
    return api.answer({"error": {"code": "invalid", "field": bad.column, "reason": bad.reason}}, UNPROCESSABLE)


def once(work: Any) -> Response:
    """Do a write once for each Idempotency-Key."""
    key, body = api.idempotency_key(), api.body()
    return api.answer(accounts.once(api_token(), key, api.fingerprint(), lambda: work(body), clock.now()))


@bp.put(ITEM)
@scope(WRITE)
def put(kind: str, reference: str) -> Response:
    """Register an item or bring it up to date; nothing of the second level is given out."""

    def work(body: Any) -> Mapping[str, Any]:
        return machines.put(api_token(), kind, reference, body, clock.now())

    return once(work)


@bp.post(f"{ITEM}/checkpoints")
@scope(WRITE)
def report(kind: str, reference: str) -> Response:
    """Add up to 200 checkpoints, each with its own result."""

    def work(body: Any) -> Mapping[str, Any]:
        item = machines.item_of(api_token(), kind, reference, clock.now())
        if item is None:
            raise NotFound
        return machines.report(api_token(), item, body, clock.now())

    return once(work)


@bp.post("/api/portal/v1/carriers/<name>/deliveries")
@signed_webhook
def receive(name: str) -> Response:
    """Store what a carrier pushes, if it is signed and fresh; a job reads it (TR-33)."""
    decided()
    source, body, now = carriers.carrier(name), api.raw_body(), clock.now()
    given = api.header("X-Signature")
    if source is None or not carriers.is_genuine(source, api.header("X-Timestamp"), given, body, now):
        raise Unauthorized
    carriers.keep(source, body, given, now)
    return api.answer({"accepted": True}, 202)
