"""The queue of a department, and what is forgotten in it (requests.md 6, 9, 13, 14)."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from portal.core import clock, navigation
from portal.core.db import db
from portal.core.forms import posted_value
from portal.core.hypermedia import nothing_new, query, redirect_to, render, wanted
from portal.core.pagination import SIZES
from portal.core.policy import authorize, signed_in
from portal.people.models import Role
from portal.people.queries import departments_as, me
from portal.requests import actions, lists, policies
from portal.requests.forgotten import REASONS, forgotten
from portal.requests.models import BulkRun
from portal.requests.row_promises import Promised, promises_of
from portal.requests.views.blueprint import bp
from portal.requests.views.departments import all_departments, own_queue
from portal.requests.views.saved import TABS, read_filters, tabs
from portal.requests.views.show import row_helpers

MARK = 16


def page_size(text: str) -> int:
    """Return how many rows a page has."""
    if text and text not in map(str, SIZES):
        raise BadRequest
    return int(text or SIZES[0])


@bp.get("/requests/queue")
@signed_in
def queue() -> Response:
    """Show a department's requests in the order in which they are due."""
    authorize(policies.may_see_queue(me(), clock.now()))
    departments = all_departments()
    department = own_queue(query("department"), departments)
    filters, views = read_filters(department, departments)
    own = set(departments_as(me(), Role.AGENT))
    size = page_size(query("size"))
    page = lists.queue(department.id, filters.conditions, query("cursor") or None, size)
    promises = promises_of(page.rows, clock.now())
    seen = mark_of(page.rows, promises)
    if wanted() == "queue_rows" and query("seen") == seen:
        return nothing_new()
    total, counts = lists.count(department.id, filters.conditions)
    shown = tabs(filters, views, counts)
    return render(
        "requests/queue.html",
        fragments=("request_list", "bulk_result", "queue_rows"),
        seen=seen,
        cursor=query("cursor"),
        department=department,
        queues=[each for each in departments if each.id in own],
        filters=filters,
        tabs=shown,
        shown_tabs=len(shown) - len(views) + TABS,
        page=page,
        promises=promises,
        total=total,
        counts=counts,
        size=size,
        sizes=SIZES,
        run=run_of(query("result")),
        **row_helpers(),
    )


def mark_of(rows: Sequence[Any], promises: Mapping[int, Promised]) -> str:
    """Return the mark that a poll carries: it changes when a row, its clock in words or its place changes."""
    shown = [(*row, promises.get(row.id)) for row in rows]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:MARK]


def run_of(public_id: str) -> BulkRun | None:
    """Return what the agent's own action on several requests did."""
    if not public_id:
        return None
    return db.session.scalar(select(BulkRun).where(BulkRun.public_id == public_id, BulkRun.person_id == me().id))


@bp.post("/requests/queue/next")
@signed_in
def take_next() -> Response:
    """Take the first that nobody has (RQ2)."""
    authorize(policies.may_see_queue(me(), clock.now()))
    department = own_queue(posted_value("department"), all_departments())
    taken = actions.take_next(department.id, me(), clock.now())
    if taken is None:
        return redirect_to("requests.queue", notice=_("None left: somebody has each of them."), department=department.slug)
    return redirect_to("requests.show", notice=_("You have it now."), reference=taken.reference)


@bp.get("/requests/forgotten")
@signed_in
def forgotten_list() -> Response:
    """List the requests without a next step, each with its reason and one click to act (requests.md 9)."""
    navigation.stand_at("requests.queue")
    authorize(policies.may_see_queue(me(), clock.now()))
    departments, own = all_departments(), set(departments_as(me(), Role.AGENT))
    department = own_queue(query("department"), departments)
    return render(
        "requests/forgotten.html",
        fragments=("request_list",),
        department=department,
        queues=[each for each in departments if each.id in own],
        found=forgotten([department.id], clock.now()),
        reasons=REASONS,
        **row_helpers(),
    )
