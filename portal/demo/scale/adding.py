"""Adding many requests for measurements (performance.md)."""

import random
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

from portal.approvals import actions as approvals
from portal.core.db import db, transaction
from portal.demo.scale import bulk, requests
from portal.demo.scale.company import Company, grow
from portal.notifications import actions as notifications
from portal.people.models import Person
from portal.requests.models import Request
from portal.search import actions as search
from portal.search import kinds

SEED = 2026
BEGUN = timedelta(days=238)  # when the demo organisation is there, with its heads
FEW = 100_000


def add(count: int, now: datetime) -> None:
    """Add requests with their people, history and comments, consistent with everything that the actions keep."""
    chance = random.Random(SEED)  # noqa: S311 - stories, not secrets
    with transaction(), force_locale("es"):
        company = grow(count, chance, now - BEGUN)
        waiting = requests.write(company, _references(count, chance), chance, now)
        _ask(waiting, company, now)
        notifications.count_as_sent(now + timedelta(seconds=1))
    for source in kinds.sources():
        with transaction():
            search.rebuild(source, now)
    with transaction():
        bulk.settle(Person, Request)


def _references(count: int, chance: random.Random) -> list[str]:
    """Draw references that are free: six digits, seven once a tenth of those is used (requests.md 10)."""
    digits = 6 if count < FEW else 7
    prefix = current_app.config["PORTAL_REFERENCE_PREFIX"]
    taken = set(db.session.scalars(select(Request.reference)))
    drawn = chance.sample(range(10**digits), count + len(taken))
    free = (f"{prefix}-{number:0{digits}}" for number in drawn)
    return [reference for reference in free if reference not in taken][:count]


def _ask(waiting: list[int], company: Company, now: datetime) -> None:
    """Begin the approvals by the real action: seats, stages and content have rules of their own."""
    home = dict(company.askers)
    for request in db.session.scalars(select(Request).where(Request.id.in_(waiting)).order_by(Request.id)):
        by, route_id = request.requester, request.service.route_id
        assert route_id is not None  # noqa: S101 - made with one
        facts = approvals.Facts(by.id, by.id, by.id, by.id, home[by.id], request.service.department_id)
        approvals.start("request", request.id, route_id, facts, by, request.created_at)
