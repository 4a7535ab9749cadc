"""Administration of roles and delegations (PE-11, permissions.md 2 rows 17 and 36)."""

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older

from portal.core import clock, language, security
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.forms import posted_value
from portal.core.hypermedia import redirect_to
from portal.core.policy import authorize, get_or_404, signed_in
from portal.people import actions, policies, queries
from portal.people.forms import PersonForm, RoleForm, choices
from portal.people.models import Absence, Department, Person, Role
from portal.people.queries import me
from portal.people.views.common import admin_bp, department_choices
from portal.people.words import ROLES


def role_form(beside: PersonForm | None = None) -> RoleForm:
    """Return the form that gives a role; the one beside it on the page has read the departments already."""
    form = RoleForm.read()
    form.role.choices = choices({"": _("Choose the role.")} | {str(role): ROLES[role] for role in actions.GRANTABLE})
    form.scope.choices = choices({"": _("None")}) + (_departments(beside) if beside else choices(department_choices()))
    return form


def _departments(beside: PersonForm) -> list[SelectChoice]:
    known: list[SelectChoice] = list(beside.department.choices or [])
    return known[1:]


def _person(public_id: str) -> Person:
    """Return the person whose roles an administrator changes, confirmed within ten minutes (SE-7)."""
    authorize(policies.may_manage(me(), clock.now()))
    person = get_or_404(select(Person), Person.public_id == public_id)
    authorize(policies.may_change_roles(me(), person, clock.now()))
    security.need_confirmation("people_admin.admin_person", public_id=public_id)
    return person


@admin_bp.post("/admin/people/<public_id>/roles")
@signed_in
def grant_role(public_id: str) -> Response:
    """Give a role; it counts at once."""
    person, form = _person(public_id), role_form()
    if not form.validate():
        raise Refused(_("Choose a role, and a day that is not over."))
    until = form.until.data
    until_at = actions.days(until, until, language.choose_zone())[1] if until else None
    if until_at and until_at <= clock.now():
        raise Refused(_("Choose a role, and a day that is not over."))
    actions.grant(person, Role(form.role.data or ""), _department(form.scope.data or ""), me(), clock.now(), until_at)
    notice = _("%(name)s has the role now.", name=person.name)
    return redirect_to("people_admin.admin_person", public_id=public_id, anchor="roles", notice=notice)


@admin_bp.post("/admin/people/<public_id>/roles/ending")
@signed_in
def revoke_role(public_id: str) -> Response:
    """End a role at once."""
    person = _person(public_id)
    try:
        role = Role(posted_value("role"))
    except ValueError:
        raise BadRequest from None
    actions.revoke(person, role, _department(posted_value("scope")), me(), clock.now())
    notice = _("%(name)s no longer has the role.", name=person.name)
    return redirect_to("people_admin.admin_person", public_id=public_id, anchor="roles", notice=notice)


def _department(slug: str) -> Department | None:
    return db.session.scalar(select(Department).where(Department.slug == slug)) if slug else None


@admin_bp.post("/admin/people/<public_id>/absences/<absence_id>/ending")
@signed_in
def end_absence_of(public_id: str, absence_id: str) -> Response:
    """End somebody's delegation (row 17)."""
    authorize(policies.may_manage(me(), clock.now()))
    person = get_or_404(select(Person), Person.public_id == public_id)
    absence = get_or_404(queries.own_absences(person), Absence.public_id == absence_id)
    authorize(policies.may_end_absence(me(), absence, clock.now()))
    actions.end_absence(absence, me(), clock.now())
    return redirect_to("people_admin.admin_person", public_id=public_id, notice=_("The absence has been ended."))
