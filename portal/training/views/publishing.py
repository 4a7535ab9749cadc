"""Posting a session and adding a topic: a trainer does it alone (rule 1)."""

from typing import Any

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.db import db
from portal.core.forms import posted_value
from portal.core.hypermedia import query, redirect_to, render
from portal.core.policy import authorize, get_or_404, signed_in
from portal.core.text import in_language
from portal.people.queries import me, visible_departments
from portal.training import actions, policies, queries
from portal.training.forms import SessionForm, TopicForm
from portal.training.models import TrainingSession
from portal.training.views.blueprint import bp

COPIED = ("kind", "capacity", "taught_by", "place", "place_note", "link", "site", "mode", "cancel_hours")


def session_form(**values: Any) -> SessionForm:
    """Return the form with what can be chosen."""
    departments = db.session.scalars(visible_departments(me(), clock.now())).all()
    return SessionForm.read(**values).offer(queries.topics(), departments)


def form_page(form: SessionForm, status: int = 200) -> Response:
    """Draw the form."""
    return render("training/new.html", form=form, status=status)


@bp.get("/training/new")
@signed_in
def new() -> Response:
    """Show the form of a new session."""
    authorize(policies.may_publish(me(), clock.now()))
    copied = query("copy")
    found = get_or_404(queries.get_session(copied, me(), clock.now())) if copied else None
    return form_page(session_form(**(copy_of(found) if found else {})))


def copy_of(session: TrainingSession) -> dict[str, Any]:
    """Return what another session like this one begins with; only its dates are new."""
    plan = actions.plan_of(session)
    plain = {key: getattr(plan, key) for key in COPIED}
    texts = {"title": in_language(plan.title), "about": in_language(plan.description), "materials": in_language(plan.materials)}
    more = {"topic": plan.topic.public_id if plan.topic else "", "spoken": plan.language, "approval": plan.needs_approval}
    return plain | texts | more


@bp.post("/training")
@signed_in
def create() -> Response:
    """Post a session."""
    authorize(policies.may_publish(me(), clock.now()))
    form = session_form()
    form.use(posted_value("use"))
    if not form.validate():
        return form_page(form, 422)
    posted = actions.publish_weekly(form.plan(), form.repeat.data or 1, me(), clock.now())
    return redirect_to("training.show", notice=_("Posted. People can enrol now."), public_id=posted[0].public_id)


@bp.get("/training/topics/new")
@signed_in
def new_topic() -> Response:
    """Show the form of a new topic."""
    authorize(policies.may_publish(me(), clock.now()))
    return render("training/topic_form.html", form=TopicForm.read())


@bp.post("/training/topics")
@signed_in
def create_topic() -> Response:
    """Add a topic."""
    authorize(policies.may_publish(me(), clock.now()))
    form = TopicForm.read()
    if not form.validate():
        return render("training/topic_form.html", form=form, status=422)
    name = {"es": str(form.name_es.data).strip(), "en": str(form.name_en.data).strip()}
    values = {"minimum_share": form.minimum_share.data, "validity_months": form.validity_months.data}
    summary = form.summary.data or ""
    actions.add_topic(name, {"es": summary} if summary else None, me(), clock.now(), **values)
    return redirect_to("training.new", notice=_("Added. You can post a session of it."))
