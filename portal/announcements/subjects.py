"""What the shared services know of announcements: each registration says who sees it now (C6, PE-15)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import Select, exists, select

from portal.announcements import mailings, numbers, queries
from portal.announcements.actions.delivering import WITHDRAWN
from portal.announcements.actions.mailing import OVERDUE
from portal.announcements.mailings import RUN
from portal.announcements.models import Announcement, AnnouncementDelivery, AnnouncementDraft, DigestRun, Level
from portal.announcements.views.filing import DRAFT
from portal.announcements.views.preferring import link_for
from portal.announcements.words import kind_words
from portal.core import markup, subjects
from portal.core.db import db
from portal.core.subjects import Subject
from portal.core.text import in_language
from portal.notifications import actions as notifications
from portal.people.models import Person, Role
from portal.people.queries import departments_as

MOST_NAMES = 100


def register() -> None:
    """Register what can carry files, be told of by bell and mail, or be found."""
    subjects.register(Subject(queries.KIND, Announcement, queries.visible_to, title, address, _no_reference))
    news = Subject(queries.NEWS, Announcement, queries.news_for, title, address, _no_reference, message_context=context)
    subjects.register(news)
    gone = Subject(WITHDRAWN, Announcement, _withdrawn_for, title, _list, _no_reference, message_context=context)
    subjects.register(gone)
    late = Subject(OVERDUE, Announcement, _report_for, title, _report, _no_reference, message_context=_late_context)
    subjects.register(late)
    run = Subject(RUN, DigestRun, mailings.runs_for, _run_title, _run_address, _no_reference, message_context=mailings.context)
    subjects.register(run)
    for message in ("published", "digest"):
        notifications.make_with(f"announcements/{message}", _with_a_way_out)
    subjects.register(Subject(DRAFT, AnnouncementDraft, queries.drafts_of, _draft_title, _draft_address, _no_reference))


def title(announcement: Announcement) -> str:
    """Return the title in the reader's language."""
    return in_language(announcement.said.title)


def address(announcement: Announcement) -> str:
    """Return where it is read."""
    return url_for("announcements.show", public_id=announcement.public_id)


def context(announcement: Announcement, data: Mapping[str, Any], recipient: Person, now: datetime) -> Mapping[str, Any]:
    """Return what messages say; of a confidential one only what sort of thing it is (rule 16)."""
    kind = kind_words(announcement)
    if announcement.is_confidential:
        return {"shown_title": kind, "text": "", "html": "", "confidential": True, "announcement": announcement}
    text = in_language(announcement.said.body)
    html = markup.markdown(text, top=2)
    return {"shown_title": title(announcement), "text": text, "html": html, "confidential": False, "announcement": announcement}


def _no_reference(row: Any) -> str:
    return ""


def _list(announcement: Announcement) -> str:
    return url_for("announcements.index")


def _withdrawn_for(person: Person, now: datetime) -> Select[Announcement]:
    """Select what was withdrawn after the person had been told of it."""
    row = AnnouncementDelivery
    told = exists().where(row.announcement_id == Announcement.id, row.person_id == person.id)
    return select(Announcement).where(Announcement.withdrawn_at.is_not(None), told)


def _report_for(person: Person, now: datetime) -> Select[Announcement]:
    """Select what a head is told about: what they may read, and their people should have confirmed."""
    return queries.news_for(person, now).where(Announcement.level == Level.TO_CONFIRM)


def _report(announcement: Announcement) -> str:
    return url_for("announcements.report", public_id=announcement.public_id)


def _late_context(announcement: Announcement, data: Mapping[str, Any], head: Person, now: datetime) -> Mapping[str, Any]:
    missing = numbers.names(announcement, departments_as(head, Role.HEAD, now), now)
    names = [row.name for row in db.session.execute(missing.order_by(Person.sort_name).limit(MOST_NAMES))]
    return {**context(announcement, data, head, now), "names": names}


def _run_title(run: DigestRun) -> str:
    return ""


def _run_address(run: DigestRun) -> str:
    return url_for("announcements.index", show="to_confirm" if run.sort == mailings.REMINDER else None)


def _with_a_way_out(recipient: Person, data: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    return {"unsubscribe": link_for(recipient)}


def _draft_title(draft: AnnouncementDraft) -> str:
    return str(draft.content.get("title_es") or draft.content.get("title_en") or "")


def _draft_address(draft: AnnouncementDraft) -> str:
    return url_for("announcements.compose", draft_id=draft.public_id)
