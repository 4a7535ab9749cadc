"""The teams of a department: the list, and the form of one."""

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, get_or_404, signed_in
from portal.people.models import Department
from portal.people.queries import agents_of, me, visible_departments
from portal.teams import actions, policies, queries
from portal.teams.forms import TeamForm
from portal.teams.models import Team

bp = Blueprint("teams", __name__)


def managed_department(slug: str) -> Department:
    """Return the department whose teams the person makes."""
    found = get_or_404(visible_departments(me(), clock.now()), Department.slug == slug)
    authorize(policies.may_manage(me(), found.id, clock.now()))
    return found


def managed(public_id: str) -> Team:
    """Return the team that the person changes."""
    found = get_or_404(queries.visible_to(me(), clock.now()), Team.public_id == public_id)
    authorize(policies.may_manage(me(), found.department_id, clock.now()))
    return found


def form_for(department: Department, **values: object) -> TeamForm:
    """Return the form with the agents of the department."""
    return TeamForm.read(**values).offer(agents_of(department.id, clock.now()))


def page(department: Department, form: TeamForm, team: Team | None, status: int = 200) -> Response:
    """Draw the form."""
    return render("teams/edit.html", status=status, department=department, form=form, team=team)


def to_list(slug: str, notice: str) -> Response:
    """Lead to the teams of the department."""
    return redirect_to("teams.index", notice=notice, slug=slug)


@bp.get("/departments/<slug>/teams")
@signed_in
def index(slug: str) -> Response:
    """List the teams of a department with their people."""
    department = get_or_404(visible_departments(me(), clock.now()), Department.slug == slug)
    authorize(policies.may_see(me(), department.id, clock.now()))
    teams = queries.teams_of(department.id)
    members = queries.members_of([team.id for team in teams], clock.now())
    may = policies.may_manage(me(), department.id, clock.now())
    return render("teams/index.html", department=department, teams=teams, members=members, may=may)


@bp.get("/departments/<slug>/teams/new")
@signed_in
def new(slug: str) -> Response:
    """Show the form of a new team."""
    department = managed_department(slug)
    return page(department, form_for(department), None)


@bp.post("/departments/<slug>/teams")
@signed_in
def create(slug: str) -> Response:
    """Make a team."""
    department = managed_department(slug)
    form = form_for(department)
    if not form.complete():
        return page(department, form, None, 422)
    try:
        actions.make(department, form.content(), me(), clock.now())
    except Refused as refused:
        form.name_es.errors = [refused.reason]
        return page(department, form, None, 422)
    return to_list(slug, _("The team is there. Requests can be handed to it now."))


@bp.get("/teams/<public_id>/edit")
@signed_in
def edit(public_id: str) -> Response:
    """Show the form of a team as it is now."""
    team = managed(public_id)
    members = queries.members_of([team.id], clock.now())[team.id]
    names = {f"name_{language}": text for language, text in team.name.items()}
    people = {
        "members": [each.person.public_id for each in members],
        "leads": [each.person.public_id for each in members if each.leads],
    }
    return page(team.department, form_for(team.department, revision=team.revision, **names, **people), team)


@bp.post("/teams/<public_id>")
@signed_in
def save(public_id: str) -> Response:
    """Store a team; an older revision is refused (C10)."""
    team = managed(public_id)
    form = form_for(team.department)
    if not form.complete():
        return page(team.department, form, team, 422)
    seen = form.revision.data or ""
    try:
        actions.change(team, form.content(), int(seen) if seen.isascii() and seen.isdigit() else 0, me(), clock.now())
    except Refused as refused:
        db.session.rollback()
        team = managed(public_id)
        form.name_es.errors, form.revision.data = [refused.reason], str(team.revision)
        return page(team.department, form, team, 409 if isinstance(refused, actions.StaleTeam) else 422)
    return to_list(team.department.slug, _("The team is stored."))


@bp.post("/teams/<public_id>/ending")
@signed_in
def end(public_id: str) -> Response:
    """End a team."""
    team = managed(public_id)
    actions.end(team, me(), clock.now())
    return to_list(team.department.slug, _("The team is no more. What it had stays in the queue."))
