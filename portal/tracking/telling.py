"""Telling customers: the newest state or promise, at most once in ten minutes; and the code of a new item (TR-3, TR-26)."""

from datetime import datetime
from typing import Any

from flask import current_app, url_for

from portal.core import clock, jobs
from portal.core.db import db, lock, transaction
from portal.notifications import actions as notifications
from portal.tracking import actions, codes, queries, words
from portal.tracking.models import TrackedItem
from portal.tracking.queries import Story

MOVED, CODE = "tracking/moved", "tracking/code"


def tell(payload: dict[str, Any]) -> None:
    """Tell whoever follows an item what changed since the last message, if anything did."""
    with current_app.app_context():
        letter = _letter(payload["item"])
        if letter is None:
            return
        try:
            notifications.mail_outside(**letter)
        except Exception:
            _free(payload["item"])
            raise
        _note_told(payload["item"], letter)


def _letter(item_id: int) -> dict[str, Any] | None:
    with transaction():
        item, now = lock(TrackedItem, item_id), clock.now()
        item.tell_at = None
        story = queries.story_of(item, now)
        news = actions.worth_telling(story)
        if news == item.told:
            return None
        if item.told_at is not None and now < item.told_at + actions.PAUSE:
            actions.schedule_message(item, now)
            return None
        if item.requester_id is not None and item.kind != "request":
            _notify(item, story, now)
        if item.email is None:
            item.told, item.told_at = news, now
            return None
        item.told_at = now  # until it has left nobody else sends one
        return {
            "to": item.email, "message": MOVED, "event": f"tracking-{item.public_id}-{item.revision}",
            "lang": item.language, "context": {"state": story.course.state, "arrival": _arrival(story), "news": news},
        }  # fmt: skip


def _arrival(story: Story) -> tuple[str, str] | None:
    return words.arrival(story.promise.promise, story.item.zone) if story.promise and not story.course.ended else None


def _notify(item: TrackedItem, story: Story, now: datetime) -> None:
    data = {"state": str(story.course.state)}
    event = f"tracking:{item.id}:{item.revision}"
    notifications.notify([item.requester_id or 0], "tracking/news", actions.KIND, item.id, event, now, mail=True, data=data)


def _free(item_id: int) -> None:
    """Let the next try go out at once: nothing has left, and the pause after the message before it is over."""
    with transaction():
        lock(TrackedItem, item_id).told_at = None


def _note_told(item_id: int, letter: dict[str, Any]) -> None:
    """Write down what was told; what changed meanwhile is told after the pause."""
    with transaction():
        item, now = lock(TrackedItem, item_id), clock.now()
        item.told, item.told_at = letter["context"]["news"], now
        if actions.worth_telling(queries.story_of(item, now)) != item.told:
            actions.schedule_message(item, now)


def deliver(payload: dict[str, Any]) -> None:
    """Mail a code that nobody has seen: it is made only now, and stands in this mail alone (TR-3)."""
    with current_app.app_context():
        with transaction():
            item = db.session.get_one(TrackedItem, payload["item"])
            to, lang, key = item.email, item.language, f"tracking-code-{item.public_id}-{item.revision}"
            code = actions.issue_code(item, None, clock.now()) if to else ""
        if to:
            shown = codes.shown(code, str(current_app.config["PORTAL_TRACKING_PREFIX"]))
            notifications.mail_outside(to, CODE, key, lang, {"code": shown, "lang": lang})


def install() -> None:
    """Offer the work to the worker."""
    jobs.handler(actions.TELL, tell, outside=True)
    jobs.handler(actions.DELIVER, deliver, outside=True)


def address_of(row: TrackedItem) -> str:
    """Return where staff and requesters read about an item."""
    return url_for("tracking_staff.show", public_id=row.public_id)
