"""Drawing the pages for people inside; those who publish get their forms along with them."""

from typing import Any

from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.db import db
from portal.core.hypermedia import render
from portal.people.queries import me
from portal.status import component_forms, forms, inner, policies, queries, words
from portal.status.actions import incidents
from portal.status.models import Component, ComponentCheck, Incident, Maintenance
from portal.status.vocabulary import OPEN_STATES


def page(template: str, status: int = 200, **context: Any) -> Response:
    """Draw a page with what all of them use."""
    now = clock.now()
    may: dict[str, Any] = {"publishes": policies.may_publish(me(), now), "reads_notes": policies.may_read_notes(me(), now)}
    return render(f"status_inside/{template}.html", status=status, words=words, zone=queries.zone(), **may, **context)


def incident(found: Incident, status: int = 200, **given: Any) -> Response:
    """Draw an incident; `given` are forms that came back."""
    shown = inner.incident(found, me(), clock.now())
    own: dict[str, Any] = {}
    if queries.is_editor(me(), clock.now()):
        own = {"update": update_form(found, shown), "note": forms.NoteForm(), "name": name_form(found)} | given
    return page("incident", status, shown=shown, **own)


def update_form(found: Incident, shown: inner.ShownIncident) -> Any:
    """Return the form of the next update: of a reopening where it has ended."""
    made = forms.with_components(forms.UpdateForm, editable_components(), shown.present)
    return made(state=shown.state, seen=found.revision, notify=True).offer(states_after(shown.state), clock.now())


def states_after(state: str) -> tuple[str, ...]:
    """Return what an update may set; after the end, a report or the states of a reopening."""
    return tuple(incidents.reachable(state)) if state in OPEN_STATES else (*incidents.reachable(state), *OPEN_STATES)


def name_form(found: Incident) -> Any:
    """Return the form of name and impact."""
    names = {f"name_{code}": text for code, text in found.name.items()}
    return forms.NameForm.read(seen=found.revision, declared_impact=found.declared_impact or "", **names).offer()


def editable_components() -> Any:
    """Return the components that those who publish may name."""
    return db.session.scalars(queries.components_for(me(), clock.now())).all()


def component(found: Component, form: Any, status: int = 200, check: Any = None) -> Response:
    """Draw a component with its checks."""
    there = db.session.query(ComponentCheck).filter_by(component_id=found.id, removed_at=None).order_by(ComponentCheck.id).all()
    own = {"checks": there, "check": check or component_forms.CheckForm()}
    return page("component", status, form=form, component=found, **own)


def window(found: Maintenance, status: int = 200, **given: Any) -> Response:
    """Draw a window."""
    shown = inner.window(found, me(), clock.now())
    own: dict[str, Any] = {}
    if queries.is_editor(me(), clock.now()):
        times: dict[str, Any] = {
            "start_wall": forms.wall_text(found.scheduled_for),
            "end_wall": forms.wall_text(found.scheduled_until),
        }
        own = {"move": forms.MoveForm(seen=found.revision, **times), "step": forms.TextsForm()} | given
    return page("maintenance", status, shown=shown, **own)
