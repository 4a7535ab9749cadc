"""From what the composer holds to what is published, or to the reasons why it cannot be (page and fragments)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from portal.announcements import policies
from portal.announcements.actions import Composition, Words
from portal.announcements.audiences import Group, offered
from portal.announcements.budget import Budget, budget_for
from portal.announcements.forms import ComposerForm
from portal.announcements.models import Announcement, AnnouncementDraft, Level
from portal.catalogue.formkit import moments
from portal.catalogue.formkit.amounts import Unclear
from portal.core.db import db
from portal.people.models import Department, Person, Role
from portal.people.queries import departments_as, meant

LANGUAGES = ("es", "en")


@dataclass
class Sheet:
    """A draft on the page: its form, what may be chosen, and what stands in the way of publishing."""

    draft: AnnouncementDraft
    form: ComposerForm
    departments: Sequence[Department]
    groups: Sequence[Group]
    now: datetime
    times: list[tuple[str, str, str]] = field(default_factory=list)
    file_problems: list[str] = field(default_factory=list)

    @property
    def zone(self) -> str:
        """Return the zone in which days and times are meant: the company's (rule 12)."""
        return str(current_app.config["PORTAL_TIMEZONE"])

    @property
    def department(self) -> Department | None:
        """Return the department from which it comes."""
        return next((each for each in self.departments if each.slug == self.form.department.data), None)

    @property
    def audience(self) -> list[Group]:
        """Return the groups that are ticked and the people named, in order."""
        ticked = [group for group in self.groups if group.key in (self.form.audience.data or [])]
        return ticked + [Group("person", one.public_id, one.id, one.name) for one in self.named if one]

    @property
    def named(self) -> list[Person | None]:
        """Return whom the typed names mean; None for what is not clear."""
        if not hasattr(self, "_named"):
            lines = [line.strip() for line in (self.form.people.data or "").splitlines() if line.strip()]
            self._named = [_one(line, self.draft.author, self.now) for line in lines]
        return self._named

    @property
    def budget(self) -> Budget:
        """Return how many people it is for, and how many of them have been asked enough (rule 9)."""
        asks = self.form.level.data == Level.TO_CONFIRM and self.department
        return budget_for(self.audience, self.department.id if asks and self.department else None, self.now, self.now)

    @property
    def who(self) -> str:
        """Return in words who can read it and who is addressed (rule 1)."""
        people = ", ".join(group.words for group in self.audience) or _("nobody yet")
        if self.form.access.data == "confidential":
            return str(_("Only these people can read it, and it is addressed to them: %(people)s.", people=people))
        return str(_("Everybody who signs in can read it. It is addressed to: %(people)s.", people=people))


def _one(text: str, by: Person, now: datetime) -> Person | None:
    found = meant(text, by, now)
    return found[0] if len(found) == 1 else None


def departments_for(person: Person, now: datetime) -> list[Department]:
    """Return from which departments somebody writes: publishers from all, heads from theirs, others from their own."""
    found = select(Department).order_by(Department.number, Department.id)
    if not policies.may_publish(person, now):
        found = found.where(Department.id.in_({person.department_id, *departments_as(person, Role.HEAD, now)}))
    return sorted(db.session.scalars(found), key=lambda each: each.id != person.department_id)


def opened(draft: AnnouncementDraft, form: ComposerForm, by: Person, now: datetime) -> Sheet:
    """Return the composer with what may be chosen."""
    departments, groups = departments_for(by, now), offered()
    form.offer(departments, groups)
    return Sheet(draft, form, departments, groups, now)


def judge(sheet: Sheet) -> Composition | None:
    """Return what is to be published, or None with the reasons at the fields."""
    form = sheet.form
    form.validate()
    words = written(form)
    wall, publish_at = _time(sheet)
    due, last = _day(form.due_on), _day(form.expire_on)
    _judge_days(sheet, publish_at, due, last)
    _judge_audience(sheet)
    if form.errors or sheet.department is None or publish_at is None:
        return None
    return Composition(
        words=words,
        department=sheet.department,
        groups=sheet.audience,
        wall=wall,
        publish_at=publish_at,
        zone=sheet.zone,
        kind=form.kind.data,
        level=form.level.data,
        access=form.access.data,
        expire_on=last,
        due_on=due,
        over_budget_reason=(form.over_budget_reason.data or "").strip(),
        author=sheet.draft.author,
    )


def written(form: ComposerForm) -> Words:
    """Return title and text; both languages are needed where people must confirm, else one is enough."""
    title = {each: (form[f"title_{each}"].data or "").strip() for each in LANGUAGES}
    body = {each: (form[f"body_{each}"].data or "").strip() for each in LANGUAGES}
    needs_both = form.level.data == Level.TO_CONFIRM
    whole = [each for each in LANGUAGES if title[each] and body[each]]
    for each in LANGUAGES if needs_both or not whole else whole:
        for name in (f"title_{each}", f"body_{each}"):
            if not (form[name].data or "").strip():
                _refuse(
                    form[name],
                    _("Write it in both languages: people must confirm it.") if needs_both else _("Write a title and a text."),
                )
    there = LANGUAGES if needs_both else whole
    return Words({each: title[each] for each in there}, {each: body[each] for each in there})


def _refuse(field_: Any, reason: str) -> None:
    field_.errors = [*field_.errors, reason]


def _day(field_: Any) -> date | None:
    text = (field_.data or "").strip()
    if not text:
        return None
    try:
        return moments.read_date(text, "es")
    except Unclear:
        _refuse(field_, _("This is not a date."))
        return None


def _time(sheet: Sheet) -> tuple[datetime, datetime | None]:
    """Return when it is published: wall time and instant; what does not exist or exists twice is asked (AN4, C2)."""
    form, zone = sheet.form, ZoneInfo(sheet.zone)
    text = (form.publish_wall.data or "").strip()
    if not text:
        return sheet.now.astimezone(zone).replace(tzinfo=None), sheet.now
    try:
        wall = moments.read_wall(text, "es")
    except Unclear:
        _refuse(form.publish_wall, _("This is not a date with a time."))
        return sheet.now, None
    folds = moments.occurrences(wall, sheet.zone)
    if not folds:
        sheet.times = [(f"{each:%Y-%m-%dT%H:%M}", "", f"{each:%H:%M}") for each in moments.nearest(wall, sheet.zone)]
        _refuse(form.publish_wall, _("The clocks change then: %(time)s does not exist on that day.", time=f"{wall:%H:%M}"))
        return wall, None
    if len(folds) > 1 and form.fold.data not in ("0", "1"):
        words = (_("the first %(time)s, summer time"), _("the second %(time)s, winter time"))
        sheet.times = [(text, str(fold), words[fold] % {"time": f"{wall:%H:%M}"}) for fold in folds]
        _refuse(form.publish_wall, _("The clocks change then: %(time)s comes twice on that day.", time=f"{wall:%H:%M}"))
        return wall, None
    fold = int(form.fold.data or 0) if len(folds) > 1 else folds[0]
    return wall, wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _judge_days(sheet: Sheet, publish_at: datetime | None, due: date | None, last: date | None) -> None:
    form, zone = sheet.form, ZoneInfo(sheet.zone)
    begin = max(publish_at or sheet.now, sheet.now).astimezone(zone).date()
    if last and last < begin:
        _refuse(form.expire_on, _("The last day is before it is published."))
    if due and form.level.data == Level.TO_CONFIRM and due < begin:
        _refuse(form.due_on, _("This day is before it is published."))
    if due and last and last < due:
        _refuse(form.due_on, _("This is after the last day."))


def _judge_audience(sheet: Sheet) -> None:
    form = sheet.form
    if None in sheet.named:
        _refuse(form.people, _("One of these names means nobody, or several people. Write the mail address."))
    budget = sheet.budget
    if not budget.people:
        _refuse(form.audience, _("0 people: choose to whom it is addressed."))
    if budget.full and not (form.over_budget_reason.data or "").strip():
        _refuse(form.over_budget_reason, _("%(budget)s. Say why it must be confirmed all the same.", budget=budget.words))
    if sheet.department is None:
        _refuse(form.department, _("Choose the department."))


def content_of(announcement: Announcement) -> dict[str, Any]:
    """Return what the composer holds when something published is to be corrected."""
    said = announcement.said
    texts: dict[str, Any] = {}
    for each in LANGUAGES:
        texts |= {f"title_{each}": said.title.get(each, ""), f"body_{each}": said.body.get(each, "")}
    return {**texts, "seen": f"{announcement.version}.{announcement.edit}"}
