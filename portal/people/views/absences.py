"""Being away, and who stands in meanwhile (approvals.md 19 to 21)."""

from datetime import date

from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from portal.core import clock, language
from portal.core.errors import Refused
from portal.core.forms import posted_value
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, get_or_404, signed_in
from portal.people import actions, policies, queries
from portal.people.forms import AbsenceForm
from portal.people.models import Absence, Person
from portal.people.queries import me
from portal.people.views.common import bp, person_meant

PAGE = "people/absences.html"


@bp.get("/people/me/absences")
@signed_in
def absences() -> Response:
    """Show when the person will be away, and a form to say so."""
    return _page(AbsenceForm.read())


def _page(form: AbsenceForm, status: int = 200, candidates: list[Person] | None = None) -> Response:
    now = clock.now()
    authorize(policies.may_register_absence(me(), now))
    coming = queries.coming(me().id, now)
    away = {each.id: _also_away(each) for each in coming}
    return render(
        PAGE,
        fragments=("absence_list",),
        form=form,
        coming=coming,
        away=away,
        candidates=candidates or [],
        status=status,
    )


def _also_away(absence: Absence) -> list[Absence]:
    """Return when the delegate is away in those days (rule 21: it warns)."""
    return queries.within(absence.delegate_id, absence.from_at, absence.until_at) if absence.delegate_id else []


@bp.post("/people/me/absences")
@signed_in
def register_absence() -> Response:
    """Register days away; what cannot be is said beside the form, with everything kept."""
    now = clock.now()
    authorize(policies.may_register_absence(me(), now))
    form = AbsenceForm.read()
    if not form.validate():
        return _page(form, 422)
    delegate, candidates = person_meant(form.delegate, posted_value("delegate_pick"))
    if form.delegate.errors:
        return _page(form, 422, candidates)
    try:
        absence = _register(form.first.data, form.last.data, delegate)
    except Refused as refusal:
        form.first.errors = [refusal.reason]
        return _page(form, 422)
    notice = _("Your absence is registered.")
    if _also_away(absence) and delegate:
        notice = _("Your absence is registered, but %(name)s is away on some of these days too.", name=delegate.name)
    return redirect_to("people.absences", notice=notice)


def _register(first: date | None, last: date | None, delegate: Person | None) -> Absence:
    if first is None or last is None:
        raise BadRequest
    return actions.register_absence(me(), delegate, first, last, language.choose_zone(), clock.now())


@bp.post("/people/me/absences/<public_id>/ending")
@signed_in
def end_absence(public_id: str) -> Response:
    """End an absence of one's own before its time."""
    absence = get_or_404(queries.own_absences(me()), Absence.public_id == public_id)
    authorize(policies.may_end_absence(me(), absence, clock.now()))
    actions.end_absence(absence, me(), clock.now())
    return redirect_to("people.absences", notice=_("Your absence has been ended."))
