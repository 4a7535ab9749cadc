"""Finding services, forms and drafts, and what the form engine must know of the person who asks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import defer

from portal.approvals.actions import Facts
from portal.approvals.queries import PreviewStage, preview
from portal.catalogue.directories import Departments, People, Reader, planned_for
from portal.catalogue.formkit.answers import Typed
from portal.catalogue.formkit.carrying import LeftOver, carry
from portal.catalogue.formkit.loader import load_form
from portal.catalogue.formkit.pricing import currency_of
from portal.catalogue.formkit.schema import Form
from portal.catalogue.formkit.values import Choice, Context, FileRef
from portal.catalogue.models import AudienceRow, Draft, DraftRevision, FormVersion, Service
from portal.catalogue.uses import learn_from as learn_from  # the door of those above
from portal.core import language as languages
from portal.core.db import db
from portal.core.text import fold, in_language
from portal.people.models import Department, Person, Role
from portal.people.queries import above, ancestors, departments_as, grants_of, has_role

DRAFT_LIFE = timedelta(days=90)


def in_audience(person: Person, now: datetime) -> ColumnElement[bool]:
    """Return the condition that one row of the service's audience names the person (forms.md 19).

    For partners only rows that name partners count (permissions.md 2).
    """
    if has_role(person, Role.PARTNER, now):
        themselves = and_(AudienceRow.kind == "person", AudienceRow.person_id == person.id)
        return exists().where(AudienceRow.service_id == Service.id, or_(AudienceRow.kind == "partners", themselves))
    roles = sorted({role for role, _ in grants_of(person, now)})
    return exists().where(
        AudienceRow.service_id == Service.id,
        or_(
            AudienceRow.kind == "employees",
            and_(AudienceRow.kind == "department", AudienceRow.department_id.in_(above([person.department_id]))),
            and_(AudienceRow.kind == "role", AudienceRow.value.in_(roles)),
            and_(AudienceRow.kind == "site", AudienceRow.value == person.site, AudienceRow.value != ""),
            and_(AudienceRow.kind == "person", AudienceRow.person_id == person.id),
        ),
    )


def visible_to(person: Person, now: datetime) -> Select[Service]:
    """Select the published services for which the person may ask; auditors ask for nothing (permissions.md 2)."""
    if has_role(person, Role.AUDITOR, now):
        return select(Service).where(Service.id.is_(None))
    return select(Service).where(Service.state == "published", in_audience(person, now))


def editable_by(person: Person, now: datetime) -> Select[Service]:
    """Select the services that somebody edits or audits (permissions.md row 19)."""
    if has_role(person, Role.ADMINISTRATOR, now) or has_role(person, Role.AUDITOR, now):
        return select(Service)
    return select(Service).where(Service.department_id.in_(departments_as(person, Role.CATALOGUE_EDITOR, now)))


def known_to(person: Person, now: datetime) -> Select[Service]:
    """Select the services that somebody may know of: those that they edit or audit, and those they may ask for."""
    ids = (found.with_only_columns(Service.id) for found in (editable_by(person, now), visible_to(person, now)))
    return select(Service).where(or_(*(Service.id.in_(each) for each in ids)))


@dataclass(frozen=True)
class Listed:
    """A service as a list shows it."""

    slug: str
    name: Mapping[str, str]
    summary: Mapping[str, str]
    window: Department


def listed(person: Person, now: datetime) -> list[Listed]:
    """Return what the person may ask for, by window and name; no long text is read."""
    found = visible_to(person, now).join(Department, Department.id == Service.department_id)
    rows = db.session.execute(found.with_only_columns(Service.slug, Service.name, Service.summary, Department))
    return sorted((Listed(*row) for row in rows), key=_place)


def _place(service: Listed) -> tuple[bool, int, str, str]:
    window = service.window
    return (window.number is None, window.number or 0, fold(in_language(window.name)), fold(in_language(service.name)))


def published_version(service_id: int) -> FormVersion | None:
    """Return the form that is asked now."""
    return db.session.scalar(select(FormVersion).where(FormVersion.service_id == service_id, FormVersion.state == "published"))


def currency_asked(service_id: int) -> str:
    """Return the currency of the sum that the service's form adds up, offered or still a draft; empty where there is none."""
    found = select(FormVersion).where(FormVersion.service_id == service_id, FormVersion.state.in_(("published", "draft")))
    currencies = [currency_of(form_of(version)) for version in db.session.scalars(found.order_by(FormVersion.state.desc()))]
    return next(filter(None, currencies), "")


def form_of(version: FormVersion) -> Form:
    """Return the questions of a version as the form engine reads them."""
    return load_form(version.content)


# --- what would happen if it were sent now ---------------------------------------------------------------------------


def stages_ahead(service: Service, person: Person, now: datetime) -> list[PreviewStage]:
    """Return whom the stages would ask for a request of the person (AP-11)."""
    me = person.id
    return preview(service.route_id, Facts(me, me, me, me, person.department_id, service.department_id), now)


# --- the person who asks ---------------------------------------------------------------------------------------------


def facts_of(person: Person, now: datetime) -> Mapping[str, Sequence[str]]:
    """Return what conditions may ask about the requester: slugs of the own department and those above, site, roles."""
    return {
        "department": tuple(department.slug for department in ancestors(person.department_id)),
        "site": (person.site,) if person.site else (),
        "role": tuple(sorted({role for role, _ in grants_of(person, now)})),
    }


def context_of(
    person: Person,
    now: datetime,
    files: Mapping[str, Sequence[FileRef]] | None = None,
    language: str | None = None,
    typed: Mapping[str, Collection[str]] | None = None,
) -> Context:
    """Return all that reading the answers of a person depends on; the language is the page's unless named.

    `typed` are the texts of a form by the directory that they ask: what they mean is read in one statement.
    """
    wanted = language or languages.current()
    reader = Reader(person, now, wanted, planned_for(typed or {}))
    zone = person.time_zone or str(current_app.config["PORTAL_TIMEZONE"])
    return Context(
        language=wanted,
        today=now.astimezone(ZoneInfo(zone)).date(),
        zone=zone,
        facts=facts_of(person, now),
        directories={"person": People(reader), "department": Departments(reader)},
        files=files or {},
    )


def people_for(person: Person, now: datetime, text: str) -> Sequence[Choice]:
    """Return the people whom a text may mean, among those whom the person may find (forms.md 7)."""
    return People(Reader(person, now, languages.current())).find(text)


# --- drafts ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opened:
    """A draft as it is shown now: moved to the published version, with what that no longer asks (forms.md 11).

    `version` is None when the service is withdrawn; then `form` is that of the draft's own version (forms.md 23).
    """

    draft: Draft
    version: FormVersion | None
    form: Form
    typed: Typed
    left_overs: tuple[LeftOver, ...]


def visible_drafts(person: Person, now: datetime) -> Select[Draft]:
    """Select the person's drafts that are neither sent nor 90 days old (forms.md 12)."""
    return select(Draft).where(Draft.person_id == person.id, Draft.sent_at.is_(None), Draft.saved_at > now - DRAFT_LIFE)


def own_drafts(person: Person) -> Select[Draft]:
    """Select all drafts of the person, sent ones too."""
    return select(Draft).where(Draft.person_id == person.id)


def draft_of(person: Person, send_key: str) -> Draft | None:
    """Return the draft under a send key, sent or not (forms.md 14)."""
    return db.session.scalar(select(Draft).where(Draft.person_id == person.id, Draft.send_key == send_key))


def opened(draft: Draft) -> Opened:
    """Return the draft on the version that is asked now."""
    return opened_on(draft, published_version(draft.service_id))


def opened_on(draft: Draft, current: FormVersion | None) -> Opened:
    """Return the draft on a version that is known to be the published one; None when nothing is asked."""
    before = form_of(draft.form_version)
    typed, kept = Typed.from_json(draft.content), left_overs_of(draft)
    if current is None or current.id == draft.form_version_id:
        return Opened(draft, current, before, typed, kept)
    after = form_of(current)
    carried, gone = carry(before, after, typed)
    return Opened(draft, current, after, carried, (*kept, *gone))


def left_overs_of(draft: Draft) -> tuple[LeftOver, ...]:
    """Return the texts of questions that were asked when they were typed and no longer are."""
    return tuple(LeftOver(**each) for each in draft.content.get("left_overs", ()))


def earlier_contents(drafts: Sequence[Draft]) -> Mapping[int, list[DraftRevision]]:
    """Return, by draft, the contents that can be brought back, newest first and without their texts (forms.md 13)."""
    now = {draft.id: draft.revision for draft in drafts}
    found = select(DraftRevision).where(DraftRevision.draft_id.in_(now)).options(defer(DraftRevision.content))
    kept: dict[int, list[DraftRevision]] = {each: [] for each in now}
    for revision in db.session.scalars(found.order_by(DraftRevision.revision.desc())):
        if revision.revision < now[revision.draft_id]:
            kept[revision.draft_id].append(revision)
    return kept
