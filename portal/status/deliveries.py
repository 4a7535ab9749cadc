"""Mail to subscribers: queued with its cause, matched when it is sent, singly at first and then as one (SP-45, SP-46)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import func, select

from portal.core import clock, jobs
from portal.core.config import base_url
from portal.core.db import db, public_id, reading, transaction
from portal.core.events import subscribe
from portal.notifications import actions as notifications
from portal.status import queries
from portal.status.actions import changes, subscriptions
from portal.status.events import (
    IncidentUpdatePublished,
    MaintenanceAnnounced,
    MaintenanceCancelled,
    MaintenanceCompleted,
    MaintenanceRescheduled,
    MaintenanceStarted,
)
from portal.status.models import (
    Component,
    Incident,
    IncidentUpdate,
    Maintenance,
    StatusDelivery,
    Subscription,
    SubscriptionComponent,
)
from portal.status.view import PublicIncident, PublicMaintenance, PublicUpdate

SINGLE = 4
WINDOW = timedelta(minutes=10)
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8
WINDOW_EVENTS = (MaintenanceAnnounced, MaintenanceStarted, MaintenanceCompleted, MaintenanceRescheduled, MaintenanceCancelled)
log = structlog.get_logger()


def queue_update(event: IncidentUpdatePublished) -> None:
    """Queue one message for each subscriber of an incident's update, in the transaction of its cause (C9)."""
    update = db.session.get_one(IncidentUpdate, event.update_id)
    incident = db.session.get_one(Incident, event.incident_id)
    if event.corrected:
        _send_again("incident", update.id)
    if (update.notify or event.corrected) and not incident.internal:
        _queue("incident", incident.public_id, update.id, update.public_id)


def _send_again(kind: str, update_id: int) -> None:
    """Put what was sent of an update back into the queue, as a mail of its own; one row stays one row (SP-14, SP-46)."""
    now = clock.now()
    for row in db.session.scalars(
        select(StatusDelivery).where(StatusDelivery.kind == kind, StatusDelivery.update_id == update_id)
    ):
        row.public_id, row.held, row.attempts, row.outcome, row.done_at = public_id(), False, 0, "", None
        row.queued_at = row.due_at = now


def queue_window(event: Any) -> None:
    """Queue one message for each subscriber of what a window's newest update says."""
    window = db.session.get_one(Maintenance, event.maintenance_id)
    update = changes.newest_of(window)
    if update.notify:
        _queue("maintenance", window.public_id, update.id, update.public_id)


def _queue(kind: str, thing: str, update_id: int, update_key: str) -> None:
    now = clock.now()
    taken = select(StatusDelivery.subscription_id).where(StatusDelivery.kind == kind, StatusDelivery.update_id == update_id)
    wanting = select(Subscription).where(Subscription.confirmed_at.is_not(None), Subscription.id.not_in(taken))
    for one in db.session.scalars(wanting):
        if kind in one.kinds:
            db.session.add(
                StatusDelivery(
                    kind=kind,
                    thing=thing,
                    update_id=update_id,
                    update_key=update_key,
                    subscription_id=one.id,
                    queued_at=now,
                    due_at=now,
                )
            )


def work() -> int:
    """Send what is due to one subscriber after another; return to how many."""
    now, done = clock.now(), 0
    with current_app.app_context(), reading():
        due = select(StatusDelivery.subscription_id).where(StatusDelivery.done_at.is_(None), StatusDelivery.due_at <= now)
        waiting = db.session.scalars(due.distinct().limit(50)).all()
    for subscription_id in waiting:
        done += _send_to(subscription_id, now)
    return done


def _send_to(subscription_id: int, now: datetime) -> int:
    with current_app.app_context(), transaction():
        batches = _claim(subscription_id, now)
    for ids in batches:
        try:
            with current_app.app_context(), reading():
                taken = _send(subscription_id, ids, now)
                db.session.rollback()
        except Exception as error:
            log.warning("status_mail_failed", deliveries=ids, reason=type(error).__name__)
            return 0
        _finish(subscription_id, ids, taken, now)
    return 1


def _claim(subscription_id: int, now: datetime) -> list[list[int]]:
    """Lease what is due, and say which go together: up to four singly within ten minutes, the rest as one (SP-46)."""
    due = select(StatusDelivery).where(StatusDelivery.subscription_id == subscription_id, StatusDelivery.done_at.is_(None))
    there = db.session.scalars(due.where(StatusDelivery.due_at <= now).order_by(StatusDelivery.id).with_for_update()).all()
    rows = [row for row in there if not _given_up(row, now)]
    recent = select(func.count(), func.min(StatusDelivery.done_at)).where(
        StatusDelivery.subscription_id == subscription_id, StatusDelivery.done_at > now - WINDOW, StatusDelivery.outcome == "sent"
    )
    sent, first = db.session.execute(recent).one()
    batches = [[row.id for row in rows if row.held]]
    for row in rows:
        row.attempts, row.due_at = row.attempts + 1, now + LEASE * row.attempts
        if row.held:
            continue
        if sent < SINGLE:
            batches.append([row.id])
            sent += 1
        else:
            row.held, row.due_at, row.attempts = True, (first or now) + WINDOW, 0
    return [ids for ids in batches if ids]


def _given_up(row: StatusDelivery, now: datetime) -> bool:
    """Return whether it was tried often enough; then it is done."""
    if row.attempts < MOST_ATTEMPTS:
        return False
    row.outcome, row.done_at = "given_up", now
    return True


def _send(subscription_id: int, ids: Sequence[int], now: datetime) -> str:
    """Word and hand over one mail; what is no longer public, or does not concern the subscriber, is left out (PE-18)."""
    one = db.session.get(Subscription, subscription_id)
    rows = db.session.scalars(select(StatusDelivery).where(StatusDelivery.id.in_(ids)).order_by(StatusDelivery.id)).all()
    if one is None or not rows:
        return "left"
    said = [found for row in rows if (found := _said(row, one, now)) is not None]
    if not said:
        return "not_theirs"
    leave = f"{base_url()}/u/{subscriptions.token_for('leave', one)}"
    manage = f"{base_url()}/status/{one.language}/subscription/{subscriptions.token_for('manage', one)}"
    headers = {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    context = {"said": said, "leave": leave, "manage": manage, "lang": one.language, "zone": queries.zone()}
    event = f"status.{rows[-1].public_id}"
    taken = notifications.mail_outside(one.address, "status/news", event, one.language, context, headers)
    return "sent" if taken else "refused"


def _said(row: StatusDelivery, one: Subscription, now: datetime) -> dict[str, Any] | None:
    thing = _public(row, now)
    update = next((each for each in thing.updates if each.id == row.update_key), None) if thing else None
    if thing is None or update is None or not _matches(one, thing, update):
        return None
    where = "incidents" if row.kind == "incident" else "maintenance"
    url = f"{base_url()}/status/{one.language}/{where}/{thing.id}"
    return {
        "name": thing.name.text(one.language),
        "state": update.state,
        "at": update.published_at,
        "url": url,
        "body": update.body,
    }


def _public(row: StatusDelivery, now: datetime) -> PublicIncident | PublicMaintenance | None:
    return queries.public_incident(now, row.thing) if row.kind == "incident" else queries.public_maintenance(now, row.thing)


def _matches(one: Subscription, thing: PublicIncident | PublicMaintenance, update: PublicUpdate) -> bool:
    """Return whether it concerns a subscriber: of everything, or of one of its components up to this update (SP-45)."""
    if one.everything:
        return True
    chosen = select(Component.public_id).join(SubscriptionComponent, SubscriptionComponent.component_id == Component.id)
    wanted = set(db.session.scalars(chosen.where(SubscriptionComponent.subscription_id == one.id)))
    if isinstance(thing, PublicMaintenance):
        return bool(wanted & set(thing.components))
    until = [each for each in thing.updates if each.published_at <= update.published_at]
    return bool(wanted & {each.component for said in until for each in said.affected})


def _finish(subscription_id: int, ids: Sequence[int], outcome: str, now: datetime) -> None:
    with current_app.app_context(), transaction():
        for row in db.session.scalars(select(StatusDelivery).where(StatusDelivery.id.in_(ids))):
            row.done_at, row.outcome = now, outcome
        one = db.session.get(Subscription, subscription_id)
        if outcome == "refused" and one is not None:
            subscriptions.leave(one, "refused", now)


def send_confirmation(payload: dict[str, Any]) -> None:
    """Send the mail that asks whether the address wants this; its token is made now (SP-41)."""
    now = clock.now()
    with transaction():
        one = db.session.get(Subscription, payload["subscription"], with_for_update=True)
        if one is None or not subscriptions.may_be_asked(one):
            return
        token = subscriptions.new_confirmation(one, now)
        to, lang, key = one.address, one.language, one.public_id
    url = f"{base_url()}/status/{lang}/confirmation/{token}"
    notifications.mail_outside(to, "status/confirm", f"status.confirm.{key}.{int(now.timestamp())}", lang, {"url": url})


def sweep(payload: dict[str, Any]) -> None:
    """Forget what nobody confirmed."""
    subscriptions.sweep(clock.now())


def install() -> None:
    """Listen to what is published, and look after the queue."""
    subscribe(IncidentUpdatePublished, queue_update)
    for event in WINDOW_EVENTS:
        subscribe(event, queue_window)
    jobs.handler(subscriptions.CONFIRM_JOB, send_confirmation, outside=True)
    jobs.handler("status.sweep", sweep, every=timedelta(hours=6))
    jobs.source("status.mail", work)
