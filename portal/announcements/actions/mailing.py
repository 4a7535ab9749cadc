"""Reminders and digests: at most one mail of each sort per person and day, only about what still concerns them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, exists, or_, select

from portal.announcements import mailings, numbers, queries
from portal.announcements.actions.recipients import insert_once
from portal.announcements.mailings import DIGEST, REMINDER, RUN
from portal.announcements.models import (
    Announcement,
    AnnouncementPreference,
    AnnouncementRecipient,
    DigestItem,
    DigestRun,
    Level,
)
from portal.core.db import db, public_id
from portal.notifications import actions as notifications
from portal.people.models import Person
from portal.people.queries import acting_heads, ancestors

OVERDUE = "announcement_report"
WEEK = timedelta(days=7)
Wanted = Mapping[int, list[tuple[Announcement, str]]]


def remind(now: datetime, zone: str) -> None:
    """Remind the pending after 3 days, after 7, and the day before (rule 10)."""
    today = mailings.day_of(now, zone)
    wanted: dict[int, list[tuple[Announcement, str]]] = defaultdict(list)
    for announcement in _asking(now):
        since, reminded = mailings.asked_at(announcement), _reminded(announcement)
        for person_id, added_at in _pending(announcement, now):
            asked_on = mailings.day_of(max(since, added_at or since), announcement.zone)
            stage = mailings.stage(asked_on, announcement.due_on, today)
            if stage and (person_id, stage) not in reminded:
                wanted[person_id].append((announcement, stage))
    _send(wanted, REMINDER, today, now)


def remind_of(announcement: Announcement, now: datetime) -> int:
    """Remind the pending of one now, those who have had no reminder today; return how many (rule 10)."""
    ids = [person_id for person_id, _added in _pending(announcement, now)]
    today = mailings.day_of(now, announcement.zone)
    return _send({id_: [(announcement, "asked")] for id_ in ids}, REMINDER, today, now)


def tell_heads(now: datetime) -> None:
    """Give each head, once, the list of their people who have not confirmed in time (rule 10)."""
    for announcement in _asking(now, overdue=True):
        late = numbers.pending(announcement, now).with_only_columns(Person.department_id).distinct()
        departments = db.session.scalars(late).all()
        heads = {head.id for each in departments for head in acting_heads(ancestors(each), now).people}
        event = f"announcement-{announcement.id}-overdue-v{announcement.version}"
        notifications.notify(heads, "announcements/overdue", OVERDUE, announcement.id, event, now, mail=True, must_act=True)


def send_digests(now: datetime, zone: str) -> None:
    """Send each person what was new until yesterday, daily or weekly as they wish; nothing to say, nothing sent (AN7)."""
    today = mailings.day_of(now, zone)
    midnight = datetime.combine(today, time.min, ZoneInfo(zone))
    wanted: dict[int, list[tuple[Announcement, str]]] = defaultdict(list)
    for announcement in db.session.scalars(
        select(Announcement).where(queries.is_current(now), Announcement.publish_at < midnight)
    ):
        for person_id in db.session.scalars(_unread(announcement, today)):
            wanted[person_id].append((announcement, DIGEST))
    _send(wanted, DIGEST, today, now)


def _asking(now: datetime, overdue: bool = False) -> Iterable[Announcement]:
    found = select(Announcement).where(queries.is_current(now), Announcement.level == Level.TO_CONFIRM)
    if overdue:
        found = found.where(Announcement.due_at <= now)
    return db.session.scalars(found.order_by(Announcement.id)).all()


def _pending(announcement: Announcement, now: datetime) -> Iterable[tuple[int, datetime | None]]:
    found = numbers.pending(announcement, now).with_only_columns(Person.id, AnnouncementRecipient.added_at)
    return [(row[0], row[1]) for row in db.session.execute(found.order_by(Person.id))]


def _reminded(announcement: Announcement) -> set[tuple[int, str]]:
    found = select(DigestRun.person_id, DigestItem.stage).join(DigestItem.run)
    about = (DigestItem.announcement_id == announcement.id, DigestItem.version == announcement.version)
    return {(row[0], row[1]) for row in db.session.execute(found.where(DigestRun.sort == REMINDER, *about))}


def _unread(announcement: Announcement, today: date) -> Select[int]:
    """Select the recipients who have not opened it, want a digest now, and were not told of it in an earlier one."""
    row, wish = AnnouncementRecipient, AnnouncementPreference
    found = select(row.person_id).join(Announcement, Announcement.id == row.announcement_id)
    found = found.outerjoin(wish, wish.person_id == row.person_id)
    told = exists().where(
        DigestItem.announcement_id == announcement.id,
        DigestItem.version == announcement.version,
        DigestRun.id == DigestItem.run_id,
        DigestRun.person_id == row.person_id,
        DigestRun.sort == DIGEST,
    )
    lately = exists().where(DigestRun.person_id == row.person_id, DigestRun.sort == DIGEST, DigestRun.day > today - WEEK)
    weekly = and_(or_(wish.digest.is_(None), wish.digest == "weekly"), ~lately)
    open_ = (row.announcement_id == announcement.id, row.closed_at.is_(None), ~queries.has_read(row.person_id), ~told)
    return found.where(*open_, ~queries.has_confirmed(row.person_id), or_(wish.digest == "daily", weekly))


def _send(wanted: Wanted, sort: str, today: date, now: datetime) -> int:
    """Write one run per person and day with its items; who has one today gets no second (rule 10)."""
    rows = [{"person_id": id_, "sort": sort, "day": today, "at": now, "public_id": public_id()} for id_ in sorted(wanted)]
    made = insert_once(DigestRun, rows) if rows else []
    for run in db.session.scalars(select(DigestRun).where(DigestRun.id.in_(made))).all():
        items = [
            DigestItem(run_id=run.id, announcement_id=each.id, version=each.version, stage=stage)
            for each, stage in wanted[run.person_id]
        ]
        db.session.add_all(items)
        event = f"announcement-{sort}-{run.public_id}"
        acts = sort == REMINDER  # a digest asks for nothing, and what is new stands on the first page anyway
        message = f"announcements/{sort}"
        notifications.notify([run.person_id], message, RUN, run.id, event, now, mail=True, must_act=acts, bell=acts)
    return len(made)
