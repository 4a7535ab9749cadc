"""The coverage page: in which cases a route would find nobody (AP-32)."""

from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal.catalogue import coverage, policies, queries
from portal.catalogue.models import Service
from portal.catalogue.views.editing import bp, inspected_service
from portal.core import clock
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, signed_in
from portal.core.text import fold, in_language
from portal.people.queries import me


@bp.get("/admin/catalogue/coverage")
@signed_in
def coverage_of_all() -> Response:
    """Try the routes of all published services that the person edits or audits."""
    now = clock.now()
    authorize(policies.may_open_editor(me(), now))
    found = coverage.cover(coverage.with_routes(queries.editable_by(me(), now).where(Service.state == "published")), now)
    found.sort(key=lambda each: (not each.gaps, fold(in_language(each.service.name))))
    return render("catalogue/editor/coverage.html", found=found, cases=sum(each.cases for each in found))


@bp.get("/admin/catalogue/<public_id>/route/coverage")
@signed_in
def coverage_of_one(public_id: str) -> Response:
    """Try the route of one service."""
    service = inspected_service(public_id)
    [found] = coverage.cover([service], clock.now())
    may = policies.may_edit(me(), service, clock.now())
    return render("catalogue/editor/route_coverage.html", service=service, found=found, may=may)


def saved(service: Service) -> Response:
    """Answer a saved route: it applies at once, so it is tried at once (AP-32)."""
    [found] = coverage.cover([service], clock.now())
    number = len(found.gaps)
    notice = ngettext("Saved. %(num)s gap: look at it.", "Saved. %(num)s gaps: look at them.", number) if number else _("Saved.")
    return redirect_to("catalogue_editor.route", public_id=service.public_id, notice=notice)
