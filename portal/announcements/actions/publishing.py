"""Publishing, correcting and withdrawing: each locks what it competes for (C3, rules 3, 6, 9 and 17)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from portal.announcements import policies, queries
from portal.announcements.actions.delivering import tell, tell_of_withdrawal
from portal.announcements.actions.recipients import keep_in_step
from portal.announcements.audiences import Group, row_of
from portal.announcements.budget import Budget, budget_for
from portal.announcements.events import (
    AnnouncementCorrected,
    AnnouncementPublished,
    AnnouncementVersionPublished,
    AnnouncementWithdrawn,
)
from portal.announcements.models import Announcement, AnnouncementVersion, Level
from portal.audit import actions as audit
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.core.events import publish as tell_others
from portal.people.models import Department, Person
from portal.search import actions as search


@dataclass(frozen=True)
class Words:
    """A title and a text, in the languages there are."""

    title: Mapping[str, str]
    body: Mapping[str, str]


@dataclass(frozen=True)
class Composition:
    """What the composer asks to be published, and to whom. `wall` is the time of publication as typed, in `zone` (C1)."""

    words: Words
    department: Department
    groups: Sequence[Group]
    wall: datetime
    publish_at: datetime
    zone: str
    kind: str = "news"
    level: str = "info"
    access: str = "open"
    expire_on: date | None = None
    due_on: date | None = None
    over_budget_reason: str = ""
    author: Person | None = None


class OverBudget(Refused):
    """Some people have already been asked twice this week (AN8)."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget.words)
        self.budget = budget


class Stale(Refused):
    """Somebody else has corrected it since the composer was opened (C10)."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else changed this announcement meanwhile."))


def end_of(day: date | None, zone: str) -> datetime | None:
    """Return when a day that counts in full is over: 30 November ends at 1 December 00:00 (rule 12)."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone)) if day else None


def publish(wanted: Composition, by: Person, now: datetime) -> Announcement:
    """Publish at once or for later; one recipient row per person is written when it is out (rules 3 and 9)."""
    lock(Department, wanted.department.id)
    _refuse_over_budget(wanted, by, now)
    made = Announcement(
        kind=wanted.kind,
        level=wanted.level,
        access=wanted.access,
        department_id=wanted.department.id,
        author_id=(wanted.author or by).id,
        version=1,
        edit=0,
        publish_at=max(wanted.publish_at, now),
        publish_wall=f"{wanted.wall:%Y-%m-%dT%H:%M}",
        zone=wanted.zone,
        expire_on=wanted.expire_on,
        expire_at=end_of(wanted.expire_on, wanted.zone),
        due_on=wanted.due_on,
        due_at=end_of(wanted.due_on, wanted.zone),
        published_at=now,
        published_by_id=by.id,
        over_budget_reason=wanted.over_budget_reason or None,
    )
    db.session.add(made)
    db.session.flush()
    db.session.add_all([row_of(group, made.id) for group in wanted.groups])
    _say(made, wanted.words, None, by, now)
    audit.record(by, "announcement.published", queries.KIND, made.id, after={"level": made.level, "access": made.access})
    tell_others(AnnouncementPublished(made.id, by.id))
    _spread(made, now)
    return made


def _refuse_over_budget(wanted: Composition, by: Person, now: datetime) -> None:
    if wanted.level != Level.TO_CONFIRM:
        return
    budget = budget_for(wanted.groups, wanted.department.id, max(wanted.publish_at, now), now)
    excused = wanted.over_budget_reason and policies.may_exceed_budget(by, now)
    if budget.full and not excused:
        raise OverBudget(budget)


def _say(announcement: Announcement, words: Words, note: Mapping[str, str] | None, by: Person, now: datetime) -> None:
    said = AnnouncementVersion(
        announcement_id=announcement.id,
        number=announcement.version,
        edit=announcement.edit,
        title=dict(words.title),
        body=dict(words.body),
        note=dict(note) if note else None,
        at=now,
        by_id=by.id,
    )
    db.session.add(said)
    db.session.flush()
    db.session.expire(announcement, ["said"])


def _spread(announcement: Announcement, now: datetime) -> None:
    """Write the recipients, make it findable and see to it that people are told."""
    keep_in_step(announcement, now)
    if announcement.is_confidential:
        search.remove(queries.KIND, announcement.id)  # its words would help others to guess (rule 2)
    else:
        search.index(queries.KIND, announcement, now)
    tell(announcement, now)


def correct(
    announcement: Announcement,
    words: Words,
    substantial: bool,
    note: Mapping[str, str] | None,
    seen: tuple[int, ...],
    by: Person,
    now: datetime,
) -> None:
    """Change the text: a minor edit keeps the confirmations, a substantial one makes a version and asks again (AN1)."""
    lock(Announcement, announcement.id)
    if announcement.withdrawn_at is not None:
        raise Refused(_("This announcement was withdrawn."))
    if (announcement.version, announcement.edit) != seen:
        raise Stale
    anew = substantial and announcement.publish_at <= now  # before that nothing counts as a version (rule 6)
    announcement.version, announcement.edit = (seen[0] + 1, 0) if anew else (seen[0], seen[1] + 1)
    _say(announcement, words, note, by, now)
    audit.record(by, "announcement.corrected", queries.KIND, announcement.id, after={"version": announcement.version})
    tell_others(
        AnnouncementVersionPublished(announcement.id, announcement.version, by.id)
        if anew
        else AnnouncementCorrected(announcement.id, by.id)
    )
    _spread(announcement, now)


def withdraw(announcement: Announcement, by: Person, now: datetime) -> None:
    """Take it from view; confirmations stay, and those who had to act are told (rule 17)."""
    lock(Announcement, announcement.id)
    if announcement.withdrawn_at is not None:
        return
    if announcement.level != Level.INFO and announcement.is_current(now):
        keep_in_step(announcement, now)
        tell_of_withdrawal(announcement, by, now)
    announcement.withdrawn_at, announcement.withdrawn_by_id = now, by.id
    search.remove(queries.KIND, announcement.id)
    audit.record(by, "announcement.withdrawn", queries.KIND, announcement.id)
    tell_others(AnnouncementWithdrawn(announcement.id, by.id))
