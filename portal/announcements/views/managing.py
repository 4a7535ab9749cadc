"""What those who publish do with what is out: correct, pin, withdraw."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.announcements import actions, composing
from portal.announcements.actions import drafts
from portal.announcements.forms import PinForm, day
from portal.announcements.models import Announcement
from portal.announcements.views.blueprint import bp, managed
from portal.core import clock
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import signed_in
from portal.people.queries import me


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


@bp.get("/announcements/<public_id>/pin")
@signed_in
def pin_page(public_id: str) -> Response:
    """Ask where and until when it stands above the others."""
    return _pin_page(managed(public_id), PinForm())


def _pin_page(announcement: Announcement, form: PinForm, status: int = 200, taken: str = "") -> Response:
    return render("announcements/pin.html", status=status, announcement=announcement, form=form, taken=taken)


@bp.post("/announcements/<public_id>/pin")
@signed_in
def pin(public_id: str) -> Response:
    """Pin it; a place that somebody else took first is refused, naming what stands there (AN10)."""
    announcement, form = managed(public_id), PinForm.read()
    form.validate()
    until = day(form.until_on.data)
    if until is None or form.errors:
        form.until_on.errors = [_("A pin needs a last day.")]
        return _pin_page(announcement, form, 422)
    scope = announcement.department.slug if form.scope.data == "department" else ""
    try:
        actions.pin(announcement, scope, until.date(), me(), clock.now())
    except actions.BadEnd:
        form.until_on.errors = [_("Choose a day within the 30 days after it is published.")]
        return _pin_page(announcement, form, 422)
    except actions.NoPlace as refused:
        return _pin_page(announcement, form, 409, refused.reason)
    return redirect_to("announcements.show", public_id=public_id, notice=_("Pinned."))


@bp.post("/announcements/<public_id>/pin/removal")
@signed_in
def unpin(public_id: str) -> Response:
    """Let it stand among the others again."""
    actions.unpin(managed(public_id), me(), clock.now())
    return redirect_to("announcements.show", public_id=public_id, notice=_("It stands among the others again."))
