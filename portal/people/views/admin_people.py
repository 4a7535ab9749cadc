"""Administration of people: find, add, change, end and give back access."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select
from werkzeug.wrappers import Response

from portal.core import clock, pagination, security
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.forms import posted_value
from portal.core.hypermedia import query, redirect_to, render
from portal.core.policy import authorize, get_or_404, signed_in
from portal.people import actions, policies, queries
from portal.people.forms import PersonForm, choices
from portal.people.models import Department, Person
from portal.people.queries import me
from portal.people.views.admin_roles import role_form
from portal.people.views.common import admin_bp, department_choices, differences, person_meant, revision_of

NEW, EDIT = "people/admin/new.html", "people/admin/edit.html"
STATES = ("active", "inactive")


@admin_bp.get("/admin/people")
@signed_in
def index() -> Response:
    """List everybody with an account, also who has left."""
    authorize(policies.may_see_administration(me(), clock.now()))
    text, state = query("q").strip(), pagination.one_of(query("state"), STATES)
    found = queries.accounts()
    if state:
        found = found.where(Person.active if state == "active" else ~Person.active)
    if queries.is_searchable(text):
        found = queries.named(found, text)
    page = pagination.page_of(found, queries.BY_NAME, query("page") or None, size=50)
    may = policies.may_manage(me(), clock.now())
    return render("people/admin/index.html", fragments=("account_list",), page=page, text=text, state=state, may=may)


def everybody() -> Select[Person]:
    """Select whom the administration manages: everybody. Call it after `authorize`."""
    return select(Person)


def person_or_404(public_id: str) -> Person:
    """Return one person for an administrator or auditor."""
    authorize(policies.may_see_administration(me(), clock.now()))
    return get_or_404(everybody(), Person.public_id == public_id)


@admin_bp.get("/admin/people/new")
@signed_in
def new_person() -> Response:
    """Show the form for somebody new."""
    authorize(policies.may_manage(me(), clock.now()))
    return render(NEW, form=_form(None), candidates=[])


def _form(person: Person | None) -> PersonForm:
    form = PersonForm.read(**(_stored(person) | {"revision": person.revision} if person else {}))
    form.department.choices = choices(department_choices(_("Choose the department.")))
    return form


def _stored(person: Person) -> dict[str, Any]:
    title = person.job_title or {}
    return {
        "name": person.name,
        "email": person.email,
        "employee_number": person.employee_number or "",
        "department": person.department.slug,
        "manager": person.manager.name if person.manager else "",
        "job_title_es": title.get("es", ""),
        "job_title_en": title.get("en", ""),
    }


@admin_bp.post("/admin/people")
@signed_in
def create_person() -> Response:
    """Add somebody; they choose their password by a link."""
    authorize(policies.may_manage(me(), clock.now()))
    form = _form(None)
    fields, candidates = _read(form, None)
    if fields is None:
        return render(NEW, form=form, candidates=candidates, status=422)
    try:
        person = actions.create_person(fields, me(), clock.now())
    except Refused as refusal:
        form.email.errors = [refusal.reason]
        return render(NEW, form=form, candidates=[], status=422)
    notice = _("%(name)s has an account now.", name=person.name)
    return redirect_to("people_admin.admin_person", public_id=person.public_id, notice=notice)


def _read(form: PersonForm, person: Person | None) -> tuple[dict[str, Any] | None, list[Person]]:
    """Return the fields of a valid form, or None and the people whom the typed manager may be."""
    valid = form.validate()
    manager, candidates = _manager(form, person)
    if not valid or form.manager.errors:
        return None, candidates
    department_id = db.session.scalar(select(Department.id).where(Department.slug == form.department.data))
    title = {"es": (form.job_title_es.data or "").strip(), "en": (form.job_title_en.data or "").strip()}
    return {
        "name": form.name.data,
        "email": form.email.data,
        "employee_number": form.employee_number.data,
        "department_id": department_id,
        "manager_id": manager.id if manager else None,
        "job_title": {code: text for code, text in title.items() if text} or None,
    }, []


def _manager(form: PersonForm, person: Person | None) -> tuple[Person | None, list[Person]]:
    """Return the manager; a name left as it is stays the same person, whoever else bears it."""
    if person and person.manager and form.manager.data == person.manager.name and not posted_value("manager_pick"):
        return person.manager, []
    manager, candidates = person_meant(form.manager, posted_value("manager_pick"))
    if manager and person and manager.id == person.id:
        form.manager.errors = [_("Nobody is their own manager.")]
    return manager, candidates


@admin_bp.get("/admin/people/<public_id>")
@signed_in
def admin_person(public_id: str) -> Response:
    """Show what administrators keep of a person, with roles and absences."""
    person = person_or_404(public_id)
    return _page(person, _form(person))


def _page(
    person: Person,
    form: PersonForm,
    status: int = 200,
    candidates: list[Person] | None = None,
    conflict: list[tuple[str, str, str]] | None = None,
) -> Response:
    now = clock.now()
    return render(
        EDIT,
        person=person,
        form=form,
        roles=role_form(form),
        grants=queries.grants_in_words_of(person, now),
        absences=queries.coming(person.id, now),
        candidates=candidates or [],
        conflict=conflict or [],
        may=policies.may_manage(me(), now),
        may_roles=policies.may_change_roles(me(), person, now),
        may_deactivate=policies.may_deactivate(me(), person, now),
        status=status,
    )


@admin_bp.post("/admin/people/<public_id>")
@signed_in
def save_person(public_id: str) -> Response:
    """Store what administrators keep of a person; another mail address is confirmed by their password first (SE-7)."""
    authorize(policies.may_manage(me(), clock.now()))
    person = person_or_404(public_id)
    form = _form(person)
    fields, candidates = _read(form, person)
    if fields is None:
        return _page(person, form, 422, candidates)
    if form.email.data != person.email:
        security.need_confirmation("people_admin.admin_person", public_id=public_id)
    try:
        actions.edit_person(person, fields, revision_of(form), by=me())
    except actions.Stale:
        return _conflict(person, form)
    except Refused as refusal:
        form.email.errors = [refusal.reason]
        return _page(person, form, 422)
    return redirect_to("people_admin.admin_person", public_id=public_id, notice=_("The entry is stored."))


def _conflict(person: Person, form: PersonForm) -> Response:
    db.session.refresh(person)
    conflict = differences(form, _stored(person))
    form.revision.data = str(person.revision)
    return _page(person, form, 409, conflict=conflict)


@admin_bp.post("/admin/people/<public_id>/deactivation")
@signed_in
def deactivate_person(public_id: str) -> Response:
    """End access at once (PE-12)."""
    person = person_or_404(public_id)
    authorize(policies.may_deactivate(me(), person, clock.now()))
    actions.deactivate(person, me(), clock.now())
    notice = _("Access of %(name)s has ended.", name=person.name)
    return redirect_to("people_admin.admin_person", public_id=public_id, notice=notice)


@admin_bp.post("/admin/people/<public_id>/reactivation")
@signed_in
def reactivate_person(public_id: str) -> Response:
    """Give access back."""
    person = person_or_404(public_id)
    authorize(policies.may_deactivate(me(), person, clock.now()))
    security.need_confirmation("people_admin.admin_person", public_id=public_id)
    actions.reactivate(person, me())
    notice = _("%(name)s can sign in again.", name=person.name)
    return redirect_to("people_admin.admin_person", public_id=public_id, notice=notice)
