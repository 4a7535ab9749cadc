"""The editor's list, the texts of a service, its audience, and its end."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from portal.approvals.models import Route, RouteStage
from portal.catalogue import audiences, forms, policies, queries, versions
from portal.catalogue.actions import services
from portal.catalogue.actions.forms import NotPublishable, go_back
from portal.catalogue.directories import People, Reader
from portal.catalogue.formkit.changes import changes
from portal.catalogue.models import AudienceRow, Service
from portal.catalogue.views.workbench import again, language_names, languages, posted_texts
from portal.core import clock, language
from portal.core.db import db
from portal.core.forms import posted_value
from portal.core.hypermedia import own_path, query, redirect_to, render
from portal.core.policy import authorize, get_or_404, signed_in
from portal.core.text import fold, in_language
from portal.people.models import Department, Person, Role
from portal.people.queries import departments_as, has_role, me, visible_departments
from portal.teams.models import Team
from portal.teams.queries import teams_of

bp = Blueprint("catalogue_editor", __name__)


def inspected_service(public_id: str) -> Service:
    """Return the service if the person edits or audits it; 403 if they only may ask for it, else 404."""
    service = _known(public_id)
    authorize(policies.may_inspect(me(), service, clock.now()))
    return service


def edited_service(public_id: str) -> Service:
    """Return the service if the person edits it."""
    service = _known(public_id)
    authorize(policies.may_edit(me(), service, clock.now()))
    return service


def _known(public_id: str) -> Service:
    """Most who come here edit it: only for the others is the audience asked."""
    now, this = clock.now(), Service.public_id == public_id
    stages = joinedload(Service.route).joinedload(Route.stages).joinedload(RouteStage.person)
    whole = (joinedload(Service.department), joinedload(Service.contact), joinedload(Service.team), stages)
    own = db.session.scalars(queries.editable_by(me(), now).where(this).options(*whole)).unique().first()
    return own or get_or_404(queries.known_to(me(), now), this)


@bp.get("/admin/catalogue")
@signed_in
def index() -> Response:
    """List the services that the person edits or audits."""
    now = clock.now()
    authorize(policies.may_open_editor(me(), now))
    editable = queries.editable_by(me(), now).join(Department, Department.id == Service.department_id)
    columns = (Service.public_id, Service.name, Service.state, Department.name, Department.number)
    found = sorted(
        db.session.execute(editable.with_only_columns(*columns)),
        key=lambda row: (fold(in_language(row[3])), fold(in_language(row[1]))),
    )
    return render("catalogue/editor/index.html", services=found, may_create=policies.may_create(me(), now))


def _departments() -> list[Department]:
    """Return the departments whose services the person may edit."""
    now = clock.now()
    found = visible_departments(me(), now)
    if not has_role(me(), Role.ADMINISTRATOR, now):
        found = found.where(Department.id.in_(departments_as(me(), Role.CATALOGUE_EDITOR, now)))
    return sorted(db.session.scalars(found), key=lambda each: fold(in_language(each.name)))


def _people() -> People:
    return People(Reader(me(), clock.now(), language.current()))


def _new_form() -> forms.ServiceBase:
    return forms.service_form(language_names(), _departments()).read().looking_in(_people())


@bp.get("/admin/catalogue/new")
@signed_in
def new() -> Response:
    """Show the form of a new service."""
    authorize(policies.may_create(me(), clock.now()))
    return render("catalogue/editor/new.html", form=_new_form())


@bp.post("/admin/catalogue")
@signed_in
def create() -> Response:
    """Add a service; nobody finds it before its form is published."""
    now = clock.now()
    authorize(policies.may_create(me(), now))
    form = _new_form()
    if not form.complete(languages()):
        return render("catalogue/editor/new.html", status=422, form=form)
    department = db.session.scalars(select(Department).where(Department.slug == form["department"].data)).one()
    authorize(policies.may_edit_department(me(), department.id, now))
    service = services.create_service(department, _values(form), me())
    return redirect_to("catalogue_editor.form", public_id=service.public_id, notice=_("The service is there. Now its questions."))


def _values(form: forms.ServiceBase, teams: Sequence[Team] = ()) -> dict[str, Any]:
    contact = form.person_in("contact")
    texts = {name: forms.words_of(form, name, languages()) for name in services.TEXTS}
    return {
        **texts,
        "contact_id": contact.id if contact else None,
        "keywords": form["keywords"].data or "",
        "confidential": form["confidential"].data,
        "trackable": form["trackable"].data and not form["confidential"].data,
        "team_id": next((team.id for team in teams if team.public_id == form["team"].data), None),
    }


def _form_of(service: Service, teams: Sequence[Team]) -> forms.ServiceBase:
    shown = forms.service_values(service, languages())
    return forms.service_form(language_names(), teams=teams).read(**shown).looking_in(_people())


def _texts_page(service: Service, form: forms.ServiceBase, status: int = 200) -> Response:
    may = policies.may_edit(me(), service, clock.now())
    return render("catalogue/editor/texts.html", status=status, service=service, form=form, may=may)


@bp.get("/admin/catalogue/<public_id>")
@signed_in
def texts(public_id: str) -> Response:
    """Show the texts of a service."""
    service = inspected_service(public_id)
    return _texts_page(service, _form_of(service, teams_of(service.department_id)))


@bp.post("/admin/catalogue/<public_id>")
@signed_in
def save_texts(public_id: str) -> Response:
    """Save the texts; an older revision gets both side by side (C10)."""
    service = edited_service(public_id)
    teams = teams_of(service.department_id)
    form = _form_of(service, teams)
    if not form.complete(languages()):
        return _texts_page(service, form, 422)
    seen = str(form["revision"].data)
    try:
        services.change_service(service, _values(form, teams), int(seen) if seen.isdigit() else 0, me(), clock.now())
    except services.StaleService as stale:
        return _texts_conflict(service, form, stale.reason)
    return redirect_to("catalogue_editor.texts", public_id=public_id, notice=_("Saved."))


def _texts_conflict(service: Service, form: forms.ServiceBase, reason: str) -> Response:
    theirs = forms.service_values(service, languages())
    fields = [field for field in form if field.name != "revision"]
    pairs = [(field.label.text, _said(field, field.data), _said(field, theirs.get(field.name))) for field in fields]
    values = again(posted_texts(), str(service.revision), "revision")
    return render(
        "catalogue/editor/conflict.html",
        status=409,
        service=service,
        reason=reason,
        differences=[(name, mine, other) for name, mine, other in pairs if mine != other],
        action=own_path(),
        again=values,
        back=None,
    )


def _said(field: Any, value: Any) -> Any:
    """Return a value in words where it is one of a list."""
    names = {choice.value: choice.label for choice in getattr(field, "choices", ())}
    return names.get(value, value or "")


# --- audience --------------------------------------------------------------------------------------------------------


@bp.get("/admin/catalogue/<public_id>/audience")
@signed_in
def audience(public_id: str) -> Response:
    """Show who may ask for the service."""
    return _audience_page(inspected_service(public_id))


def _audience_page(service: Service, problem: str = "", typed: str = "", status: int = 200) -> Response:
    rows = audiences.rows_of(service.id)
    shown = list(zip((audiences.key_of(row) for row in rows), audiences.in_words(rows), strict=True))
    return render(
        "catalogue/editor/audience.html",
        fragments=("audience",),
        status=status,
        service=service,
        groups=shown,
        offered=audiences.offered(visible_departments(me(), clock.now())),
        problem=problem,
        typed=typed,
        may=policies.may_edit(me(), service, clock.now()),
    )


@bp.post("/admin/catalogue/<public_id>/audience")
@signed_in
def add_audience(public_id: str) -> Response:
    """Add a group of people, or one person."""
    service = edited_service(public_id)
    typed = posted_value("person").strip()
    row = _person_row(typed) if typed else audiences.row_for(posted_value("group"))
    if row is None:
        problem = _("Nobody in the directory is called “%(name)s”.", name=typed) if typed else _("Choose who may ask.")
        return _audience_page(service, problem, typed, 422)
    services.add_audience(service, row, me())
    return redirect_to("catalogue_editor.audience", public_id=public_id)


def _person_row(typed: str) -> AudienceRow | None:
    found = _people().find(typed)
    person = db.session.scalar(select(Person).where(Person.public_id == found[0].value)) if len(found) == 1 else None
    return AudienceRow(kind="person", person_id=person.id, person=person) if person else None


@bp.post("/admin/catalogue/<public_id>/audience/removal")
@signed_in
def remove_audience(public_id: str) -> Response:
    """Take a group out."""
    service = edited_service(public_id)
    services.remove_audience(service, posted_value("row"), me())
    return redirect_to("catalogue_editor.audience", public_id=public_id)


# --- versions and the end --------------------------------------------------------------------------------------------


@bp.get("/admin/catalogue/<public_id>/versions")
@signed_in
def history(public_id: str) -> Response:
    """Show the versions, and what changed since one of them (forms.md 10)."""
    return _history_page(inspected_service(public_id))


def _history_page(service: Service, findings: Any = (), status: int = 200) -> Response:
    found = versions.versions_of(service.id)
    since = next((each for each in found if str(each.number) == query("since")), None)
    form = versions.working_form(service.id)
    changed = changes(queries.form_of(since), form, language.current()) if since else None
    may = policies.may_edit(me(), service, clock.now())
    context = {"versions": found, "since": since, "changed": changed, "findings": findings, "may": may}
    return render("catalogue/editor/versions.html", fragments=("changes",), status=status, service=service, **context)


@bp.post("/admin/catalogue/<public_id>/versions/<number>/return")
@signed_in
def return_to(public_id: str, number: str) -> Response:
    """Publish the content of an older version as a new one (forms.md 10)."""
    service = edited_service(public_id)
    try:
        version = go_back(service, me(), int(number) if number.isdigit() else 0, clock.now())
    except NotPublishable as refused:
        return _history_page(service, refused.findings, 422)
    notice = _("Version %(number)s is published.", number=version.number)
    return redirect_to("catalogue_editor.history", public_id=public_id, notice=notice)


@bp.post("/admin/catalogue/<public_id>/withdrawal")
@signed_in
def withdraw(public_id: str) -> Response:
    """End the service (FO6)."""
    service = edited_service(public_id)
    services.withdraw_service(service, me(), clock.now())
    return redirect_to("catalogue_editor.history", public_id=public_id, notice=_("The service is no longer offered."))
