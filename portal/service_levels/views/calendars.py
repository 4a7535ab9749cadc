"""Pages: calendars, their edit with a dry run before saving, their holidays, and who works by them."""

from datetime import timedelta
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.core import clock, subjects
from portal.core.db import db
from portal.core.forms import posted_values
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, get_or_404, signed_in
from portal.core.text import fold, in_language
from portal.people.models import Department, Role
from portal.people.queries import departments_as, has_role, me, visible_departments
from portal.service_levels import policies
from portal.service_levels.actions import calendars as actions
from portal.service_levels.dry_run import SHOWN, Moved, preview_calendar
from portal.service_levels.entering import dates_text, day_words, hours_text
from portal.service_levels.forms import HolidaysForm, Typed
from portal.service_levels.holidays_of import regions
from portal.service_levels.hours import WEEKDAYS
from portal.service_levels.models import Calendar, CalendarDraft, CalendarVersion, DepartmentCalendar, HolidayProposal
from portal.service_levels.words import date_words, hours_between, label_words

bp = Blueprint("service_levels", __name__, url_prefix="/admin")
FORTNIGHT = 14


@bp.get("/calendars")
@signed_in
def calendars() -> Response:
    """List the calendars, and which departments work by each."""
    now = clock.now()
    authorize(policies.may_open(me(), now))
    found = db.session.scalars(select(Calendar).order_by(Calendar.name)).all()
    users = select(DepartmentCalendar.calendar_id, Department.name).join(
        Department, Department.id == DepartmentCalendar.department_id
    )
    names: dict[int, list[str]] = {}
    for calendar_id, name in db.session.execute(users):
        names.setdefault(calendar_id, []).append(in_language(name))
    may = policies.may_create(me(), now)
    return render("service_levels/calendars/index.html", calendars=found, names=names, may=may)


def _found(public_id: str) -> Calendar:
    authorize(policies.may_open(me(), clock.now()))
    return get_or_404(select(Calendar), Calendar.public_id == public_id)


def _edited(public_id: str) -> Calendar:
    calendar = _found(public_id)
    authorize(policies.may_edit(me(), calendar, clock.now()))
    return calendar


def _draft(public_id: str, draft_id: str) -> CalendarDraft:
    calendar = _edited(public_id)
    mine = select(CalendarDraft).where(CalendarDraft.calendar_id == calendar.id, CalendarDraft.person_id == me().id)
    return get_or_404(mine, CalendarDraft.public_id == draft_id)


def _departments() -> list[Department]:
    now = clock.now()
    all_ = db.session.scalars(visible_departments(me(), now)).all()
    allowed = policies.assignable(me(), now, [each.id for each in all_])
    return sorted((each for each in all_ if each.id in allowed), key=lambda each: fold(in_language(each.name)))


def _chosen() -> set[int]:
    slugs = posted_values("department")
    return {each.id for each in _departments() if each.slug in slugs}


@bp.get("/calendars/new")
@signed_in
def new_calendar() -> Response:
    """Show the form of a new calendar."""
    authorize(policies.may_create(me(), clock.now()))
    usual = {"name": "", "zone": "Europe/Madrid", "hours": {day: {"09:00": "18:00"} for day in WEEKDAYS[:5]}, "exceptions": []}
    return _page(None, Typed(usual))


@bp.post("/calendars")
@signed_in
def create_calendar() -> Response:
    """Add a calendar; an editor's own departments work by it at once."""
    now = clock.now()
    authorize(policies.may_create(me(), now))
    typed = Typed()
    content = typed.read()
    if content is None or not _free(content["name"], None, typed):
        return _page(None, typed, 422)
    calendar = actions.create_calendar(content, me(), now)
    own = set() if has_role(me(), Role.ADMINISTRATOR, now) else set(departments_as(me(), Role.CATALOGUE_EDITOR, now))
    if own:
        actions.assign(calendar, own, own, me())
    return redirect_to("service_levels.calendar", public_id=calendar.public_id, notice=_("The calendar is there."))


def _free(name: str, calendar: Calendar | None, typed: Typed) -> bool:
    other = db.session.scalar(select(Calendar.id).where(Calendar.name == name))
    if other is None or (calendar is not None and other == calendar.id):
        return True
    typed.problems.append((_("There is a calendar of this name already."), "name"))
    return False


@bp.get("/calendars/<public_id>")
@signed_in
def calendar(public_id: str) -> Response:
    """Show a calendar: its form, the next fortnight, its holidays, versions and departments."""
    found = _found(public_id)
    return _page(found, Typed(actions.content_of(found), found.version))


def _page(found: Calendar | None, typed: Typed, status: int = 200, holidays: HolidaysForm | None = None) -> Response:
    now = clock.now()
    more: dict[str, Any] = {}
    if found is not None:
        proposals = select(HolidayProposal).where(HolidayProposal.calendar_id == found.id, HolidayProposal.state == "proposed")
        versions = select(CalendarVersion).where(CalendarVersion.calendar_id == found.id).order_by(CalendarVersion.version.desc())
        more = {
            "fortnight": _fortnight(found),
            "proposals": db.session.scalars(proposals.order_by(HolidayProposal.day)).all(),
            "versions": db.session.scalars(versions.limit(20)).all(),
            "departments": _departments(),
            "used_by": policies.departments_of(found),
            "holidays": holidays or HolidaysForm.fill(country="ES", year=clock.local(now, found.zone).year),
        }
    may = policies.may_edit(me(), found, now) if found else policies.may_create(me(), now)
    return render(
        "service_levels/calendars/edit.html", status=status, calendar=found, typed=typed, may=may, date=date_words, **more
    )


def _fortnight(calendar: Calendar) -> list[tuple[str, str]]:
    """Return the next 14 days with their hours, or why they are closed."""
    business, today = calendar.business, clock.local(clock.now(), calendar.zone).date()
    shown = []
    for day in (today + timedelta(days=n) for n in range(FORTNIGHT)):
        hours = ", ".join(hours_between(opens, closes, business.zone) for opens, closes in business.spans(day))
        label = label_words(business.why_closed(day)[1])
        shown.append((date_words(day), " · ".join(filter(None, (hours or _("closed"), label)))))
    return shown


@bp.post("/calendars/<public_id>/drafts")
@signed_in
def check_calendar(public_id: str) -> Response:
    """Keep the edit and lead to its dry run (35)."""
    found, now = _edited(public_id), clock.now()
    typed = Typed(actions.content_of(found))
    content = typed.read()
    if content is None or not _free(content["name"], found, typed):
        return _page(found, typed, 422)
    draft = actions.draft_change(found, content, typed.version, me(), now)
    return redirect_to("service_levels.calendar_draft", public_id=public_id, draft_id=draft.public_id)


@bp.get("/calendars/<public_id>/drafts/<draft_id>")
@signed_in
def calendar_draft(public_id: str, draft_id: str) -> Response:
    """Show what an edit would move before it is saved (35)."""
    draft, now = _draft(public_id, draft_id), clock.now()
    preview = preview_calendar(draft.calendar_id, CalendarVersion(content=draft.content).business, now)
    rows = sorted(preview.moved, key=lambda one: (not one.newly_late, one.new or now))[:SHOWN]
    return render(
        "service_levels/calendars/check.html",
        calendar=draft.calendar,
        draft=draft,
        preview=preview,
        moved=list(zip(rows, references(rows), strict=True)),
        differences=_differences(draft),
    )


def references(moved: list[Moved]) -> list[str]:
    """Return the references of what moves: who administers does not read requests, so nothing else is told (PE-2)."""
    found: dict[tuple[str, int], str] = {}
    for kind in {one.clock.subject_kind for one in moved}:
        subject = subjects.of_kind(kind)
        ids = [one.clock.subject_id for one in moved if one.clock.subject_kind == kind]
        for row in db.session.scalars(select(subject.model).where(subject.model.id.in_(ids))):
            found[kind, row.id] = subject.reference(row)
    return [found.get((one.clock.subject_kind, one.clock.subject_id), "") for one in moved]


def _differences(draft: CalendarDraft) -> list[tuple[str, str, str]]:
    """Return what differs: the part, as it is now, as it was edited."""
    now, mine = (_in_words(content) for content in (actions.content_of(draft.calendar), draft.content))
    return [
        (name, now.get(name, ""), mine.get(name, "")) for name in dict.fromkeys([*now, *mine]) if now.get(name) != mine.get(name)
    ]


def _in_words(content: Any) -> dict[str, str]:
    words = {_("Name"): content["name"], _("Time zone"): content["zone"]}
    words |= {day_words(day): hours_text(content["hours"].get(day, {})) or _("closed") for day in WEEKDAYS}
    for row in content["exceptions"]:
        label = in_language(row["label"])
        words[dates_text(row)] = " · ".join(filter(None, (hours_text(row["hours"]) or _("closed"), label)))
    return words


def _conflict(draft: CalendarDraft) -> Response:
    template, differences = "service_levels/calendars/conflict.html", _differences(draft)
    return render(template, status=409, calendar=draft.calendar, draft=draft, differences=differences)


@bp.post("/calendars/<public_id>/drafts/<draft_id>/saving")
@signed_in
def save_calendar(public_id: str, draft_id: str) -> Response:
    """Save an edit that was checked; 409 with both versions if somebody saved meanwhile (SL54)."""
    draft = _draft(public_id, draft_id)
    try:
        moved = actions.save_draft(draft, me(), clock.now())
    except actions.StaleCalendar:
        return _conflict(draft)
    return redirect_to(
        "service_levels.calendar", public_id=public_id, notice=_("Saved. Promises that moved: %(num)d.", num=moved)
    )


@bp.post("/calendars/<public_id>/drafts/<draft_id>/renewal")
@signed_in
def renew_calendar_draft(public_id: str, draft_id: str) -> Response:
    """Put an edit on top of what somebody else saved, and check it again."""
    draft = _draft(public_id, draft_id)
    actions.renew_draft(draft, clock.now())
    return redirect_to("service_levels.calendar_draft", public_id=public_id, draft_id=draft_id)


@bp.post("/calendars/<public_id>/departments")
@signed_in
def assign_calendar(public_id: str) -> Response:
    """Choose which departments work by a calendar."""
    found = _edited(public_id)
    actions.assign(found, _chosen(), [each.id for each in _departments()], me())
    return redirect_to("service_levels.calendar", public_id=public_id, notice=_("Saved. New requests count by it."))


@bp.post("/calendars/<public_id>/holidays")
@signed_in
def propose_holidays(public_id: str) -> Response:
    """Propose the holidays of a country and region; none counts yet (6)."""
    found = _edited(public_id)
    form = HolidaysForm.fill()
    region = (form.region.data or "").strip().upper()
    valid = form.validate()
    if valid and region and region not in regions(str(form.country.data)):
        form.region.errors = [_("This country has no region “%(code)s”.", code=region)]
        valid = False
    if not valid:
        return _page_with_holidays(found, form)
    count = actions.propose_holidays(found, str(form.country.data), region, form.year.data or 0, me())
    return redirect_to("service_levels.calendar", public_id=public_id, notice=_("New proposals: %(num)d.", num=count))


def _page_with_holidays(found: Calendar, form: HolidaysForm) -> Response:
    return _page(found, Typed(actions.content_of(found), found.version, posted_too=False), 422, form)


@bp.post("/calendars/<public_id>/holidays/decisions")
@signed_in
def decide_holidays(public_id: str) -> Response:
    """Accept proposed holidays, which is checked like any edit, or reject them for good (6)."""
    found, now = _edited(public_id), clock.now()
    days = {
        one.day.isoformat(): one.id
        for one in db.session.scalars(select(HolidayProposal).where(HolidayProposal.calendar_id == found.id))
    }
    chosen = {verb: [days[day] for day in posted_values(verb) if day in days] for verb in ("accept", "reject")}
    actions.reject_holidays(found, set(chosen["reject"]) - set(chosen["accept"]), me(), now)
    draft = actions.accept_holidays(found, chosen["accept"], me(), now)
    if draft is None:
        return redirect_to("service_levels.calendar", public_id=public_id, notice=_("Saved."))
    return redirect_to("service_levels.calendar_draft", public_id=public_id, draft_id=draft.public_id)
