"""The board of a department: are its promises kept, what is open, and the requests behind each number."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from portal.audit import actions as audit
from portal.core import clock
from portal.core.db import db, observe
from portal.core.hypermedia import query, query_all, render
from portal.core.pagination import one_of
from portal.core.policy import authorize, get_or_404, signed_in
from portal.core.sheets import file_of
from portal.people.models import Department, Person, Role
from portal.people.queries import departments_as, me, visible_departments
from portal.reports import behind, policies, standing, words
from portal.reports.figures import Figures
from portal.reports.filters import CLOCK_WORDS, NAMES, Board
from portal.reports.keeping import REASONS
from portal.reports.standards import Standards

bp = Blueprint("reports", __name__)
OUTCOME_WORDS: Mapping[str, Any] = {
    "": lazy_gettext("Promises"),
    "kept": lazy_gettext("Promises kept"),
    "broken": lazy_gettext("Promises broken"),
    "annulled": lazy_gettext("Breaches annulled"),
    "done": lazy_gettext("Requests done"),
}


def board_of(*more: str) -> Board:
    """Return the board that the address asks for, if the person has it."""
    now = clock.now()
    authorize(policies.may_see_boards(me(), now))
    given = query_all()
    if not set(given) <= {*NAMES, *more}:
        raise BadRequest
    own = [*departments_as(me(), Role.HEAD, now), *departments_as(me(), Role.AGENT, now)]
    return Board(given, policies.boards_of(me(), now), own, now)


@bp.get("/reports/board")
@signed_in
def board() -> Response:
    """Show whether promises are kept, by month and service, and what is open (service-levels.md 26)."""
    chosen = board_of()
    service, now = chosen.scope.service_id, chosen.now
    return render(
        "reports/board.html",
        fragments=("board",),
        board=chosen,
        figures=Figures(chosen),
        standing=standing.standing(chosen.department.id, service, now),
        oldest=standing.oldest(chosen.department.id, service, me(), now),
        parties=standing.PARTIES,
        ages={name: label for name, (_least, label) in standing.AGES.items()},
        words=words,
    )


@bp.get("/reports/board.csv", defaults={"kind": "csv"})
@bp.get("/reports/board.xlsx", defaults={"kind": "xlsx"})
@signed_in
def download(kind: str) -> Response:
    """Give the numbers of a board as a file; that somebody took them is recorded (SE-62)."""
    chosen = board_of()
    figures = Figures(chosen)
    observe(export_of(me().id, chosen.department.id, kind))
    name = f"{_('promises')}-{chosen.department.slug}-{chosen.months[-1].key}"
    return file_of(kind, name, figures.columns, figures.rows)


def export_of(person_id: int, department_id: int, kind: str) -> Any:
    """Return what records that a person took the numbers of a department."""

    def record() -> None:
        audit.record(db.session.get_one(Person, person_id), "export.made", "department", department_id, after={"board": kind})

    return record


@bp.get("/reports/promises")
@signed_in
def promises() -> Response:
    """List the requests behind a number of promises, as far as the person may see them."""
    chosen = board_of("month", "outcome", "cursor")
    outcome = one_of(query("outcome"), behind.SHOWN)
    scope = chosen.of_month(query("month"))
    month = scope.months[0].name if query("month") else ""
    page = behind.cases(scope, outcome, me(), query("cursor") or None)
    address = {"month": query("month"), "outcome": outcome}
    return listing(chosen, page, str(OUTCOME_WORDS[outcome]), month, "reports.promises", address)


@bp.get("/reports/open")
@signed_in
def waiting() -> Response:
    """List the open requests behind a number, as far as the person may see them."""
    chosen = board_of("party", "age", "cursor")
    party, age = one_of(query("party"), list(standing.PARTIES)), one_of(query("age"), list(standing.AGES))
    page = behind.waiting(chosen.department.id, chosen.scope.service_id, (party, age), me(), chosen.now, query("cursor") or None)
    part = standing.PARTIES[party] if party else standing.AGES[age][1] if age else ""
    title = _("Waiting for %(whom)s", whom=part) if party else _("Open for %(time)s", time=part) if age else _("Open requests")
    return listing(chosen, page, title, "", "reports.waiting", {"party": party, "age": age})


def listing(chosen: Board, page: Any, title: str, month: str, endpoint: str, more: dict[str, str]) -> Response:
    """Draw the list behind a number."""
    return render(
        "reports/behind.html",
        fragments=("request_list",),
        board=chosen,
        page=page,
        title=title,
        month=month,
        endpoint=endpoint,
        address=chosen.address(**{name: value for name, value in more.items() if value}),
        sees_all=chosen.department.id in departments_as(me(), Role.AGENT, chosen.now),
        outcomes=OUTCOME_WORDS,
        parties=standing.PARTIES,
        words=words,
    )


@bp.get("/departments/<slug>/standards")
@signed_in
def standards(slug: str) -> Response:
    """Show everybody what a department promises, and beside it how the last full month went, misses included (KH8, KH15)."""
    found = get_or_404(visible_departments(me(), clock.now()), Department.slug == slug)
    page = Standards(found, me(), clock.now(), query("month"))
    if page.month is None:
        raise BadRequest
    return render("reports/standards.html", fragments=("standards",), page=page, clocks=CLOCK_WORDS, reasons=REASONS, words=words)
