"""Pages beside the levels: reasons for waiting, steps of warning, and what has no date."""

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.core import clock, subjects
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.forms import posted_value
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, get_or_404, signed_in
from portal.people.queries import me
from portal.service_levels import policies
from portal.service_levels.actions import reasons as actions
from portal.service_levels.actions.steps import change_steps, steps_of
from portal.service_levels.models import Clock, PauseReason, ServiceLevel
from portal.service_levels.queries.clocks import read, without_promise
from portal.service_levels.setting_forms import ReasonForm, StepForm, posted_rows, stored_rows
from portal.service_levels.views.calendars import bp

# --- what has no date ------------------------------------------------------------------------------------------------


@bp.get("/service-levels/without-date")
@signed_in
def without_date() -> Response:
    """List what is open and has no date, with the reason (25, 32); who administers reads nothing else of it (PE-2)."""
    now = clock.now()
    authorize(policies.may_read_levels(me(), now))
    found = read(Clock.id.in_([one.id for one in without_promise()]))
    names = {level.id: level for level in db.session.scalars(select(ServiceLevel))}
    rows = []
    for (kind, id_), reading in {(one.clock.subject_kind, one.clock.subject_id): one for one in found}.items():
        level = names.get(reading.clock.level_id or 0)
        rows.append((kind, id_, level, _why(reading.target is None, level), reading.intervals[0].started_at))
    references = _references({(kind, id_) for kind, id_, *_more in rows})
    shown = [(references.get((kind, id_), ""), *more) for kind, id_, *more in rows]
    return render("service_levels/levels/without_date.html", entries=shown)


def _why(aimless: bool, level: ServiceLevel | None) -> str:
    if level is None:
        words: str = _("No level fits.")
    elif aimless:
        words = _("Its level promises nothing for the work.")
    else:
        words = _("The calendar has no open time in the next three years.")
    return words


def _references(about: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for kind in sorted({kind for kind, _id in about}):
        subject = subjects.of_kind(kind)
        ids = [id_ for of_kind, id_ in about if of_kind == kind]
        for row in db.session.scalars(select(subject.model).where(subject.model.id.in_(ids))):
            found[kind, row.id] = subject.reference(row)
    return found


# --- reasons for waiting ---------------------------------------------------------------------------------------------


@bp.get("/pause-reasons")
@signed_in
def pause_reasons() -> Response:
    """List the reasons for which clocks wait, those put away too."""
    authorize(policies.may_read_levels(me(), clock.now()))
    found = db.session.scalars(select(PauseReason).order_by(PauseReason.active.desc(), PauseReason.id)).all()
    may = policies.may_edit_levels(me(), clock.now())
    return render("service_levels/reasons/index.html", reasons=found, may=may)


def _reason(key: str) -> PauseReason:
    authorize(policies.may_edit_levels(me(), clock.now()))
    return get_or_404(select(PauseReason), PauseReason.key == key)


def _reason_page(reason: PauseReason | None, form: ReasonForm, status: int = 200, refused: str = "") -> Response:
    used = reason is not None and actions.is_used(reason)
    fixed = reason is not None and reason.key in actions.BUILT_IN
    template = "service_levels/reasons/edit.html"
    return render(template, status=status, reason=reason, form=form, used=used, fixed=fixed, refused=refused)


@bp.get("/pause-reasons/new")
@signed_in
def new_pause_reason() -> Response:
    """Show the form of a new reason."""
    authorize(policies.may_edit_levels(me(), clock.now()))
    return _reason_page(None, ReasonForm.of(None))


@bp.post("/pause-reasons")
@signed_in
def create_pause_reason() -> Response:
    """Add a reason."""
    authorize(policies.may_edit_levels(me(), clock.now()))
    form = ReasonForm.of(None)
    if not form.validate():
        return _reason_page(None, form, 422)
    try:
        actions.add_reason(form.content(), me())
    except Refused as refused:
        return _reason_page(None, form, 422, refused.reason)
    return redirect_to("service_levels.pause_reasons", notice=_("The reason is there."))


@bp.get("/pause-reasons/<key>")
@signed_in
def pause_reason(key: str) -> Response:
    """Show the form of a reason."""
    found = _reason(key)
    return _reason_page(found, ReasonForm.of(found))


@bp.post("/pause-reasons/<key>")
@signed_in
def save_pause_reason(key: str) -> Response:
    """Change a reason."""
    found = _reason(key)
    form = ReasonForm.of(found)
    if not form.validate():
        return _reason_page(found, form, 422)
    try:
        actions.change_reason(found, form.content(), me())
    except Refused as refused:
        return _reason_page(found, form, 409, refused.reason)
    return redirect_to("service_levels.pause_reasons", notice=_("Saved."))


@bp.post("/pause-reasons/<key>/removal")
@signed_in
def remove_pause_reason(key: str) -> Response:
    """Delete a reason that nobody used, put away any other."""
    found = _reason(key)
    try:
        gone = actions.remove_reason(found, me())
    except Refused as refused:
        return _reason_page(found, ReasonForm(None, data=ReasonForm.of(found).data), 409, refused.reason)
    notice = _("The reason is deleted.") if gone else _("It was used, so it stays in what happened and is put away.")
    return redirect_to("service_levels.pause_reasons", notice=notice)


# --- steps of warning ------------------------------------------------------------------------------------------------


def _level(public_id: str) -> ServiceLevel:
    authorize(policies.may_edit_levels(me(), clock.now()))
    return get_or_404(select(ServiceLevel), ServiceLevel.public_id == public_id)


def _steps_page(level: ServiceLevel, rows: list[StepForm], status: int = 200, changed: bool = False) -> Response:
    problems = [(str(error), field.id) for row in rows[1:] for field in row for error in field.errors]
    template = "service_levels/levels/steps.html"
    return render(template, status=status, level=level, entries=rows, problems=problems, changed=changed)


@bp.get("/service-levels/<public_id>/steps")
@signed_in
def steps(public_id: str) -> Response:
    """Show whom a level warns, and when."""
    level = _level(public_id)
    return _steps_page(level, stored_rows(steps_of(level)))


@bp.post("/service-levels/<public_id>/steps")
@signed_in
def save_steps(public_id: str) -> Response:
    """Save the steps; a row without a measure is taken away (28)."""
    level, rows = _level(public_id), posted_rows()
    kept = [row for row in rows if not row.empty]
    wanted = [(row.number, row.read_row()) for row in kept]
    if any(content is None for _id, content in wanted):
        return _steps_page(level, rows, 422)
    if posted_value("version") != str(level.version):
        return _steps_page(level, rows, 409, changed=True)
    change_steps(level, [(id_, content) for id_, content in wanted if content is not None], me())
    return redirect_to("service_levels.level", public_id=public_id, notice=_("The warnings are saved."))
