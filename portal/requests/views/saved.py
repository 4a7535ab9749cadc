"""Saved views of a queue: the page on which they are kept, renamed, shared and removed (requests.md 15)."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.core import clock, navigation
from portal.core.errors import Refused
from portal.core.forms import posted_value
from portal.core.hypermedia import query, query_all, redirect_to, render
from portal.core.policy import authorize, get_or_404, signed_in
from portal.people.models import Department
from portal.people.queries import me
from portal.requests import policies, saved_views
from portal.requests.filters import ALL, MINE, NAMES, NOBODY, OWN_TEAMS, TODAY, QueueFilters
from portal.requests.forms import ViewForm
from portal.requests.models import State
from portal.requests.saved_views import Kept
from portal.requests.tables import SavedView
from portal.requests.views.blueprint import bp
from portal.requests.views.departments import all_departments, own_queue

# how many saved views are tabs; further ones stand in a menu
TABS = 5


def chosen(given: Mapping[str, str], views: Sequence[Kept]) -> Kept | None:
    """Return the view that the address names, else the reader's usual one; filters in the address go first."""
    if set(given) & set(NAMES) or given.get("view") == ALL:
        return None
    named = given.get("view")
    if not named:
        return next((kept for kept in views if kept.is_default), None)
    found = next((kept for kept in views if kept.view.public_id == named), None)
    if found is None:
        raise NotFound
    return found


def read_filters(department: Department, departments: list[Department]) -> tuple[QueueFilters, Sequence[Kept]]:
    """Return what the address asks of the queue, by itself or by a view, and the views that there are."""
    filters = QueueFilters(query_all(), department, departments, me(), clock.now())
    views = saved_views.views_of(department.id, me(), clock.now())
    kept = chosen(query_all(), views)
    if kept is not None:
        filters.follow(kept.view.public_id, kept.filters)
    return filters, views


def tabs(filters: QueueFilters, views: Sequence[Kept], counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the views that everybody has, then the saved ones, as entries of tabs."""
    ready: list[tuple[str, dict[str, str], int | None]] = [
        (_("All"), {}, sum(counts.values())),
        (_("Due today"), {"clock": TODAY}, None),
        (_("Mine"), {"assignee": MINE}, None),
        *([(_("My team"), {"team": OWN_TEAMS}, None)] if filters.in_a_team else []),
        (_("Unassigned"), {"state": State.OPEN, "assignee": NOBODY}, counts.get(State.OPEN, 0)),
        (_("Waiting for the requester"), {"state": State.WAITING_FOR_REQUESTER}, counts.get(State.WAITING_FOR_REQUESTER, 0)),
    ]
    found = [_tab(filters, label, asked, asked or {"view": ALL}, count) for label, asked, count in ready]
    for kept in views:
        found.append(_tab(filters, kept.view.name, kept.filters, {"view": kept.view.public_id}, None))
    return found


def _tab(filters: QueueFilters, label: str, asked: Mapping[str, str], address: Mapping[str, str], count: int | None) -> Any:
    values = {"department": filters.department.slug, **address}
    return {"label": label, "values": values, "current": dict(asked) == filters.given, "count": count}


def draw(filters: QueueFilters, form: ViewForm, status: int = 200) -> Response:
    """Show the views of a queue, and a form that keeps the filters given."""
    department = filters.department
    views = saved_views.views_of(department.id, me(), clock.now())
    may = {kept.view.id: policies.may_change_view(me(), kept.view, clock.now()) for kept in views}
    navigation.stand_at("requests.queue")
    return render("requests/views.html", status=status, department=department, filters=filters, views=views, may=may, form=form)


@bp.get("/requests/queue/views")
@signed_in
def views() -> Response:
    """List the views of a queue."""
    authorize(policies.may_see_queue(me(), clock.now()))
    departments = all_departments()
    filters = QueueFilters(query_all(), own_queue(query("department"), departments), departments, me(), clock.now())
    return draw(filters, ViewForm())


@bp.post("/requests/queue/views")
@signed_in
def save_view() -> Response:
    """Keep the filters under a name."""
    authorize(policies.may_see_queue(me(), clock.now()))
    departments, form = all_departments(), ViewForm.read()
    department = own_queue(posted_value("department"), departments)
    given = {name: posted_value(name) for name in NAMES if posted_value(name)}
    filters = QueueFilters(given, department, departments, me(), clock.now())
    if not filters.conditions or not form.validate():
        return draw(filters, form, 422)
    try:
        view = saved_views.save(department, form.name.data or "", filters.given, form.shared.data, me(), clock.now())
    except Refused as refused:
        form.name.errors = [refused.reason]
        return draw(filters, form, 422)
    return redirect_to("requests.queue", notice=_("The view is saved."), department=department.slug, view=view.public_id)


def find_view(public_id: str) -> SavedView:
    """Return a view that the person may use, else answer 404."""
    return get_or_404(saved_views.visible_to(me(), clock.now()), SavedView.public_id == public_id)


def queue_of(view: SavedView) -> str:
    """Return the slug of the queue that a view belongs to."""
    return next(each.slug for each in all_departments() if each.id == view.department_id)


def draw_view(view: SavedView, form: ViewForm, status: int = 200) -> Response:
    """Show the form of one view."""
    navigation.stand_at("requests.queue")
    return render("requests/view.html", status=status, view=view, form=form, slug=queue_of(view))


@bp.get("/requests/queue/views/<view_id>")
@signed_in
def view_page(view_id: str) -> Response:
    """Show a view to rename or share it."""
    view = find_view(view_id)
    authorize(policies.may_change_view(me(), view, clock.now()))
    return draw_view(view, ViewForm(obj=view))


@bp.post("/requests/queue/views/<view_id>")
@signed_in
def change_view(view_id: str) -> Response:
    """Rename it, share it or keep it for oneself."""
    view, form = find_view(view_id), ViewForm.read()
    authorize(policies.may_change_view(me(), view, clock.now()))
    if not form.validate():
        return draw_view(view, form, 422)
    try:
        saved_views.change(view, form.name.data or "", form.shared.data, me())
    except Refused as refused:
        form.name.errors = [refused.reason]
        return draw_view(view, form, 422)
    return redirect_to("requests.views", notice=_("The view is changed."), department=queue_of(view))


@bp.post("/requests/queue/views/<view_id>/removal")
@signed_in
def remove_view(view_id: str) -> Response:
    """Take a view away."""
    view = find_view(view_id)
    authorize(policies.may_change_view(me(), view, clock.now()))
    slug = queue_of(view)
    saved_views.remove(view, me())
    return redirect_to("requests.views", notice=_("The view is removed."), department=slug)


@bp.post("/requests/queue/views/<view_id>/default")
@signed_in
def open_with_view(view_id: str) -> Response:
    """Let one's queue open with this view, or with everything again."""
    view, on = find_view(view_id), posted_value("on") == "yes"
    saved_views.open_with(view, me(), on)
    notice = _("Your queue opens with “%(name)s” now.", name=view.name) if on else _("Your queue opens with everything again.")
    return redirect_to("requests.views", notice=notice, department=queue_of(view))
