"""What is at hand when a form is opened: the service with its route, the form asked now, and the draft to go on with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import aliased, contains_eager

from portal.approvals.models import Route, RouteStage
from portal.catalogue import queries as catalogue
from portal.catalogue.models import Draft, FormVersion, Service
from portal.core.db import db
from portal.people.models import Department, Person


@dataclass(frozen=True)
class Opening:
    """A service as its form is opened; `version` is None when nothing is asked at the moment."""

    service: Service
    version: FormVersion | None
    draft: Draft | None


@dataclass(frozen=True)
class Wish:
    """Which draft is meant: the one named, none for a fresh form, else the latest."""

    draft: str = ""
    fresh: bool = False


def find_service(person: Person, department: str, slug: str, now: datetime) -> Select[Service]:
    """Select the service if the person may ask for it or has a draft of it, which stays readable (forms.md 19)."""
    offered = catalogue.visible_to(person, now).with_only_columns(Service.id)
    drafted = catalogue.visible_drafts(person, now).with_only_columns(Draft.service_id)
    return (
        select(Service)
        .join(Department, Department.id == Service.department_id)
        .where(Department.slug == department, Service.slug == slug)
        .where(or_(Service.id.in_(offered), Service.id.in_(drafted)))
        .options(contains_eager(Service.department))
    )


def opened(person: Person, department: str, slug: str, wish: Wish, now: datetime) -> Opening | None:
    """Return what the page of the form needs, in one statement; None when it is not there for the person."""
    drafted = aliased(FormVersion)
    asked = and_(FormVersion.service_id == Service.id, FormVersion.state == "published")
    found: Select[Any] = (
        find_service(person, department, slug, now)
        .outerjoin(FormVersion, asked)
        .outerjoin(Draft, _meant(person, wish, now))
        .outerjoin(drafted, drafted.id == Draft.form_version_id)
        .outerjoin(Service.route)
        .outerjoin(Route.stages)
        .add_columns(FormVersion, Draft)
        .options(
            contains_eager(Service.route).contains_eager(Route.stages),
            contains_eager(Draft.form_version.of_type(drafted)),
        )
        .order_by(RouteStage.position)
    )
    row = db.session.execute(found).unique().first()
    if row is None or (wish.draft and row[2] is None):
        return None
    return Opening(*row)


def _meant(person: Person, wish: Wish, now: datetime) -> ColumnElement[bool]:
    if wish.draft:
        named = catalogue.own_drafts(person).with_only_columns(Draft.id).where(Draft.public_id == wish.draft)
        return Draft.id.in_(named) & (Draft.service_id == Service.id)
    if wish.fresh:
        return false()
    latest = catalogue.visible_drafts(person, now).with_only_columns(Draft.id).where(Draft.service_id == Service.id)
    newest = latest.order_by(Draft.saved_at.desc(), Draft.id.desc()).limit(1)
    return Draft.id == newest.correlate(Service).scalar_subquery()
