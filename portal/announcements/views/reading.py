"""Reading: the list, one announcement, and the button that says that it was read."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from portal.announcements import actions, numbers, pins, policies, queries
from portal.announcements.audiences import groups_of
from portal.announcements.forms import KINDS
from portal.announcements.models import Announcement
from portal.announcements.views.blueprint import bp, known
from portal.attachments import queries as attachments
from portal.core import clock, pagination
from portal.core.db import db, observe
from portal.core.forms import posted_value
from portal.core.hypermedia import query, redirect_to, render
from portal.core.pagination import one_of
from portal.core.policy import authorize, decided, get_or_404, signed_in
from portal.people.models import Department
from portal.people.queries import me, visible_departments

VIEWS = ("", "to_confirm", "archive", "coming", "withdrawn")
FOR_PUBLISHERS = ("coming", "withdrawn")


@bp.get("/announcements")
@signed_in
def index() -> Response:
    """List what the person may read, newest first, what is pinned above (rules 2, 13 and 14)."""
    decided()
    person, now = me(), clock.now()
    show, kind = one_of(query("show"), VIEWS), one_of(query("kind"), [str(each) for each in KINDS])
    publishes = bool(policies.may_publish(person, now))
    if show in FOR_PUBLISHERS:
        authorize(policies.may_publish(person, now))
    department = _department(query("department"))
    found = _narrowed(show, now)
    if kind:
        found = found.where(Announcement.kind == kind)
    if department:
        found = found.where(Announcement.department_id == department.id)
    table = Announcement.__table__.c
    keys = (table.publish_at, table.id)
    page = pagination.page_of(queries.listed(found, person), keys, query("cursor") or None, descending=True)
    writes = bool(policies.may_write(person, now))
    return render(
        "announcements/index.html",
        fragments=("announcement_list",),
        page=page,
        pinned=pins.shown(person, query("department"), now) if not (show or kind or query("cursor")) else [],
        show=show,
        kind=kind,
        kinds=KINDS,
        publishes=publishes,
        writes=writes,
        drafts=queries.count_drafts(person, now) if writes else 0,
        department=department,
        here={"department": query("department") or None},
    )


def _department(slug: str) -> Department | None:
    if not slug:
        return None
    found = db.session.scalar(visible_departments(me(), clock.now()).where(Department.slug == slug))
    if found is None:
        raise BadRequest
    return found


def _narrowed(show: str, now: Any) -> Select[Announcement]:
    person = me()
    if show == "to_confirm":
        return queries.to_confirm(person, now)
    if show == "archive":
        return queries.visible_to(person, now).where(queries.has_expired(now))
    if show == "coming":
        return queries.managed_by(person, now).where(Announcement.publish_at > now, Announcement.withdrawn_at.is_(None))
    if show == "withdrawn":
        return queries.managed_by(person, now).where(Announcement.withdrawn_at.is_not(None))
    return queries.visible_to(person, now).where(queries.is_current(now))


@bp.get("/announcements/<public_id>")
@signed_in
def show(public_id: str) -> Response:
    """Show the text; that it was opened leaves the person's home and digest and confirms nothing (AN2)."""
    announcement = known(public_id)
    person, version, now = me(), announcement.version, clock.now()
    if announcement.is_current(now):
        id_, person_id = announcement.id, person.id
        observe(lambda: actions.note_reading(id_, person_id, version, now))
    return _page(announcement)


def _page(announcement: Announcement, status: int = 200, changed: str = "") -> Response:
    person, now = me(), clock.now()
    files = attachments.files_of(queries.KIND, announcement.id, internal=False)
    return render(
        "announcements/show.html",
        fragments=("confirm",),
        status=status,
        announcement=announcement,
        standing=queries.standing(announcement, person, now),
        history=queries.history(announcement),
        groups=groups_of(announcement.id),
        images=[link.file for link in files if link.file.content_type.startswith("image/")],
        files=[link.file for link in files if not link.file.content_type.startswith("image/")],
        kinds=KINDS,
        changed=changed,
        current=announcement.is_current(now),
        expired=announcement.has_expired(now),
        publishes=policies.may_publish(person, now),
        reads_numbers=policies.may_read_numbers(person, announcement, numbers.has_people_of(person, announcement, now), now),
        pin=pins.of(announcement, now),
    )


@bp.post("/announcements/<public_id>/confirmation")
@signed_in
def confirm(public_id: str) -> Response:
    """Record that the person has read the version on the page; a newer one is shown instead (rules 5 and 7)."""
    announcement = get_or_404(queries.visible_to(me(), clock.now()), Announcement.public_id == public_id)
    authorize(policies.may_confirm(queries.standing(announcement, me(), clock.now())))
    version = posted_value("version")
    if not (version.isascii() and version.isdecimal()):
        raise BadRequest
    try:
        actions.confirm(announcement, int(version), me(), clock.now())
    except actions.NewText as new:
        db.session.rollback()
        return _page(known(public_id), 409, new.reason)
    return redirect_to("announcements.show", public_id=public_id, anchor="confirm", notice=_("Noted: you have read it."))
