"""Who may write, publish and read about announcements (permissions.md rows 21 and 22; announcements.md 5, 9 and 18)."""

from datetime import datetime

from flask_babel import gettext as _

from portal.announcements.models import Announcement, AnnouncementDraft
from portal.announcements.queries import Standing
from portal.core.policy import Decision, no, yes
from portal.people.models import Person, Role
from portal.people.queries import has_role

WRITERS = (Role.COMMUNICATIONS, Role.ADMINISTRATOR, Role.HEAD, Role.TRAINER, Role.IMPROVER)


def may_publish(person: Person, now: datetime) -> Decision:
    """Communications and administrators publish, correct, pin and withdraw."""
    if has_role(person, Role.COMMUNICATIONS, now) or has_role(person, Role.ADMINISTRATOR, now):
        return yes()
    return no(_("Only Communications and administrators publish announcements."))


def may_write(person: Person, now: datetime) -> Decision:
    """Heads, trainers and improvement teams write drafts too, which others publish."""
    if any(has_role(person, role, now) for role in WRITERS) and not has_role(person, Role.AUDITOR, now):
        return yes()
    return no(_("Heads, trainers, improvement teams and Communications write announcements."))


def may_exceed_budget(person: Person, now: datetime) -> Decision:
    """Rule 9: more than two to confirm within a week needs the communications owner."""
    if has_role(person, Role.COMMUNICATIONS, now):
        return yes()
    return no(_("Only Communications may ask people for more than two confirmations of one department within a week."))


def may_hand_in(person: Person, draft: AnnouncementDraft, now: datetime) -> Decision:
    """The author offers a draft to those who publish; a change of something published is not handed in."""
    if draft.author_id == person.id and draft.announcement_id is None:
        return may_write(person, now)
    return no(_("Only its author hands in a draft."))


def may_read_numbers(person: Person, announcement: Announcement, own_people: bool, now: datetime) -> Decision:
    """Rule 18: the author and Communications read numbers, heads of people whom it is for and auditors names too."""
    if announcement.asks_to_confirm and (announcement.author_id == person.id or may_publish(person, now)):
        return yes()
    return may_read_names(person, announcement, own_people, now)


def may_read_names(person: Person, announcement: Announcement, own_people: bool, now: datetime) -> Decision:
    """Rule 18: who has not confirmed is told to heads about their people, and to auditors; never to the author."""
    if announcement.asks_to_confirm and (own_people or has_role(person, Role.AUDITOR, now)):
        return yes()
    return no(_("Only heads of department and auditors see who has not confirmed."))


def may_record_paper(announcement: Announcement, own_people: bool) -> Decision:
    """Rule 5: a manager records what was confirmed on paper."""
    if announcement.asks_to_confirm and own_people:
        return yes()
    return no(_("Only the head of their department records what people confirmed on paper."))


def may_confirm(standing: Standing) -> Decision:
    """Those to whom it is addressed confirm; reading it is open to more people."""
    if standing.addressed:
        return yes()
    return no(_("This announcement is not addressed to you, so nobody waits for your confirmation."))
