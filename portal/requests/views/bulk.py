"""One action on several requests of a queue (requests.md 16, PE-17)."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.forms import Form, posted_value, posted_values
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, decided, signed_in
from portal.core.text import in_language
from portal.people.models import Department, Person
from portal.people.queries import agents_of, me
from portal.requests import actions, policies, queries
from portal.requests.forms import AssignForm, MoveForm, TextForm, option
from portal.requests.models import QUEUE_ORDER, BulkRun, Request
from portal.requests.views.blueprint import bp
from portal.requests.views.handling import windows_but

MOST = 200

# verb: (what the button says, the form that it needs)
VERBS: dict[str, tuple[Any, type[Form] | None]] = {
    "take": (lazy_gettext("Take them"), None),
    "assign": (lazy_gettext("Assign"), AssignForm),
    "reply": (lazy_gettext("Reply"), TextForm),
    "solve": (lazy_gettext("Solve"), TextForm),
    "move": (lazy_gettext("Move to another department"), MoveForm),
}


@bp.post("/requests/queue/bulk")
@signed_in
def bulk() -> Response:
    """Do one thing to each of the requests ticked; ask first for what it needs (422)."""
    verb, chosen = posted_value("verb"), visible(posted_values("request"))
    if verb not in VERBS or not chosen:
        raise BadRequest
    form = form_of(verb, chosen)
    if form is not None and (not posted_value("ready") or not form.validate()):
        return render("requests/bulk.html", status=422, verb=verb, label=VERBS[verb][0], chosen=chosen, form=form)
    run = BulkRun(person_id=me().id, verb=verb, results=[done(verb, each, form) for each in chosen], at=clock.now())
    db.session.add(run)
    db.session.flush()
    return redirect_to("requests.queue", department=slug_of(chosen), result=run.public_id, anchor="bulk_result")


def visible(references: Sequence[str]) -> list[Request]:
    """Return the requests; one that the agent does not see, or does not work on, refuses all (RQ9, PE-17)."""
    decided()
    wanted = list(dict.fromkeys(references))
    if len(wanted) > MOST:
        raise BadRequest
    seen = queries.visible_to(me(), clock.now()).where(Request.reference.in_(wanted)).order_by(*QUEUE_ORDER)
    found = list(db.session.scalars(seen))
    if len(found) != len(wanted):
        raise NotFound
    for request in found:
        authorize(policies.may_work(me(), request, clock.now()))
    return found


def form_of(verb: str, chosen: Sequence[Request]) -> Any:
    """Return the filled form of a verb, with the choices that all of the requests have."""
    kind = VERBS[verb][1]
    if kind is None:
        return None
    form: Any = kind.read()
    department_id = chosen[0].department_id
    if verb == "assign":
        form.person.choices = [option(each.public_id, each.name) for each in agents_of(department_id, clock.now())]
    if verb == "move":
        form.department.choices = [
            option(each.slug, f"{each.number} {in_language(each.name)}") for each in windows_but(department_id)
        ]
    return form


def done(verb: str, request: Request, form: Any) -> dict[str, str]:
    """Do it to one request under its own savepoint; return its reference and why not, if not."""
    reference, title = request.reference, request.title
    try:
        with db.session.begin_nested():
            act(verb, request, form)
    except Refused as refused:
        return {"reference": reference, "title": title, "why": refused.reason}
    return {"reference": reference, "title": title}


def act(verb: str, request: Request, form: Any) -> None:
    """Do the verb to one request."""
    by, now = me(), clock.now()
    if verb == "take":
        actions.take(request, by, now)
    elif verb == "assign":
        actions.assign(request, chosen_agent(request, form.person.data), by, now)
    elif verb == "reply":
        actions.comment(request, by, form.text.data, False, now)
    elif verb == "solve":
        actions.solve(request, by, form.text.data, now)
    else:
        target = next(each for each in windows_but(request.department_id) if each.slug == form.department.data)
        actions.move_to_department(request, target, form.text.data, by, now, form.share_notes.data == "yes")


def chosen_agent(request: Request, public_id: str) -> Person:
    """Return the agent that was chosen from the list."""
    return next(each for each in agents_of(request.department_id, clock.now()) if each.public_id == public_id)


def slug_of(chosen: Sequence[Request]) -> str | None:
    """Return the queue to go back to: that of the requests, unless they have left it."""
    department = db.session.get(Department, chosen[0].department_id)
    works = department is not None and bool(policies.works_on(me(), chosen[0], clock.now()))
    return department.slug if department and works else None
