"""Running the checks that are due: the network is asked outside any transaction, the result is taken in a short one (RE-3)."""

from datetime import datetime, timedelta

import structlog
from flask import current_app
from sqlalchemy import select

from portal.core import clock, outbound
from portal.core.db import db, reading, transaction
from portal.status.actions import checks
from portal.status.models import ComponentCheck

FEW = 20
log = structlog.get_logger()


def work() -> int:
    """Run what is due; return how many checks ran."""
    now = clock.now()
    claimed = _claim(now)
    for check_id, kind, target, heard in claimed:
        try:
            _run(check_id, heard if kind == checks.HEARTBEAT else reach(kind, target))
        except Exception as error:
            log.warning("status_check_failed", check=check_id, reason=type(error).__name__)
    return len(claimed)


def _run(check_id: int, ok: bool) -> None:
    with current_app.app_context(), transaction():
        check = db.session.get_one(ComponentCheck, check_id, with_for_update=True)
        if check.removed_at is None:
            checks.take(check, ok, clock.now())


def _claim(now: datetime) -> list[tuple[int, str, str, bool]]:
    """Lease the checks that are due by putting off their next turn; two workers never run the same one."""
    due = select(ComponentCheck).where(ComponentCheck.next_at <= now, ComponentCheck.removed_at.is_(None))
    with current_app.app_context(), reading():
        if db.session.scalar(due.with_only_columns(ComponentCheck.id).limit(1)) is None:
            return []
    with current_app.app_context(), transaction():
        rows = db.session.scalars(due.order_by(ComponentCheck.next_at).limit(FEW).with_for_update(skip_locked=True)).all()
        found = []
        for row in rows:
            row.next_at = now + timedelta(seconds=row.interval_seconds)
            found.append((row.id, row.kind, row.target, False))
        return found


def reach(kind: str, target: str) -> bool:
    """Tell whether a target answers; one that may not be asked does not (SE-51)."""
    try:
        if kind == checks.HTTP:
            found = outbound.ask(target)
            return found.ok and found.status in checks.SUCCESS
        if kind == checks.TCP:
            return outbound.connects(*checks.split(target)).ok
        return bool(outbound.resolve(target.strip(), 443))
    except outbound.Forbidden:
        return False
