"""Writing, changing and acknowledging the standards of a department."""

from flask import Blueprint
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from portal.catalogue.models import Service
from portal.core import clock
from portal.core.db import db
from portal.core.forms import posted_value
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, get_or_404, signed_in
from portal.core.text import fold, in_language
from portal.knowledge import actions, policies, queries
from portal.knowledge.forms import RemarkForm, StandardForm
from portal.knowledge.models import ServiceStandard, StandardVersion
from portal.knowledge.months import month_words
from portal.people.models import Department
from portal.people.queries import me, visible_departments
from portal.service_levels.models import ServiceLevel

bp = Blueprint("knowledge", __name__)
PAGE = "reports.standards"
LONGEST_NUMBER = 6


def edited_department(slug: str) -> Department:
    """Return the department whose standards the person writes."""
    found = get_or_404(visible_departments(me(), clock.now()), Department.slug == slug)
    authorize(policies.may_edit(me(), found.id, clock.now()))
    return found


def edited(public_id: str) -> ServiceStandard:
    """Return the standard that the person changes."""
    found = get_or_404(queries.visible_to(me(), clock.now()), ServiceStandard.public_id == public_id)
    authorize(policies.may_edit(me(), found.department_id, clock.now()))
    return found


def form_for(department: Department, **values: object) -> StandardForm:
    """Return the form with what the department may choose."""
    services = db.session.scalars(select(Service).where(Service.department_id == department.id, Service.state == "published"))
    levels = db.session.scalars(select(ServiceLevel).where(ServiceLevel.active).order_by(ServiceLevel.position))
    by_name = sorted(services, key=lambda service: fold(in_language(service.name)))
    return StandardForm.read(**values).offer(by_name, list(levels))


def page(department: Department, form: StandardForm, standard: ServiceStandard | None, status: int = 200) -> Response:
    """Draw the form."""
    return render("knowledge/edit.html", status=status, department=department, form=form, standard=standard)


@bp.get("/departments/<slug>/standards/new")
@signed_in
def new(slug: str) -> Response:
    """Show the form of a new standard."""
    department = edited_department(slug)
    return page(department, form_for(department, clock="fulfilment"), None)


@bp.post("/departments/<slug>/standards")
@signed_in
def create(slug: str) -> Response:
    """Promise something more."""
    department = edited_department(slug)
    form = form_for(department)
    if not form.validate():
        return page(department, form, None, 422)
    actions.promise(department, form.content(), me(), clock.now())
    return redirect_to(PAGE, notice=_("Everybody can read it now. Your people are asked to acknowledge it."), slug=slug)


@bp.get("/standards/<public_id>/edit")
@signed_in
def edit(public_id: str) -> Response:
    """Show the form of a standard as it is now."""
    standard = edited(public_id)
    now = queries.current(standard)
    texts = {f"sentence_{language}": text for language, text in now.sentence.items()}
    chosen = {"service": now.service.public_id if now.service else "", "level": now.level.public_id if now.level else ""}
    return page(standard.department, form_for(standard.department, clock=now.clock, seen=now.number, **texts, **chosen), standard)


@bp.post("/standards/<public_id>")
@signed_in
def save(public_id: str) -> Response:
    """Give a standard a new version; older months stay with the old one (KH15)."""
    standard = edited(public_id)
    form = form_for(standard.department)
    if not form.validate():
        return page(standard.department, form, standard, 422)
    try:
        actions.change(standard, form.content(), _number(form.seen.data), me(), clock.now())
    except actions.StaleStandard as stale:
        db.session.rollback()
        form.sentence_es.errors = [stale.reason]
        return page(edited(public_id).department, form, edited(public_id), 409)
    return redirect_to(
        PAGE, notice=_("Changed. Your people are asked to acknowledge the new version."), slug=standard.department.slug
    )


def _number(text: str | None) -> int:
    if not (text and text.isascii() and text.isdigit()):
        raise BadRequest
    return int(text)


@bp.post("/standards/<public_id>/withdrawal")
@signed_in
def withdraw(public_id: str) -> Response:
    """End a standard."""
    standard = edited(public_id)
    actions.withdraw(standard, me(), clock.now())
    return redirect_to(PAGE, notice=_("Withdrawn. Its old months stay."), slug=standard.department.slug)


@bp.post("/standards/<public_id>/acknowledgement")
@signed_in
def acknowledge(public_id: str) -> Response:
    """Record that somebody of the department has read it."""
    standard = get_or_404(queries.visible_to(me(), clock.now()), ServiceStandard.public_id == public_id)
    authorize(policies.may_acknowledge(me(), standard.department_id, clock.now()))
    if posted_value("seen") != str(queries.current(standard).number):
        raise actions.StaleStandard
    actions.acknowledge(standard, me(), clock.now())
    return redirect_to(PAGE, notice=_("Thank you: it is noted that you have read it."), slug=standard.department.slug)


# --- remarks on the result of a month ---------------------------------------------------------------------------------

REMARK = "/standards/<public_id>/versions/<number>/remarks/<month>"


def remarked(public_id: str, number: str, month: str) -> StandardVersion:
    """Return the version whose result of a month the person may say something to."""
    standard = get_or_404(queries.visible_to(me(), clock.now()), ServiceStandard.public_id == public_id)
    authorize(policies.may_remark(me(), standard.department_id, clock.now()))
    known = number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER
    found = queries.version_in(standard, int(number), month, clock.now()) if known else None
    if found is None:
        raise NotFound
    return found


def remark_page(version: StandardVersion, month: str, form: RemarkForm | None = None, status: int = 200) -> Response:
    """Draw the form with what was said before."""
    said = queries.remarks_of([version.id], month).get(version.id, [])
    texts = {f"text_{language}": words for language, words in (said[0].text if said else {}).items()}
    shown = form or RemarkForm.read(seen=said[0].number if said else 0, **texts)
    return render(
        "knowledge/remark.html",
        status=status,
        version=version,
        month=month,
        month_words=month_words(month),
        form=shown,
        said=said,
    )


@bp.get(REMARK)
@signed_in
def edit_remark(public_id: str, number: str, month: str) -> Response:
    """Show the form of a remark."""
    return remark_page(remarked(public_id, number, month), month)


@bp.post(REMARK)
@signed_in
def save_remark(public_id: str, number: str, month: str) -> Response:
    """Say something to the result of a month; an empty remark takes it back."""
    version, form = remarked(public_id, number, month), RemarkForm.read()
    if not form.validate():
        return remark_page(version, month, form, 422)
    try:
        actions.remark(version, month, form.text(), _number(form.seen.data), me(), clock.now())
    except actions.StaleStandard as stale:
        db.session.rollback()
        form.text_es.errors = [stale.reason]
        return remark_page(remarked(public_id, number, month), month, form, 409)
    return redirect_to(
        PAGE, notice=_("Saved: everybody reads it beside the result."), slug=version.standard.department.slug, month=month
    )
