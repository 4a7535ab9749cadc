"""Pages: service levels in their order, what each promises, and which one would match."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.db import db
from portal.core.forms import posted_value
from portal.core.hypermedia import query, redirect_to, render
from portal.core.policy import authorize, get_or_404, signed_in
from portal.people.queries import me
from portal.service_levels import policies
from portal.service_levels.actions import levels as actions
from portal.service_levels.choosing import QUESTIONS, Facts, targets_of, try_levels
from portal.service_levels.dry_run import SHOWN, preview_targets
from portal.service_levels.entering import split_words, target_text
from portal.service_levels.forms import LevelForm
from portal.service_levels.models import Calendar, ServiceLevel, ServiceTarget
from portal.service_levels.models.levels import KINDS
from portal.service_levels.owners import owners
from portal.service_levels.queries.clocks import without_promise
from portal.service_levels.timing import Target
from portal.service_levels.views.calendars import bp, references
from portal.service_levels.words import target_words

OK = 200


@bp.get("/service-levels")
@signed_in
def levels() -> Response:
    """List the levels in their order, and try which one would match."""
    now = clock.now()
    authorize(policies.may_read_levels(me(), now))
    ordered = db.session.scalars(select(ServiceLevel).order_by(ServiceLevel.position)).all()
    promised: dict[int, dict[str, str]] = {}
    for row in db.session.scalars(select(ServiceTarget)):
        promised.setdefault(row.level_id, {})[row.kind] = target_words(Target(row.amount, row.unit))  # type: ignore[arg-type]  # checked
    asked, facts = _facts()
    return render(
        "service_levels/levels/index.html",
        levels=ordered,
        promised=promised,
        asked=asked,
        tried=try_levels(facts) if facts else [],
        unknown=bool(asked["reference"]) and facts is None,
        without=len(without_promise()),
        questions=question_words(),
        may=policies.may_edit_levels(me(), now),
    )


def question_words() -> dict[str, str]:
    """Return the questions of conditions in words."""
    return {
        "service": _("Service"),
        "category": _("Category"),
        "department": _("Department that is asked"),
        "requester_department": _("Department of who asks"),
        "site": _("Site"),
        "priority": _("Priority"),
    }


def _facts() -> tuple[dict[str, str], Facts | None]:
    """Return what was asked, and the facts: of a request by its number, or sample values (which would match?)."""
    asked = {name: query(name).strip() for name in ("reference", *QUESTIONS)}
    if asked["reference"]:
        return asked, _facts_of(asked["reference"])
    if not any(asked.values()):
        return asked, None
    values = {name: asked[name] for name in QUESTIONS if name != "requester_department"}
    return asked, Facts(None, requester_department=split_words(asked["requester_department"]), **values)


def _facts_of(reference: str) -> Facts | None:
    for owner in owners():
        found = owner.find(reference, me(), clock.now())
        if found is not None:
            return owner.facts(found)
    return None


def _edited(public_id: str) -> ServiceLevel:
    authorize(policies.may_edit_levels(me(), clock.now()))
    return get_or_404(select(ServiceLevel), ServiceLevel.public_id == public_id)


@bp.get("/service-levels/new")
@signed_in
def new_level() -> Response:
    """Show the form of a new level."""
    authorize(policies.may_edit_levels(me(), clock.now()))
    return render("service_levels/levels/edit.html", level=None, form=_form(None))


@bp.post("/service-levels")
@signed_in
def create_level() -> Response:
    """Add a level at the end of the order."""
    authorize(policies.may_edit_levels(me(), clock.now()))
    form = _form(None)
    targets = form.targets() if form.validate() else None
    if targets is None:
        return render("service_levels/levels/edit.html", status=422, level=None, form=form)
    level = actions.create_level(form.content(), targets, me())
    return redirect_to("service_levels.level", public_id=level.public_id, notice=_("The level is there, at the end."))


@bp.get("/service-levels/<public_id>")
@signed_in
def level(public_id: str) -> Response:
    """Show the form of a level."""
    found = _edited(public_id)
    return render("service_levels/levels/edit.html", level=found, form=_form(found))


def _form(found: ServiceLevel | None) -> LevelForm:
    calendars = db.session.scalars(select(Calendar).order_by(Calendar.name)).all()
    return LevelForm.fill(calendars, **(_stored(found) if found else {}))


def _stored(found: ServiceLevel) -> dict[str, Any]:
    targets = targets_of(found)
    values = {asked: ", ".join(found.conditions.get(asked, ())) for asked in QUESTIONS}
    values |= {kind: target_text(targets.get(kind)) for kind in KINDS}
    names = {f"name_{code}": found.name.get(code, "") for code in ("es", "en")}
    own = found.calendar.public_id if found.calendar else ""
    return {**values, **names, "active": found.active, "calendar": own, "version": str(found.version)}


@bp.post("/service-levels/<public_id>")
@signed_in
def save_level(public_id: str) -> Response:
    """Save a level for what is asked from now on, and lead to what it would move of what is open (33)."""
    found = _edited(public_id)
    form = _form(found)
    targets = form.targets() if form.validate() else None
    if targets is None:
        return render("service_levels/levels/edit.html", status=422, level=found, form=form)
    if str(form.version.data) != str(found.version):
        return _conflict(found, form)
    actions.change_level(found, form.content(), targets, me())
    return redirect_to("service_levels.level_effect", public_id=public_id, notice=_("Saved for what is asked from now on."))


def _conflict(found: ServiceLevel, form: LevelForm) -> Response:
    """Show both texts side by side; saving again keeps what was typed (C10)."""
    stored = LevelForm(None, data=_stored(found))
    differing = [one for one in form if one.name != "version" and one.data != stored[one.name].data]
    conflict = [(one.label.text, str(stored[one.name].data), str(one.data)) for one in differing]
    form.version.data = str(found.version)
    return render("service_levels/levels/edit.html", status=409, level=found, form=form, conflict=conflict)


@bp.get("/service-levels/<public_id>/effect")
@signed_in
def level_effect(public_id: str) -> Response:
    """Show what would move if open requests got the present targets too (35)."""
    return _effect(_edited(public_id))


def _effect(found: ServiceLevel, status: int = OK) -> Response:
    now = clock.now()
    preview = preview_targets(found.id, targets_of(found), now)
    rows = sorted(preview.moved, key=lambda one: (not one.newly_late, one.new or now))[:SHOWN]
    moved = list(zip(rows, references(rows), strict=True))
    return render(
        "service_levels/levels/effect.html", status=status, level=found, preview=preview, moved=moved, stale=status != OK
    )


@bp.post("/service-levels/<public_id>/effect")
@signed_in
def apply_level(public_id: str) -> Response:
    """Give the open requests of a level its present targets; who asked is told."""
    found = _edited(public_id)
    if posted_value("version") != str(found.version):
        return _effect(found, 409)
    moved = actions.apply_to_open(found, me(), clock.now())
    return redirect_to("service_levels.levels", notice=_("Promises that moved: %(num)d.", num=moved))


@bp.post("/service-levels/<public_id>/position")
@signed_in
def move_level(public_id: str) -> Response:
    """Move a level one place up or down."""
    actions.move_level(_edited(public_id), posted_value("to") == "up", me())
    return redirect_to("service_levels.levels")
