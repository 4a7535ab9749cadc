"""The report, and what heads do about those who are missing (rules 5, 10 and 18)."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal.announcements import actions, numbers, policies
from portal.announcements.forms import PaperForm, required
from portal.announcements.models import Announcement
from portal.announcements.views.blueprint import bp, known, managed
from portal.core import clock, pagination
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.forms import posted_value
from portal.core.hypermedia import query, redirect_to, render
from portal.core.policy import authorize, get_or_404, signed_in
from portal.people.models import Person, Role
from portal.people.queries import departments_as, has_role, me, meant


@bp.get("/announcements/<public_id>/report")
@signed_in
def report(public_id: str) -> Response:
    """Show who has confirmed: numbers to the author, names to heads about their people, and to auditors (rule 18)."""
    announcement, now = known(public_id), clock.now()
    own_people = numbers.has_people_of(me(), announcement, now)
    authorize(policies.may_read_numbers(me(), announcement, own_people, now))
    page = None
    if policies.may_read_names(me(), announcement, own_people, now):
        table = Person.__table__.c
        found = numbers.names(announcement, _scope(), now)
        page = pagination.page_of(found, (table.sort_name, table.id), query("cursor") or None)
    return render(
        "announcements/report.html",
        fragments=("report",),
        announcement=announcement,
        report=numbers.report(announcement, now),
        page=page,
        handles=policies.may_record_paper(announcement, own_people) if announcement.is_current(now) else False,
        reminds=policies.may_publish(me(), now) if announcement.is_current(now) else False,
    )


def _scope() -> Sequence[int] | None:
    """Return whose names the person reads: of the departments headed; an auditor of all."""
    return None if has_role(me(), Role.AUDITOR, clock.now()) else departments_as(me(), Role.HEAD, clock.now())


def _own(public_id: str) -> Announcement:
    """Return an announcement whose missing people the head looks after."""
    announcement = known(public_id)
    authorize(policies.may_record_paper(announcement, numbers.has_people_of(me(), announcement, clock.now())))
    return announcement


@bp.post("/announcements/<public_id>/reminder")
@signed_in
def remind(public_id: str) -> Response:
    """Remind those who are missing, at most once a day each (rule 10)."""
    announcement = managed(public_id)
    count = actions.remind_of(announcement, clock.now())
    notice = ngettext("A reminder goes to %(num)d person.", "A reminder goes to %(num)d people.", count)
    return redirect_to(
        "announcements.report", public_id=public_id, notice=notice if count else _("Everybody was reminded today.")
    )


@bp.post("/announcements/<public_id>/exemptions")
@signed_in
def exempt(public_id: str) -> Response:
    """Ask somebody no more."""
    announcement = _own(public_id)
    missing = numbers.names(announcement, departments_as(me(), Role.HEAD, clock.now()), clock.now())
    person = get_or_404(missing.with_only_columns(Person), Person.public_id == posted_value("person"))
    actions.exempt(announcement, person, me(), clock.now())
    notice = _("Nobody asks %(name)s any more.", name=person.name)
    return redirect_to("announcements.report", public_id=public_id, notice=notice)


@bp.get("/announcements/<public_id>/paper")
@signed_in
def paper_page(public_id: str) -> Response:
    """Ask who signed on paper, and who saw it."""
    return _paper_page(_own(public_id), PaperForm(data={"person": query("person")}))


def _paper_page(announcement: Announcement, form: PaperForm, status: int = 200) -> Response:
    return render("announcements/paper.html", status=status, announcement=announcement, form=form)


@bp.post("/announcements/<public_id>/paper")
@signed_in
def record_paper(public_id: str) -> Response:
    """Record a signature on paper; without a witness it does not count (AN13)."""
    announcement, form = _own(public_id), PaperForm.read()
    whole = form.validate() and required(form.person, form.witness)
    person = _of_own_people(announcement, form.person.data or "") if whole else None
    if person is None:
        if whole:
            form.person.errors = [_("None of your people who are missing is called so.")]
        return _paper_page(announcement, form, 422)
    try:
        actions.record_on_paper(announcement, person, (form.witness.data or "").strip(), me(), clock.now())
    except Refused as refused:
        form.person.errors = [refused.reason]
        return _paper_page(announcement, form, 409)
    return redirect_to("announcements.report", public_id=public_id, notice=_("Noted for %(name)s.", name=person.name))


def _of_own_people(announcement: Announcement, text: str) -> Person | None:
    found = [one.id for one in meant(text.strip(), me(), clock.now())]
    heads = departments_as(me(), Role.HEAD, clock.now())
    missing = numbers.names(announcement, heads, clock.now()).with_only_columns(Person).where(Person.id.in_(found))
    people = db.session.scalars(missing).all()
    return people[0] if len(people) == 1 else None
