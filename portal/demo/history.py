"""The months of the demo: all lives together, each step at its time, and what people have read and not finished since."""

import heapq
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.demo import courses, drafts, news, outside, shipments, staff, standards, teams, together
from portal.demo.lives import Life, Steps
from portal.demo.lots import Lots
from portal.demo.plans import CASES, Plan, fits, may_ask, plans
from portal.demo.staff import Cast
from portal.demo.windows import Catalogue
from portal.notifications import actions as notifications
from portal.people.models import Person
from portal.requests import actions
from portal.requests.models import Request

UNREAD = timedelta(hours=24)
LONGEST = 240  # days


def tell(cast: Cast, catalogue: Catalogue, now: datetime) -> int:
    """Let everything happen that happened up to now; return how many requests there are."""
    lives = list(_lives(cast, catalogue, now))
    happening: list[tuple[datetime, int, Steps]] = [(begun, number, life.steps()) for number, (begun, life) in enumerate(lives)]
    happening.append((now - staff.AWAY_BEFORE, -3, staff.leave(cast, now)))
    happening.append((now - UNREAD, -1, _read_all(cast.people.values())))
    happening.append((now - UNREAD, -2, drafts.begin(cast, catalogue, now)))
    happening.append((now - timedelta(days=LONGEST), -4, _close_each_night(now)))
    happening.append((now - standards.PROMISED, -5, standards.live(cast, catalogue, now)))
    happening.append((now - courses.BEGUN, -8, courses.live(cast, now)))
    happening.append((now - shipments.BEGUN, -7, shipments.live(cast, now)))
    happening.append((now - outside.BEGUN, -90, outside.live(cast, now)))
    happening.append((now, len(lives), together.keep_order(cast)))
    happening.append((now, len(lives) + 1, teams.pass_on(cast, catalogue)))
    happening += [(begun, -10 - number, steps) for number, (begun, steps) in enumerate(news.all_news(cast, now))]
    heapq.heapify(happening)
    while happening:
        moment, number, steps = heapq.heappop(happening)
        with clock.at(moment):
            following = next(steps, None)
        if following is not None:
            heapq.heappush(happening, (following, number, steps))
    notifications.count_as_sent(now - UNREAD)
    return db.session.scalar(select(func.count()).select_from(Request)) or 0


def _lives(cast: Cast, catalogue: Catalogue, now: datetime) -> Iterable[tuple[datetime, Life]]:
    used: dict[str, int] = {}
    for number, plan in enumerate(plans()):
        lots = Lots(f"request {number}", now)
        yield lots.ago(plan.newest, plan.oldest), _life(plan, lots, cast, catalogue, used)


def _life(plan: Plan, lots: Lots, cast: Cast, catalogue: Catalogue, used: dict[str, int]) -> Life:
    """Draw a case that can end as planned and somebody who would ask for it, those who came least often so far."""
    approved = frozenset(name for name, offer in catalogue.offers.items() if offer.steps)
    fitting = [case for case in CASES if fits(case, plan, approved)]
    rarest = min(used.get(case.done, 0) for case in fitting)
    case = lots.pick([case for case in fitting if used.get(case.done, 0) == rarest])
    used[case.done] = used.get(case.done, 0) + 1
    offer = catalogue.offers[case.service]
    askers = case.by or [key for key, each in cast.described.items() if may_ask(each, tuple(offer.audience), offer.department)]
    fewest = min(used.get(key, 0) for key in askers)
    requester = plan.requester or lots.pick([key for key in askers if used.get(key, 0) == fewest])
    used[requester] = used.get(requester, 0) + 1
    return Life(plan, case, cast[requester], lots, cast, catalogue)


def _close_each_night(now: datetime) -> Steps:
    """Write down at midnight what the job writes down: which solved requests are closed by time."""
    midnight = clock.local(now, staff.ZONE).replace(hour=0, minute=0, second=0) - timedelta(days=LONGEST)
    while (midnight := midnight + timedelta(days=1)) <= now:
        yield midnight
        actions.close_due(clock.now())


def _read_all(people: Iterable[Person]) -> Steps:
    """What is older has been read; what came since waits in the bell."""
    for person in people:
        notifications.mark_all_read(person, clock.now())
    yield from ()
