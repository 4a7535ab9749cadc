"""The versions of a form: the one being worked on, those published, and what the linter says of them."""

from collections.abc import Iterator
from datetime import datetime

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from portal.approvals.models import RouteStage
from portal.catalogue.formkit.linter import Finding, Surroundings, lint
from portal.catalogue.formkit.schema import Form, Section
from portal.catalogue.models import AudienceRow, FormVersion, Service
from portal.catalogue.queries import context_of, form_of, published_version
from portal.catalogue.questions import Desk
from portal.core.db import db
from portal.core.text import in_language
from portal.people.models import Department, Person, Role
from portal.people.queries import ancestors, heads_of, with_role

EMPTY = Form(sections=(Section(key="main", title={}),))


def working_version(service_id: int) -> FormVersion | None:
    """Return the draft of the form, if somebody has begun one."""
    return db.session.scalar(select(FormVersion).where(FormVersion.service_id == service_id, FormVersion.state == "draft"))


def versions_of(service_id: int) -> list[FormVersion]:
    """Return all versions but the draft, newest first."""
    found = select(FormVersion).where(FormVersion.service_id == service_id, FormVersion.state != "draft")
    return list(db.session.scalars(found.order_by(FormVersion.number.desc())))


def next_number(service_id: int) -> int:
    """Return the number of the version that comes next."""
    return (db.session.scalar(select(func.max(FormVersion.number)).where(FormVersion.service_id == service_id)) or 0) + 1


def seen_now(service_id: int) -> str:
    """Return what a page carries so that a save knows what it was drawn from: number and revision of the draft (FO8)."""
    working = working_version(service_id)
    return f"{working.number}.{working.revision}" if working else f"{next_number(service_id)}.0"


def last_version(service_id: int) -> FormVersion | None:
    """Return the newest version that is not a draft: the published one, or the one withdrawn."""
    return next(iter(versions_of(service_id)), None)


def working_form(service_id: int) -> Form:
    """Return the questions as the editor sees them: of the draft, else of the newest version, else none."""
    version = working_version(service_id) or published_version(service_id) or last_version(service_id)
    return form_of(version) if version else EMPTY


def keys_used(service_id: int) -> frozenset[str]:
    """Return every key that any version ever used: a key is never reused for another meaning (forms.md 2)."""
    contents = db.session.scalars(select(FormVersion.content).where(FormVersion.service_id == service_id))
    return frozenset(
        key
        for content in contents
        for section in content.get("sections", ())
        for key in (section["key"], *(field["key"] for field in section.get("fields", ())))
    )


def findings_of(service: Service, form: Form, by: Person, now: datetime) -> tuple[Finding, ...]:
    """Return what the linter finds before publication (forms.md 27)."""
    rows = db.session.scalar(select(func.count()).where(AudienceRow.service_id == service.id)) or 0
    stages = lambda _form: stages_without_approver(service, now)  # noqa: E731 - the linter asks hooks with the form
    languages = tuple(current_app.config["LANGUAGES"])
    return lint(form, Surroundings(context_of(by, now), audience=rows, languages=languages, hooks=(stages,)))


def stages_without_approver(service: Service, now: datetime) -> Iterator[Finding]:
    """A stage needs somebody who can decide; heads are looked for upwards, as approvals do (AP-6)."""
    for stage in service.route.stages if service.route else ():
        if not _has_approver(stage, service, now):
            name = in_language(stage.name)
            yield Finding("block", _("The stage “%(stage)s” has nobody who could decide.", stage=name))


def _has_approver(stage: RouteStage, service: Service, now: datetime) -> bool:
    if stage.rule == "person":
        return stage.person is not None and stage.person.active
    if stage.rule == "role":
        return bool(_holders(stage, now))
    if stage.rule == "service_head":
        return any(heads_of(above.id, now) for above in ancestors(service.department_id))
    top = select(Department.id).where(Department.parent_id.is_(None))
    return any(heads_of(department_id, now) for department_id in db.session.scalars(top))


def _holders(stage: RouteStage, now: datetime) -> list[Person]:
    return with_role(Role(str(stage.role)), now)


def desk_of(service: Service, form: Form, key: str, by: Person, now: datetime) -> Desk:
    """Return what the editing of one question depends on."""
    published = last_version(service.id)
    contents = db.session.scalars(select(FormVersion.content).where(FormVersion.service_id == service.id))
    used = {
        option["key"]
        for content in contents
        for section in content.get("sections", ())
        for field in section.get("fields", ())
        if field["key"] == key
        for option in field.get("options", ())
    }
    return Desk(
        form=form,
        languages=tuple(current_app.config["LANGUAGES"]),
        context=context_of(by, now),
        published=form_of(published).by_key.get(key) if published else None,
        used_options=frozenset(used),
    )
