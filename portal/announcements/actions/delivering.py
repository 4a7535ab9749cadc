"""Telling people: by the bell, and by mail what is important or to be confirmed, once per version (rules 11, 15 to 17)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, select

from portal.announcements import queries
from portal.announcements.actions.recipients import insert_once, keep_in_step
from portal.announcements.models import (
    Announcement,
    AnnouncementDelivery,
    AnnouncementPreference,
    AnnouncementRecipient,
    Level,
)
from portal.core import jobs
from portal.core.db import db
from portal.notifications import actions as notifications
from portal.people.models import Person

JOB = "announcements.deliver"
WITHDRAWN = "withdrawn_announcement"
MAIL, BELL = "mail", "bell"


def tell(announcement: Announcement, now: datetime) -> None:
    """Let the job tell the recipients when it is out; a late job does it once all the same (rule 11)."""
    key = f"{announcement.id}-{announcement.version}-{announcement.publish_at:%Y%m%d%H%M}"
    jobs.enqueue(JOB, {"id": announcement.id}, at=max(announcement.publish_at, now), key=key)


def deliver(announcement: Announcement, now: datetime) -> None:
    """Tell those who have not been told of this version, unless it is over or withdrawn meanwhile (AN3, AN12)."""
    if not announcement.is_current(now):
        return
    keep_in_step(announcement, now)
    untold = _untold(announcement)
    silent = _without_mail(untold) if announcement.level == Level.IMPORTANT else set()
    by_mail = [id_ for id_ in untold if id_ not in silent] if announcement.level != Level.INFO else []
    _notify(announcement, by_mail, MAIL, now)
    _notify(announcement, [id_ for id_ in untold if id_ not in set(by_mail)], BELL, now)


def _untold(announcement: Announcement) -> list[int]:
    row, told = AnnouncementRecipient, AnnouncementDelivery
    was_told = exists().where(
        told.announcement_id == announcement.id, told.person_id == row.person_id, told.version == announcement.version
    )
    found = select(row.person_id).where(row.announcement_id == announcement.id, row.closed_at.is_(None), ~was_told)
    return list(db.session.scalars(found.order_by(row.person_id)))


def _without_mail(ids: Collection[int]) -> set[int]:
    row = AnnouncementPreference
    return set(db.session.scalars(select(row.person_id).where(row.person_id.in_(ids), ~row.mail)))


def _notify(announcement: Announcement, ids: list[int], channel: str, now: datetime) -> None:
    version = announcement.version
    rows = [
        {"announcement_id": announcement.id, "person_id": id_, "version": version, "channel": channel, "at": now} for id_ in ids
    ]
    notifications.notify(
        insert_once(AnnouncementDelivery, rows, "person_id") if rows else (),
        "announcements/published",
        queries.NEWS,
        announcement.id,
        f"announcement-{announcement.id}-v{version}",
        now,
        mail=channel == MAIL,
        must_act=announcement.asks_to_confirm,
        by=db.session.get_one(Person, announcement.published_by_id),
        data={"version": version},
    )


def tell_of_withdrawal(announcement: Announcement, by: Person, now: datetime) -> None:
    """Tell those who had been told (rule 17)."""
    row = AnnouncementDelivery
    told = db.session.scalars(select(row.person_id).where(row.announcement_id == announcement.id).distinct()).all()
    event = f"announcement-{announcement.id}-withdrawn"
    notifications.notify(told, "announcements/withdrawn", WITHDRAWN, announcement.id, event, now, mail=True, by=by)
