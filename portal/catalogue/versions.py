"""The versions of a form: the one being worked on, those published, and what the linter says of them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import defer, joinedload

from portal.approvals.models import RouteStage
from portal.catalogue import uses
from portal.catalogue.formkit.linter import Finding, Surroundings, lint
from portal.catalogue.formkit.price_rules import price_findings
from portal.catalogue.formkit.schema import Form, Section
from portal.catalogue.formkit.types.registry import type_of
from portal.catalogue.formkit.values import Context
from portal.catalogue.models import AudienceRow, FormVersion, Service
from portal.catalogue.queries import form_of
from portal.catalogue.questions import Desk
from portal.core.db import db
from portal.core.text import in_language
from portal.people.models import Department, Person, Role, RoleGrant
from portal.people.queries import ancestors, current_grants

EMPTY = Form(sections=(Section(key="main", title={}),))


@dataclass(frozen=True)
class Work:
    """How the form of a service stands: its draft, what is published, the newest that is no draft, and its audience."""

    draft: FormVersion | None
    published: FormVersion | None
    last: FormVersion | None
    next_number: int
    audience: int

    @property
    def seen(self) -> str:
        """Return what a page carries so that a save knows what it was drawn from (FO8)."""
        return f"{self.draft.number}.{self.draft.revision}" if self.draft else f"{self.next_number}.0"

    @property
    def form(self) -> Form:
        """Return the questions as the editor sees them: of the draft, else of the newest version, else none."""
        version = self.draft or self.last
        return form_of(version) if version else EMPTY


def work_of(service_id: int) -> Work:
    """Return how the form of a service stands, in one statement unless it has no version yet."""
    highest = select(func.max(FormVersion.number)).where(FormVersion.service_id == service_id).scalar_subquery()
    rows = select(func.count(AudienceRow.id)).where(AudienceRow.service_id == service_id).scalar_subquery()
    found = select(FormVersion, highest, rows).where(FormVersion.service_id == service_id, FormVersion.state != "superseded")
    kept = list(db.session.execute(found.options(joinedload(FormVersion.edited_by)).order_by(FormVersion.number.desc())))
    if not kept:
        return Work(None, None, None, 1, db.session.scalar(select(rows)) or 0)
    versions = [row[0] for row in kept]
    return Work(
        draft=next((each for each in versions if each.state == "draft"), None),
        published=next((each for each in versions if each.state == "published"), None),
        last=next((each for each in versions if each.state != "draft"), None),
        next_number=kept[0][1] + 1,
        audience=kept[0][2],
    )


def versions_of(service_id: int) -> list[FormVersion]:
    """Return all versions but the draft, newest first, without their questions."""
    found = select(FormVersion).where(FormVersion.service_id == service_id, FormVersion.state != "draft")
    lean = found.options(defer(FormVersion.content), joinedload(FormVersion.edited_by))
    return list(db.session.scalars(lean.order_by(FormVersion.number.desc())))


def seen_now(service_id: int) -> str:
    """Return number and revision of the draft, or of the draft that a first edit would begin (FO8)."""
    return work_of(service_id).seen


def working_form(service_id: int) -> Form:
    """Return the questions as the editor sees them."""
    return work_of(service_id).form


def keys_used(service_id: int) -> frozenset[str]:
    """Return every key that any version ever used: a key is never reused for another meaning (forms.md 2)."""
    contents = db.session.scalars(select(FormVersion.content).where(FormVersion.service_id == service_id))
    return frozenset(
        key
        for content in contents
        for section in content.get("sections", ())
        for key in (section["key"], *(field["key"] for field in _fields_in(section)))
    )


def _fields_in(section: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the questions in the JSON of a section, columns of rows among them."""
    for field in section.get("fields", ()):
        yield field
        yield from field.get("columns", ())


def findings_of(service: Service, form: Form, work: Work, context: Context, now: datetime) -> tuple[Finding, ...]:
    """Return what the linter finds before publication (forms.md 27)."""
    stages = lambda _form: stages_without_approver(service, now)  # noqa: E731 - the linter asks hooks with the form
    around = Surroundings(
        context,
        audience=work.audience,
        required=uses.required(service),
        unanswered=_unanswered(service, work.published),
        languages=tuple(current_app.config["LANGUAGES"]),
        hooks=(stages, price_findings),
    )
    return lint(form, around)


def _unanswered(service: Service, version: FormVersion | None) -> frozenset[str]:
    """Return what nobody answers; of confidential questions not even that is told (forms.md 24)."""
    fields = form_of(version).fields if version else ()
    asked = frozenset(each.key for each in fields if type_of(each.type).asks and each.confidential is None)
    return uses.unanswered(service, version, asked)


def stages_without_approver(service: Service, now: datetime) -> Iterator[Finding]:
    """A stage needs somebody who can decide; heads are looked for upwards, as approvals do (AP-6)."""
    stages = service.route.stages if service.route else ()
    above = {each.id for each in ancestors(service.department_id)} if stages else set()
    granted = _granted({_role_of(stage) for stage in stages} - {None}, now)
    for stage in stages:
        if not _has_approver(stage, above, granted):
            name = in_language(stage.name)
            yield Finding("block", _("The stage “%(stage)s” has nobody who could decide.", stage=name))


def _role_of(stage: RouteStage) -> str | None:
    return stage.role if stage.rule == "role" else None if stage.rule == "person" else Role.HEAD


def _granted(roles: Collection[str | None], now: datetime) -> set[tuple[str, int | None, bool]]:
    """Return where active people have the roles: role, department, and whether it is the topmost one."""
    if not roles:
        return set()
    found = select(RoleGrant.role, RoleGrant.department_id, Department.id.is_not(None) & Department.parent_id.is_(None))
    found = found.join(Person, Person.id == RoleGrant.person_id).outerjoin(Department, Department.id == RoleGrant.department_id)
    rows = db.session.execute(found.where(RoleGrant.role.in_(roles), current_grants(now), Person.active).distinct())
    return {(role, department_id, bool(topmost)) for role, department_id, topmost in rows}


def _has_approver(stage: RouteStage, above: Collection[int], granted: Collection[tuple[str, int | None, bool]]) -> bool:
    if stage.rule == "person":
        return stage.person is not None and stage.person.active
    if stage.rule == "role":
        return any(role == stage.role for role, _where, _topmost in granted)
    if stage.rule == "service_head":
        return any(role == Role.HEAD and where in above for role, where, _topmost in granted)
    return any(role == Role.HEAD and topmost for role, _where, topmost in granted)


def desk_of(form: Form, context: Context) -> Desk:
    """Return what showing one question to its editor depends on."""
    return Desk(form=form, languages=tuple(current_app.config["LANGUAGES"]), context=context)


def desk_for_saving(service_id: int, work: Work, key: str, context: Context) -> Desk:
    """Return what reading one question depends on: also the options that any version ever had (forms.md 2, 6)."""
    contents = db.session.scalars(select(FormVersion.content).where(FormVersion.service_id == service_id))
    used = {
        option["key"]
        for content in contents
        for section in content.get("sections", ())
        for field in _fields_in(section)
        if field["key"] == key
        for option in field.get("options", ())
    }
    published = form_of(work.last).by_key.get(key) if work.last else None
    return replace(desk_of(work.form, context), published=published, used_options=frozenset(used))
