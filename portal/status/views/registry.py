"""Keeping components, groups and prepared words (permissions.md row 20)."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.db import db
from portal.core.hypermedia import redirect_to
from portal.core.policy import get_or_404, signed_in
from portal.people.queries import me
from portal.status import component_forms as forms
from portal.status import opening, queries
from portal.status.actions import components, templates
from portal.status.actions.changes import Stale
from portal.status.models import Component, ComponentGroup, IncidentTemplate
from portal.status.views import drawing
from portal.status.views.editor import publisher
from portal.status.views.inside import bp


@bp.get("/components")
@signed_in
def list_components() -> Response:
    """Show the components, and what else is kept for the page."""
    publisher()
    return draw_list()


def draw_list(status: int = 200, **given: Any) -> Response:
    """Draw the list with its small forms."""
    own = {"group": forms.GroupForm(), "prepared": forms.TemplateForm()} | given
    there = drawing.editable_components()
    return drawing.page("components", status, components=there, templates=opening.templates(), **own)


def form_for(*, unread: bool = False, **values: Any) -> forms.ComponentForm:
    """Return the form of a component."""
    groups = db.session.scalars(select(ComponentGroup).order_by(ComponentGroup.position, ComponentGroup.id)).all()
    made = forms.ComponentForm(**values) if unread else forms.ComponentForm.read(**values)
    return made.offer(groups)


def content_of(form: forms.ComponentForm) -> components.Content:
    """Return what was entered."""
    chosen = select(ComponentGroup).where(ComponentGroup.public_id == (form.group.data or ""))
    return components.Content(
        name=form.name_texts(),
        start_date=form.start_date,
        description=form.description_texts(),
        group=db.session.scalar(chosen),
        visibility=form.visibility.data,
        observation=form.observation.data,
        showcase=bool(form.showcase.data),
        only_show_if_degraded=bool(form.only_show_if_degraded.data),
    )


def named_alike(form: forms.ComponentForm, component: Component | None) -> bool:
    """Say at the field that another component bears the name (SP-39)."""
    if components.taken_names(form.name_texts(), component):
        form.name_es.errors = [_("Another component bears this name.")]
        return True
    return False


@bp.get("/components/new")
@signed_in
def new_component() -> Response:
    """Show the form of a component."""
    now = publisher()
    return drawing.page("component", form=form_for(start_on=now.date().isoformat()), component=None)


@bp.post("/components")
@signed_in
def add_component() -> Response:
    """Add a component."""
    now, form = publisher(), form_for()
    if not form.validate() or named_alike(form, None):
        return drawing.page("component", 422, form=form, component=None)
    components.add(content_of(form), me(), now)
    return redirect_to("status_inside.list_components", notice=_("It stands on the page now."))


def kept(public_id: str) -> Component:
    """Return the component that the person changes."""
    found = get_or_404(queries.components_for(me(), clock.now()), Component.public_id == public_id)
    publisher()
    return found


@bp.get("/components/<public_id>")
@signed_in
def component(public_id: str) -> Response:
    """Show the form of a component as it is."""
    found = kept(public_id)
    return drawing.component(found, form_of(found))


def form_of(found: Component, *, unread: bool = False) -> forms.ComponentForm:
    """Return the form of a component as it is; `unread` when another form of the page was posted."""
    texts = {f"name_{code}": text for code, text in found.name.items()}
    texts |= {f"description_{code}": text for code, text in (found.description or {}).items()}
    return form_for(
        unread=unread,
        **texts,
        group=found.group.public_id if found.group else "",
        visibility=found.visibility,
        observation=found.observation,
        start_on=found.start_date.isoformat(),
        showcase=found.showcase,
        only_show_if_degraded=found.only_show_if_degraded,
        seen=found.revision,
    )


@bp.post("/components/<public_id>")
@signed_in
def save_component(public_id: str) -> Response:
    """Change a component."""
    found, form = kept(public_id), form_for()
    if not form.validate() or named_alike(form, found):
        return drawing.component(found, form, 422)
    if form.seen.data != str(found.revision):
        form.name_es.errors = [Stale().reason]
        return drawing.component(found, form, 409)
    components.change(found, content_of(form), found.revision, me(), clock.now())
    return redirect_to("status_inside.list_components", notice=_("Saved."))


@bp.post("/components/<public_id>/removal")
@signed_in
def remove_component(public_id: str) -> Response:
    """Take a component off the page."""
    components.remove(kept(public_id), me(), clock.now())
    return redirect_to("status_inside.list_components", notice=_("It is off the page; past incidents keep its name."))


@bp.post("/groups")
@signed_in
def add_group() -> Response:
    """Add a group."""
    now, form = publisher(), forms.GroupForm.read()
    if not form.validate():
        return draw_list(422, group=form)
    components.add_group(form.name_texts(), me(), now)
    return redirect_to("status_inside.list_components", notice=_("Saved."))


@bp.post("/templates")
@signed_in
def add_template() -> Response:
    """Keep words for an incident that comes again."""
    now, form = publisher(), forms.TemplateForm.read()
    if not form.validate():
        return draw_list(422, prepared=form)
    templates.keep(form.name_texts(), form.body(), me(), now)
    return redirect_to("status_inside.list_components", notice=_("Saved."))


@bp.post("/templates/<public_id>/removal")
@signed_in
def remove_template(public_id: str) -> Response:
    """Forget prepared words."""
    now = publisher()
    there = select(IncidentTemplate).where(IncidentTemplate.removed_at.is_(None))
    templates.remove(get_or_404(there, IncidentTemplate.public_id == public_id), me(), now)
    return redirect_to("status_inside.list_components", notice=_("Removed."))
