"""Publishing: opening and telling incidents, announcing and moving windows, keeping components (permissions.md row 20)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.forms import posted_value
from portal.core.hypermedia import query, redirect_to
from portal.core.policy import authorize, get_or_404, signed_in
from portal.people.queries import me
from portal.status import forms, opening, policies, queries
from portal.status.actions import incidents, maintenance
from portal.status.actions.changes import Stale
from portal.status.models import Incident, IncidentUpdate, Maintenance
from portal.status.views import drawing
from portal.status.views.inside import bp
from portal.status.vocabulary import OPEN_STATES

INCIDENT = "status_inside.incident"
WINDOW = "status_inside.maintenance"


def publisher() -> datetime:
    """Go on only for those who publish; return the present."""
    now = clock.now()
    authorize(policies.may_publish(me(), now))
    return now


def edited(public_id: str) -> tuple[Incident, datetime]:
    """Return the incident that the person changes."""
    found = get_or_404(queries.visible_incidents(me(), clock.now()), Incident.public_id == public_id)
    return found, publisher()


def moved(public_id: str) -> tuple[Maintenance, datetime]:
    """Return the window that the person changes."""
    found = get_or_404(queries.visible_windows(me(), clock.now()), Maintenance.public_id == public_id)
    return found, publisher()


@bp.get("/incidents/new")
@signed_in
def new_incident() -> Response:
    """Show the form of an incident, filled from a template or from a request."""
    now = publisher()
    given = opening.given(query("template"), query("request"), me(), now)
    form = incident_form(now, **given.values)
    return drawing.page("new_incident", form=form, templates=opening.templates(), given=given)


def incident_form(now: datetime, **values: Any) -> Any:
    """Return the form of a new incident."""
    made = forms.with_components(forms.IncidentForm, drawing.editable_components())
    return made.read(**values).offer(OPEN_STATES, now)


@bp.post("/incidents")
@signed_in
def open_incident() -> Response:
    """Open an incident."""
    now = publisher()
    form = incident_form(now)
    if not form.validate():
        given = opening.given("", form.requests.data or "", me(), now)
        return drawing.page("new_incident", 422, form=form, templates=opening.templates(), given=given)
    found = incidents.open_incident(opening_of(form, now), me(), now)
    opening.link(found, form.requests.data or "", me(), now)
    return redirect_to(
        INCIDENT,
        notice=_("It is published.") if found.published_at <= now else _("It is kept until then."),
        public_id=found.public_id,
    )


def opening_of(form: Any, now: datetime) -> incidents.Opening:
    """Return what was entered."""
    return incidents.Opening(
        name=form.name_texts(),
        language=form.original(),
        started_at=form.started_wall.instant or now,
        words=words_of(form),
        declared_impact=form.declared_impact.data or None,
        for_the_record=form.for_the_record.data,
        internal=form.internal.data,
    )


def words_of(form: Any) -> incidents.Words:
    """Return what an update says."""
    return incidents.Words(
        form.body(), form.state.data, form.impacts(), form.next_due_at(), form.notify.data, form.publish_wall.instant
    )


@bp.post("/incidents/<public_id>/updates")
@signed_in
def tell(public_id: str) -> Response:
    """Publish an update, or reopen what had ended by saying so."""
    found, now = edited(public_id)
    made = forms.with_components(forms.UpdateForm, drawing.editable_components())
    before = incidents.state_of(found)
    form = made.read().offer(drawing.states_after(before), now)
    if not form.validate():
        return drawing.incident(found, 422, update=form)
    if form.seen.data != str(found.revision):
        form.body_es.errors = [Stale().reason]
        return drawing.incident(found, 409, update=form)
    reopening = before not in OPEN_STATES and form.state.data in OPEN_STATES
    update = (incidents.reopen if reopening else incidents.tell)(found, words_of(form), me(), now)
    said = _("Your update is published.") if update.published_at <= now else _("It is kept until then.")
    return redirect_to(INCIDENT, notice=said, public_id=public_id)


@bp.post("/incidents/<public_id>/retraction")
@signed_in
def retract(public_id: str) -> Response:
    """Withdraw a wrong publication."""
    found, now = edited(public_id)
    body = {"es": "Publicado por error: retirado.", "en": "Published by mistake: retracted."}
    incidents.retract(found, body, me(), now)
    return redirect_to(INCIDENT, notice=_("It is withdrawn and counts for nothing."), public_id=public_id)


@bp.post("/incidents/<public_id>/name")
@signed_in
def rename(public_id: str) -> Response:
    """Change the name, add its translation, declare another impact."""
    found, now = edited(public_id)
    form = drawing.name_form(found)
    if not form.validate():
        return drawing.incident(found, 422, name=form)
    if form.seen.data != str(found.revision):
        form.name_es.errors = [Stale().reason]
        return drawing.incident(found, 409, name=form)
    incidents.rename(found, form.name_texts(), form.declared_impact.data or None, found.revision, me(), now)
    return redirect_to(INCIDENT, notice=_("Saved."), public_id=public_id)


@bp.post("/incidents/<public_id>/notes")
@signed_in
def note(public_id: str) -> Response:
    """Tell colleagues something."""
    found, now = edited(public_id)
    form = forms.NoteForm.read()
    if not form.validate() or not form.text():
        return drawing.incident(found, 422, note=form)
    incidents.note(found, form.text(), me(), now)
    return redirect_to(INCIDENT, notice=_("Your note is kept."), public_id=public_id)


@bp.get("/incidents/<public_id>/updates/<update_id>")
@signed_in
def correction(public_id: str, update_id: str) -> Response:
    """Show the text of an update to correct or translate it."""
    found, _now = edited(public_id)
    update = update_of(found, update_id)
    form = forms.TextsForm.read(**{f"body_{code}": text for code, text in update.body.items()})
    return drawing.page("correction", form=form, incident=found, update=update)


@bp.post("/incidents/<public_id>/updates/<update_id>")
@signed_in
def correct(public_id: str, update_id: str) -> Response:
    """Correct or translate an update."""
    found, now = edited(public_id)
    update, form = update_of(found, update_id), forms.TextsForm.read()
    if not form.validate():
        return drawing.page("correction", 422, form=form, incident=found, update=update)
    incidents.correct(update, form.body(), me(), now, notify=posted_value("tell") == "yes")
    return redirect_to(INCIDENT, notice=_("Corrected. The old text is kept."), public_id=public_id)


def update_of(found: Incident, update_id: str) -> IncidentUpdate:
    """Return an update by both ids (PE-15)."""
    return get_or_404(select(IncidentUpdate).where(IncidentUpdate.incident_id == found.id), IncidentUpdate.public_id == update_id)


@bp.get("/maintenance/new")
@signed_in
def new_window() -> Response:
    """Show the form of a window."""
    publisher()
    return drawing.page("new_maintenance", form=window_form())


def window_form() -> Any:
    """Return the form of a window."""
    return forms.with_components(forms.WindowForm, drawing.editable_components()).read()


@bp.post("/maintenance")
@signed_in
def announce() -> Response:
    """Announce a window."""
    now, form = publisher(), window_form()
    if not form.validate():
        return drawing.page("new_maintenance", 422, form=form)
    plan = maintenance.Plan(
        name=form.name_texts(),
        language=form.original(),
        body=form.body(),
        when=forms.times_of(form),
        components={id_: status for id_, status in form.impacts().items() if status},
        auto_complete=form.auto_complete.data,
        published_at=form.publish_wall.instant,
        notify=form.notify.data,
    )
    found = maintenance.announce(plan, me(), now)
    return redirect_to(WINDOW, notice=_("It is announced."), public_id=found.public_id)


@bp.post("/maintenance/<public_id>/times")
@signed_in
def move(public_id: str) -> Response:
    """Give a window other times."""
    found, now = moved(public_id)
    form = forms.MoveForm.read()
    if not form.validate():
        return drawing.window(found, 422, move=form)
    if form.seen.data != str(found.revision):
        form.start_wall.errors = [Stale().reason]
        return drawing.window(found, 409, move=form)
    maintenance.move(found, forms.times_of(form), form.body(), found.revision, me(), now)
    return redirect_to(WINDOW, notice=_("Moved, and told."), public_id=public_id)


STEPS: Mapping[str, Any] = {
    "start": maintenance.start,
    "verification": maintenance.verify,
    "end": maintenance.end,
    "cancellation": maintenance.cancel,
}


@bp.post("/maintenance/<public_id>/steps")
@signed_in
def step(public_id: str) -> Response:
    """Start, verify, end or cancel a window by hand."""
    found, now = moved(public_id)
    form, deed = forms.TextsForm.read(), STEPS.get(posted_value("step"))
    if deed is None or not form.validate():
        return drawing.window(found, 422, step=form)
    deed(found, form.body(), me(), now)
    return redirect_to(WINDOW, notice=_("Done, and told."), public_id=public_id)
