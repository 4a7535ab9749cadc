"""The directory: finding people, a person's page, a department's page (knowledge-and-home.md 10 and 11)."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.core import clock, pagination
from portal.core.db import db
from portal.core.hypermedia import query, render
from portal.core.policy import decided, get_or_404, signed_in
from portal.core.text import in_language
from portal.people import queries
from portal.people.forms import VISIBLE
from portal.people.models import Department, Person
from portal.people.queries import me
from portal.people.views.common import bp, department_choices

FIELDS = tuple(VISIBLE)


@bp.get("/people")
@signed_in
def index() -> Response:
    """Search the people by name and department (PE-21)."""
    decided()
    text, slug = query("q").strip(), query("department")
    found = queries.entries(me(), clock.now())
    if slug:
        found = found.where(Department.slug == slug)
    searchable = queries.is_searchable(text)
    if searchable:
        found = queries.named(found, text)
    page = pagination.page_of(found, queries.BY_NAME, query("page") or None)
    return render(
        "people/index.html",
        fragments=("people_list",),
        page=page,
        text=text,
        slug=slug,
        searchable=searchable,
        departments=department_choices(),
    )


@bp.get("/people/picker")
@signed_in
def picker() -> Response:
    """List up to 20 people whose name has what was typed, from 2 letters on; `field` names the input (PE-21)."""
    decided()
    text = query(query("field") or "q")
    found = queries.pick(text, me(), clock.now())
    return render("people/picker.html", fragments=("person_hits",), found=found, text=text)


@bp.get("/people/<public_id>")
@signed_in
def show(public_id: str) -> Response:
    """Show a person, as far as company and person made their fields public."""
    now = clock.now()
    person = get_or_404(queries.visible_to(me(), now), Person.public_id == public_id)
    public = person.public_fields.split(",")
    facts = [(VISIBLE[name], getattr(person, name)) for name in FIELDS if name in public and getattr(person, name)]
    return render(
        "people/show.html",
        person=person,
        facts=facts,
        above=queries.ancestors(person.department_id),
        absence=queries.absence_of(person.id, now),
        is_own=person.id == me().id,
    )


@bp.get("/departments")
@signed_in
def departments() -> Response:
    """Show the tree of departments."""
    decided()
    return render("people/departments.html", branches=queries.tree())


@bp.get("/departments/<slug>")
@signed_in
def department(slug: str) -> Response:
    """Show a department: who heads it, its place in the tree, its people."""
    now = clock.now()
    found = get_or_404(queries.visible_departments(me(), now), Department.slug == slug)
    above = queries.ancestors(found.id)
    people = queries.entries(me(), now).where(Person.department_id == found.id)
    below = select(Department).where(Department.parent_id == found.id).order_by(Department.number, Department.slug)
    heads = queries.acting_heads(above, now)
    known = queries.visible_to(me(), now).where(Person.id.in_([head.id for head in heads.people]))  # partners know few people
    return render(
        "people/department.html",
        fragments=("people_list",),
        department=found,
        trail=_trail(above),
        heads=heads,
        known=set(db.session.scalars(known.with_only_columns(Person.id))),
        below=list(db.session.scalars(below)),
        page=pagination.page_of(people, queries.BY_NAME, query("page") or None, size=50),
    )


def _trail(above: list[Department]) -> list[tuple[str, str]]:
    """Return the way from the directory down to the department, for the breadcrumb."""
    way = [(in_language(each.name), url_for("people.department", slug=each.slug)) for each in reversed(above)]
    return [(_("People"), url_for("people.index")), *way[:-1], (way[-1][0], "")]
