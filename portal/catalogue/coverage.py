"""The coverage of routes: every form, department and sum, with an invented requester and with the heads (AP-32)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.approvals.actions import Facts
from portal.approvals.models import Route, RouteStage
from portal.approvals.queries import INVENTED, Amounts, Company, Gap, amounts_of, band_words, company, gaps_of
from portal.catalogue.models import AudienceRow, Service
from portal.core.db import db
from portal.core.text import fold, in_language
from portal.people.models import Role

ANYBODY, HEAD = False, True


@dataclass(frozen=True)
class Case:
    """What a gap depends on besides the department."""

    amounts: Amounts
    by_head: bool
    gap: Gap


@dataclass(frozen=True)
class Covered:
    """What trying one route has shown: how many cases, and the gaps in words."""

    service: Service
    cases: int
    gaps: Sequence[str]


def cover(services: Collection[Service], now: datetime) -> list[Covered]:
    """Try the routes of services; the company is read once, whatever their number."""
    there = company(now)
    audience = _audiences([service.id for service in services])
    return [_covered(service, audience.get(service.id, ()), there) for service in services]


def with_routes(services: Select[Service]) -> list[Service]:
    """Return services that ask for approval, read together with their routes."""
    stages = joinedload(Service.route).joinedload(Route.stages)
    found = services.where(Service.route_id.is_not(None)).options(joinedload(Service.department), stages)
    return list(db.session.scalars(found).unique())


def _audiences(service_ids: Collection[int]) -> Mapping[int, list[AudienceRow]]:
    found: dict[int, list[AudienceRow]] = {}
    for row in db.session.scalars(select(AudienceRow).where(AudienceRow.service_id.in_(service_ids))):
        found.setdefault(row.service_id, []).append(row)
    return found


def _covered(service: Service, audience: Iterable[AudienceRow], there: Company) -> Covered:
    stages = list(service.route.stages) if service.route else []
    places = sorted(_departments(audience, there)) if stages else []
    found: dict[Case, list[int]] = {}
    cases = 0
    for amounts in amounts_of(stages):
        for place in places:
            for by_head, requester, department_id in _requesters(place, there):
                cases += 1
                facts = _facts(service, requester, department_id)
                for gap in gaps_of(stages, facts, amounts, there):
                    concerned = found.setdefault(Case(amounts, by_head, gap), [])
                    concerned += [place] if place not in concerned else []
    return Covered(service, cases, [_words(case, where, places, there) for case, where in found.items()])


def _departments(audience: Iterable[AudienceRow], there: Company) -> set[int]:
    """Return the departments, at whatever sites, whose people may ask (forms.md 19)."""
    found: set[int] = set()
    for row in audience:
        if row.kind == "employees":
            found |= set(there.departments)
        elif row.kind == "department":
            found |= {each for each in there.departments if row.department_id in (each, *there.above(each))}
        elif row.kind == "site":
            found |= {member.department_id for member in there.members.values() if member.site == row.value}
        else:
            named = {row.person_id} if row.kind == "person" else there.holders(row.value or Role.PARTNER, None)
            found |= {there.members[each].department_id for each in named if each is not None and each in there.members}
    return found


def _requesters(place: int, there: Company) -> list[tuple[bool, int, int]]:
    """Return who asks: somebody of the department, and each of its heads, who asks from where they belong."""
    heads = [(HEAD, each, there.members[each].department_id) for each in there.heads(place)]
    return [(ANYBODY, INVENTED, place), *heads]


def _facts(service: Service, requester: int, department_id: int) -> Facts:
    fallback = service.route.fallback_id if service.route else None
    return Facts(requester, requester, requester, requester, department_id, service.department_id, fallback_person_id=fallback)


# --- in words --------------------------------------------------------------------------------------------------------


def _words(case: Case, where: Collection[int], places: Collection[int], there: Company) -> str:
    names = sorted((in_language(there.departments[each].name) for each in where), key=fold)
    place = _("Every department") if len(names) > 1 and len(names) == len(places) else ", ".join(names)
    asked = _("requested by its head") if case.by_head else ""
    return f"{', '.join(filter(None, [place, band_words(case.amounts), asked]))}: {_why(case.gap)}"


def _why(gap: Gap) -> str:
    stage: RouteStage | None = gap.stage
    if stage is None:
        return str(_("no stage asks for these sums"))
    name = in_language(stage.name)
    if gap.why == "too_few":
        return str(_("too few people for “%(stage)s”", stage=name))
    return str(_("nobody for “%(stage)s”", stage=name))
