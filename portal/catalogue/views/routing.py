"""Who approves: the stages of a service's route, in order, moved without drag."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.approvals.models import RouteStage
from portal.approvals.queries import band_words
from portal.catalogue import forms, policies, queries
from portal.catalogue.actions import routes
from portal.catalogue.directories import BETWEEN, People, Reader
from portal.catalogue.forms import StageBase
from portal.catalogue.models import Service
from portal.catalogue.views.covering import saved
from portal.catalogue.views.editing import bp, edited_service, inspected_service
from portal.catalogue.views.workbench import language_names, languages
from portal.core import clock, language
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.forms import posted_value
from portal.core.hypermedia import query, render
from portal.core.policy import signed_in
from portal.core.text import in_language
from portal.people.models import Department, Person, Role
from portal.people.queries import ROLE_NAMES, me, visible_departments

SUMS = ("above", "up_to")


@bp.get("/admin/catalogue/<public_id>/route")
@signed_in
def route(public_id: str) -> Response:
    """Show the stages; one of them may be open for editing."""
    service = inspected_service(public_id)
    chosen = _stage(service, query("stage"))
    return _page(service, chosen, _form(service, chosen))


def _stages(service: Service) -> list[RouteStage]:
    return list(service.route.stages) if service.route else []


def _stage(service: Service, position: str) -> RouteStage | None:
    return next((stage for stage in _stages(service) if str(stage.position) == position), None)


def _form(service: Service, chosen: RouteStage | None) -> StageBase:
    earlier = {
        stage.position: f"{stage.position}. {in_language(stage.name)}"
        for stage in _stages(service)
        if chosen is None or stage.position < chosen.position
    }
    departments = db.session.scalars(visible_departments(me(), clock.now()))
    currency = queries.currency_asked(service.id)
    made = forms.stage_form(language_names(), departments, earlier, currency)
    return made.read(**_values(service, chosen, currency)).looking_in(People(Reader(me(), clock.now(), language.current())))


def _values(service: Service, chosen: RouteStage | None, currency: str) -> dict[str, object]:
    taxed = any(stage.without_tax for stage in _stages(service))
    seen: dict[str, object] = {"seen": routes.revision_of(service), "compared": "net" if taxed else ""}
    if chosen is None:
        return seen
    scope = db.session.get(Department, chosen.department_id) if chosen.department_id else None
    values = {name: getattr(chosen, name) or "" for name in ("mode", "needed", "rule", "role", "different_from")}
    return {
        **seen,
        **values,
        **forms.spread("name", chosen.name, languages()),
        "person": _named(chosen.person),
        "department": scope.slug if scope else "",
        **({name: forms.sum_text(getattr(chosen, name), currency) for name in SUMS} if chosen.currency == currency else {}),
    }


def _named(person: Person | None) -> str:
    return f"{person.name}{BETWEEN}{in_language(person.department.name)}" if person else ""


def _page(service: Service, chosen: RouteStage | None, form: StageBase, status: int = 200, problem: str = "") -> Response:
    return render(
        "catalogue/editor/route.html",
        fragments=("stages",),
        status=status,
        service=service,
        stages=[(stage, _who(stage)) for stage in _stages(service)],
        chosen=chosen,
        form=form,
        fallback=_named(_fallback(service)),
        problem=problem,
        seen=routes.revision_of(service),
        may=policies.may_edit(me(), service, clock.now()),
    )


def _fallback(service: Service) -> Person | None:
    named = service.route.fallback_id if service.route else None
    return db.session.get(Person, named, options=[joinedload(Person.department)]) if named else None


def _who(stage: RouteStage) -> str:
    """Return who decides in a stage, and how, in words."""
    who = forms.rule_words()[stage.rule]
    if stage.rule == "person" and stage.person:
        who = stage.person.name
    if stage.rule == "role" and stage.role:
        who = str(ROLE_NAMES.get(Role(stage.role), stage.role))
    how = forms.mode_words()[stage.mode]
    if stage.mode == "count":
        how = _("%(number)s of them must agree", number=stage.needed)
    other = _("not who decided in stage %(number)s", number=stage.different_from) if stage.different_from else ""
    return " · ".join(part for part in (band_words(stage), who, how, other) if part)


@bp.post("/admin/catalogue/<public_id>/route/stages")
@signed_in
def add_stage(public_id: str) -> Response:
    """Add a stage at the end."""
    return _save(edited_service(public_id), None)


@bp.post("/admin/catalogue/<public_id>/route/stages/<position>")
@signed_in
def save_stage(public_id: str, position: str) -> Response:
    """Save the open stage."""
    service = edited_service(public_id)
    chosen = _stage(service, position)
    if chosen is None:
        raise NotFound
    return _save(service, chosen)


def _save(service: Service, chosen: RouteStage | None) -> Response:
    form = _form(service, chosen)
    if not form.complete():
        return _page(service, chosen, form, 422)
    stage = _read(service, form)
    try:
        if chosen is None:
            routes.add_stage(service, stage, _seen(), me())
        else:
            routes.change_stage(service, chosen.position, stage, _seen(), me())
    except routes.StaleRoute as stale:
        db.session.rollback()
        return _page(service, chosen, form, 409, stale.reason)
    return saved(service)


def _seen() -> int:
    text = posted_value("seen")
    return int(text) if text.isdigit() else -1


def _read(service: Service, form: StageBase) -> routes.Stage:
    rule, mode = form["rule"].data, form["mode"].data
    person = form.person_in("person") if rule == "person" else None
    scope = db.session.scalar(select(Department).where(Department.slug == form["department"].data)) if rule == "role" else None
    named = forms.words_of(form, "name", languages())
    other = form["different_from"].data if "different_from" in form else ""
    above, up_to = (form.minor(name) for name in SUMS)
    return routes.Stage(
        name=named or {language.current(): forms.rule_words()[rule]},
        mode=mode,
        needed=(form["needed"].data or 1) if mode == "count" else 1,
        rule=rule,
        person_id=person.id if person else None,
        role=form["role"].data if rule == "role" else None,
        department_id=scope.id if scope else None,
        different_from=int(other) if other else None,
        above=above,
        up_to=up_to,
        currency="" if above is None and up_to is None else queries.currency_asked(service.id),
        without_tax="compared" in form and form["compared"].data == "net",
    )


@bp.post("/admin/catalogue/<public_id>/route/order")
@signed_in
def move_stage(public_id: str) -> Response:
    """Move a stage one place up or down."""
    service = edited_service(public_id)
    direction, _colon, position = posted_value("move").partition(":")
    step = -1 if direction == "up" else 1
    routes.move_stage(service, int(position) if position.isdigit() else 0, step, _seen(), me())
    return saved(service)


@bp.post("/admin/catalogue/<public_id>/route/stages/<position>/removal")
@signed_in
def remove_stage(public_id: str, position: str) -> Response:
    """Take a stage out."""
    service = edited_service(public_id)
    routes.remove_stage(service, int(position) if position.isdigit() else 0, _seen(), me())
    return saved(service)


@bp.post("/admin/catalogue/<public_id>/route/fallback")
@signed_in
def set_fallback(public_id: str) -> Response:
    """Say who decides where the stages find nobody that may (AP-6)."""
    service = edited_service(public_id)
    text = posted_value("fallback").strip()
    found = People(Reader(me(), clock.now(), language.current())).find(text) if text else []
    if text and len(found) != 1:
        raise Refused(_("Nobody in the directory is called “%(name)s”.", name=text))
    person = db.session.scalar(select(Person).where(Person.public_id == found[0].value)) if found else None
    routes.set_fallback(service, person, _seen(), me())
    return saved(service)
