"""Handing a request to a team of the department (service-levels.md 18)."""

from collections.abc import Sequence
from functools import partial

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.errors import Refused
from portal.core.policy import authorize, signed_in
from portal.core.text import in_language
from portal.people.queries import me
from portal.requests import actions, policies
from portal.requests.forms import CommentForm, TeamForm, option
from portal.requests.models import Request
from portal.requests.page import Page
from portal.requests.views.blueprint import bp, find, keeps_text
from portal.requests.views.handling import back, draw
from portal.requests.views.show import conflict, fresh
from portal.teams.models import Team
from portal.teams.queries import teams_of


def team_form(request: Request) -> tuple[TeamForm, Sequence[Team]]:
    """Return the form with the other teams of the department, and those teams."""
    others = [team for team in teams_of(request.department_id) if team.id != request.team_id]
    form = TeamForm.read()
    form.team.choices = [option(team.public_id, in_language(team.name)) for team in others]
    if request.team_id is not None:
        form.team.choices.append(option("", _("None: whoever takes it")))
    return form, others


@bp.get("/requests/<reference>/team")
@signed_in
def team_page(reference: str) -> Response:
    """Choose another team."""
    request = find(reference)
    authorize(policies.may_work(me(), request, clock.now()))
    form, others = team_form(request)
    return draw("team", request, form, teams=others)


@bp.post("/requests/<reference>/team")
@signed_in
@keeps_text
def hand_over(reference: str) -> Response:
    """Let another team have it."""
    request = find(reference)
    authorize(policies.may_work(me(), request, clock.now()))
    form, others = team_form(request)
    if not form.validate():
        return draw("team", request, form, status=422, teams=others)
    team = next((each for each in others if each.public_id == form.team.data), None)
    note = (form.text.data or "").strip()
    act = partial(actions.hand_over, request, team, note, me(), clock.now())
    try:
        act()
    except Refused as refused:
        typed = {**fresh(Page(request, me(), clock.now())), "text": note, "audience": "internal"}
        return conflict(reference, refused, CommentForm(data=typed))
    notice = _("%(team)s has it now.", team=in_language(team.name)) if team else _("No team in particular has it now.")
    return back(reference, notice)
