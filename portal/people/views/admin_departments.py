"""Administration of departments: the tree, windows, welcome texts (knowledge-and-home.md 11)."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, get_or_404, signed_in
from portal.people import actions, policies, queries
from portal.people.forms import DepartmentForm, choices
from portal.people.models import Department
from portal.people.queries import me
from portal.people.views.common import admin_bp, department_choices, differences, revision_of

EDIT = "people/admin/department.html"
TEXTS = ("name", "welcome")


@admin_bp.get("/admin/departments")
@signed_in
def admin_departments() -> Response:
    """Show the tree with its windows and heads."""
    now = clock.now()
    authorize(policies.may_see_administration(me(), now))
    branches = queries.tree()
    heads = queries.heads_of_all([branch.department.id for branch in branches], now)
    may = policies.may_manage(me(), now)
    return render("people/admin/departments.html", branches=branches, heads=heads, may=may)


@admin_bp.get("/admin/departments/new")
@signed_in
def new_department() -> Response:
    """Show the form for a new department."""
    authorize(policies.may_manage(me(), clock.now()))
    return _page(None, _form(None))


def _page(department: Department | None, form: DepartmentForm, status: int = 200, conflict: Any = ()) -> Response:
    may = policies.may_manage(me(), clock.now())
    return render(EDIT, department=department, form=form, conflict=conflict, may=may, status=status)


def _form(department: Department | None) -> DepartmentForm:
    form = DepartmentForm.read(**(_stored(department) | {"revision": department.revision} if department else {}))
    form.parent.choices = choices(department_choices(_("None: it stands at the top")))
    return form


def _stored(department: Department) -> dict[str, Any]:
    texts = {f"{name}_{code}": (getattr(department, name) or {}).get(code, "") for name in TEXTS for code in ("es", "en")}
    plain = {name: getattr(department, name) for name in ("slug", "number", "closed", "hours_public")}
    return texts | plain | {"parent": department.parent.slug if department.parent else ""}


def _fields(form: DepartmentForm) -> dict[str, Any]:
    texts = {name: {code: (form[f"{name}_{code}"].data or "").strip() for code in ("es", "en")} for name in TEXTS}
    found: dict[str, Any] = {name: {code: text for code, text in both.items() if text} for name, both in texts.items()}
    parent = select(Department.id).where(Department.slug == form.parent.data)
    found |= {name: form[name].data for name in ("slug", "number", "closed", "hours_public")}
    return found | {"welcome": found["welcome"] or None, "parent_id": db.session.scalar(parent) if form.parent.data else None}


@admin_bp.post("/admin/departments")
@signed_in
def create_department() -> Response:
    """Add a department."""
    authorize(policies.may_manage(me(), clock.now()))
    form = _form(None)
    if not form.validate():
        return _page(None, form, 422)
    try:
        actions.create_department(_fields(form), me())
    except Refused as refusal:
        form.slug.errors = [refusal.reason]
        return _page(None, form, 422)
    return redirect_to("people_admin.admin_departments", notice=_("The department is stored."))


@admin_bp.get("/admin/departments/<slug>")
@signed_in
def admin_department(slug: str) -> Response:
    """Show what administrators keep of a department."""
    department = _department(slug)
    return _page(department, _form(department))


def _department(slug: str) -> Department:
    authorize(policies.may_see_administration(me(), clock.now()))
    return get_or_404(queries.visible_departments(me(), clock.now()), Department.slug == slug)


@admin_bp.post("/admin/departments/<slug>")
@signed_in
def save_department(slug: str) -> Response:
    """Store a department; a circle in the tree is refused (KH11)."""
    authorize(policies.may_manage(me(), clock.now()))
    department = _department(slug)
    form = _form(department)
    if not form.validate():
        return _page(department, form, 422)
    try:
        actions.edit_department(department, _fields(form), revision_of(form), me())
    except actions.Stale:
        return _conflict(department, form)
    except Refused as refusal:
        form.parent.errors = [refusal.reason]
        return _page(department, form, 422)
    return redirect_to("people_admin.admin_departments", notice=_("The department is stored."))


def _conflict(department: Department, form: DepartmentForm) -> Response:
    db.session.refresh(department)
    conflict = differences(form, _stored(department))
    form.revision.data = str(department.revision)
    return _page(department, form, 409, conflict)
