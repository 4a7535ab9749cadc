"""Topics: how one stands, who needs what, what is mandatory for whom, and the matrix (rules 24 to 33)."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.core import clock, sheets
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.hypermedia import query, redirect_to, render
from portal.core.pagination import one_of
from portal.core.policy import authorize, decided, get_or_404, signed_in
from portal.core.text import in_language
from portal.people.models import Department, Person
from portal.people.queries import me, meant, visible_departments
from portal.training import actions, matrix, policies, queries
from portal.training.mandatory_forms import ExemptionForm, RecordForm, RequirementForm
from portal.training.models import Requirement, Topic
from portal.training.queries import demand
from portal.training.views.blueprint import bp

PAGE = "training.topic"
SHOWN = 200


def find_topic(public_id: str) -> Topic:
    """Return a topic; all are for everybody who signs in."""
    return get_or_404(select(Topic), Topic.public_id == public_id)


def taught(public_id: str) -> Topic:
    """Return a topic for somebody who looks after it."""
    authorize(policies.may_publish(me(), clock.now()))
    return find_topic(public_id)


@bp.get("/training/topics")
@signed_in
def topics() -> Response:
    """Show all topics, how the reader stands in each, and what they have said to need."""
    decided()
    person, now = me(), clock.now()
    found = queries.topics()
    cells = queries.standings([person], [each.id for each in found], now)
    booked = matrix.booked_of([person.id], [each.id for each in found], now)
    return render(
        "training/topics.html",
        fragments=("topic_list",),
        topics=[(each, cells[person.id, each.id], booked.get((person.id, each.id))) for each in found],
        needed=demand.demanded_by(person.id),
        may_need=policies.may_enrol(person, now),
        words=matrix.WORDS,
        kinds=matrix.KINDS,
        next=queries.next_sessions(person, now),
    )


@bp.get("/training/topics/<public_id>")
@signed_in
def topic(public_id: str) -> Response:
    """Show who needs a topic and for whom it is mandatory, with the forms to change it."""
    return topic_page(taught(public_id))


def topic_page(found: Topic, status: int = 200, **forms: Any) -> Response:
    """Draw the page; a form that came back stands in its place."""
    now = clock.now()
    rules = [each for each in queries.requirements(queries.today_of(now)) if each.topic_id == found.id]
    drawn = {**blank(), **forms}
    drawn["requirement"].offer(departments(), matrix_sites())
    return render(
        "training/topic.html",
        topic=found,
        rules=[(each, actions.preview(each, now)) for each in rules],
        demand=demand.demand_of(found.id),
        days=demand.free_days(found.id, queries.today_of(now)),
        forms=drawn,
        status=status,
        words=group_words,
    )


def blank() -> dict[str, Any]:
    """Return the forms with nothing in them."""
    return {"requirement": RequirementForm(), "exemption": ExemptionForm(), "record": RecordForm()}


def departments() -> list[Department]:
    """Return the departments that can be chosen."""
    return list(db.session.scalars(visible_departments(me(), clock.now())))


def matrix_sites() -> list[str]:
    """Return the sites where people work."""
    found = select(Person.site).where(Person.active, Person.site != "").distinct().order_by(Person.site)
    return list(db.session.scalars(found))


def group_words(requirement: Requirement) -> str:
    """Return for whom a requirement is."""
    if requirement.department is not None:
        return in_language(requirement.department.name)
    return requirement.site or str(RequirementForm.role_words(requirement.role))


@bp.post("/training/topics/<public_id>/demand")
@signed_in
def need(public_id: str) -> Response:
    """Say that one needs a topic."""
    found = find_topic(public_id)
    authorize(policies.may_enrol(me(), clock.now()))
    actions.need(found, me(), clock.now())
    return redirect_to("training.topics", notice=_("Noted. We tell you when there is a session."))


@bp.post("/training/topics/<public_id>/demand/withdrawal")
@signed_in
def need_no_more(public_id: str) -> Response:
    """Take it back."""
    found = find_topic(public_id)
    authorize(policies.may_enrol(me(), clock.now()))
    actions.need_no_more(found, me(), clock.now())
    return redirect_to("training.topics", notice=_("Taken back."))


@bp.post("/training/topics/<public_id>/requirements")
@signed_in
def require(public_id: str) -> Response:
    """Make a topic mandatory for a group."""
    found = taught(public_id)
    form = RequirementForm.read().offer(departments(), matrix_sites())
    if not form.validate():
        return topic_page(found, 422, requirement=form)
    actions.require(found, form.terms(), me(), clock.now())
    return redirect_to(PAGE, notice=_("Mandatory from today on; everybody has the days of grace."), public_id=public_id)


def requirement_of(found: Topic, requirement_id: str) -> Requirement:
    """Return a requirement of a topic; another one answers 404 (PE-15)."""
    return get_or_404(select(Requirement).where(Requirement.topic_id == found.id), Requirement.public_id == requirement_id)


@bp.post("/training/topics/<public_id>/requirements/<requirement_id>/end")
@signed_in
def end_requirement(public_id: str, requirement_id: str) -> Response:
    """End a requirement; records stay."""
    actions.end_requirement(requirement_of(taught(public_id), requirement_id), me(), clock.now())
    return redirect_to(PAGE, notice=_("Ended. Records stay."), public_id=public_id)


@bp.post("/training/topics/<public_id>/requirements/<requirement_id>/reapplication")
@signed_in
def reapply(public_id: str, requirement_id: str) -> Response:
    """Apply the months of today to the records that were previewed (rule 28)."""
    rule = requirement_of(taught(public_id), requirement_id)
    number = actions.reapply(rule, actions.preview(rule, clock.now()), me(), clock.now())
    return redirect_to(PAGE, notice=_("%(num)d records have another validity now.", num=number), public_id=public_id)


def person_named(form: Any) -> Person | None:
    """Return whom a form names, or None with an error at its field."""
    found = meant(str(form.person.data or "").strip(), me(), clock.now())
    if len(found) == 1:
        return found[0]
    form.person.errors = [_("Nobody, or more than one person, is called that. Use the mail.")]
    return None


@bp.post("/training/topics/<public_id>/exemptions")
@signed_in
def exempt(public_id: str) -> Response:
    """Let somebody off for a time."""
    found, form = taught(public_id), ExemptionForm.read()
    person = person_named(form) if form.validate() else None
    if person is None:
        return topic_page(found, 422, exemption=form)
    actions.exempt(person, found, form.span, str(form.reason.data).strip(), me(), clock.now())
    return redirect_to(PAGE, notice=_("%(name)s is exempt.", name=person.name), public_id=public_id)


@bp.post("/training/topics/<public_id>/records")
@signed_in
def enter(public_id: str) -> Response:
    """Enter what somebody completed elsewhere."""
    found, form = taught(public_id), RecordForm.read()
    person = person_named(form) if form.validate() else None
    if person is None:
        return topic_page(found, 422, record=form)
    try:
        actions.enter(person, found, form.completed_on.data or date.min, str(form.evidence.data).strip(), me(), clock.now())
    except Refused as refused:
        form.completed_on.errors = [refused.reason]
        return topic_page(found, 409, record=form)
    return redirect_to(PAGE, notice=_("Entered."), public_id=public_id)


@bp.get("/training/matrix")
@signed_in
def people_and_topics() -> Response:
    """Show people and topics, coloured and lettered (rule 32)."""
    seen, wanted = read_matrix()
    return render(
        "training/matrix.html",
        fragments=("matrix",),
        matrix=seen,
        people=seen.rows[:SHOWN],
        more=max(0, len(seen.rows) - SHOWN),
        wanted=wanted,
        departments=departments(),
        letters=matrix.LETTERS,
        words=matrix.WORDS,
        legend=", ".join(f"{letter} {matrix.WORDS[status]}" for status, letter in matrix.LETTERS.items()),
        columns=[in_language(each.name) for each in seen.topics],
        kinds=matrix.KINDS,
        falling=matrix.falling_due(clock.now()) if policies.may_publish(me(), clock.now()) else [],
    )


def read_matrix() -> tuple[matrix.Matrix, dict[str, str]]:
    """Return the matrix that the address asks for."""
    authorize(policies.may_see_matrix(me(), clock.now()))
    wanted = {"gap": one_of(query("gap"), ("1",)), "department": query("department")[:60], "topic": query("topic")[:12]}
    named = select(Department.id).where(Department.slug == wanted["department"])
    department_id = (db.session.scalar(named) or 0) if wanted["department"] else None
    seen = matrix.read(me(), clock.now(), gap=bool(wanted["gap"]), department_id=department_id, topic=wanted["topic"])
    return seen, {key: value for key, value in wanted.items() if value}


@bp.get("/training/matrix.csv")
@signed_in
def matrix_file() -> Response:
    """Return the same as a table for spreadsheets."""
    seen, _wanted = read_matrix()
    columns = [_("Person"), _("Department")]
    columns += [text for topic in seen.topics for text in (in_language(topic.name), _("until"), _("booked"))]
    rows = [[row.person.name, in_language(row.person.department.name), *cells(row)] for row in seen.rows]
    return sheets.file_of("csv", "training", columns, rows)


def cells(row: matrix.Row) -> list[str]:
    """Return status, date and booking of each topic."""
    found: list[str] = []
    for cell, booked in zip(row.cells, row.booked, strict=True):
        found += [str(matrix.WORDS[cell.status]), cell.by.isoformat() if cell.by else "", booked.isoformat() if booked else ""]
    return found
