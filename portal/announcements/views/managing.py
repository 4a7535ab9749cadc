"""What those who publish do with what is out: correct, withdraw, read the numbers."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.announcements import actions, composing, numbers, policies
from portal.announcements.actions import drafts
from portal.announcements.views.blueprint import bp, known, managed
from portal.core import clock, pagination
from portal.core.hypermedia import query, redirect_to, render
from portal.core.policy import authorize, signed_in
from portal.people.models import Person, Role
from portal.people.queries import departments_as, has_role, me


@bp.post("/announcements/<public_id>/correction")
@signed_in
def begin_correction(public_id: str) -> Response:
    """Open the composer with what it says now (rule 6)."""
    announcement = managed(public_id)
    draft = drafts.begin(me(), clock.now(), announcement, composing.content_of(announcement))
    return redirect_to("announcements.compose", draft_id=draft.public_id)


@bp.post("/announcements/<public_id>/withdrawal")
@signed_in
def withdraw(public_id: str) -> Response:
    """Take it from view (rule 17)."""
    actions.withdraw(managed(public_id), me(), clock.now())
    return redirect_to("announcements.index", notice=_("Withdrawn. Nobody sees it any more; what was confirmed stays."))


@bp.get("/announcements/<public_id>/report")
@signed_in
def report(public_id: str) -> Response:
    """Show who has confirmed: numbers to the author, names to heads about their people, and to auditors (rule 18)."""
    announcement, now = known(public_id), clock.now()
    authorize(policies.may_read_numbers(me(), announcement, now))
    page = None
    if policies.may_read_names(me(), announcement, now):
        heads = None if has_role(me(), Role.AUDITOR, now) else departments_as(me(), Role.HEAD, now)
        table = Person.__table__.c
        found = numbers.names(announcement, heads, now)
        page = pagination.page_of(found, (table.sort_name, table.id), query("cursor") or None)
    return render(
        "announcements/report.html",
        fragments=("report",),
        announcement=announcement,
        report=numbers.report(announcement, now),
        page=page,
        paper=policies.may_record_paper(me(), announcement, now),
        publishes=policies.may_publish(me(), now),
        current=announcement.is_current(now),
    )
