"""The way that a request for a service would take, before anything is sent (AP-11)."""

from datetime import datetime

from flask_babel import gettext as _

from portal.approvals.actions import Facts
from portal.approvals.queries import PreviewStage, preview
from portal.catalogue.models import Service
from portal.core.text import in_language
from portal.people.models import Person


def steps_ahead(service: Service, person: Person, now: datetime) -> list[dict[str, str]]:
    """Return the stages with names and stand-ins, then the department, as `ui.route` draws them."""
    me = person.id
    fallback = service.route.fallback_id if service.route else None
    facts = Facts(me, me, me, me, person.department_id, service.department_id, fallback_person_id=fallback)
    steps = [_step(stage) for stage in preview(service.route_id, facts, now)]
    return [*steps, {"state": "todo", "name": in_language(service.department.name), "why": _("does it")}]


def _step(stage: PreviewStage) -> dict[str, str]:
    delegates = {found.absent.id: found.delegate.name for found in stage.stand_ins if found.delegate}
    names = [_named(each, delegates.get(each.id, "")) for each in stage.people]
    return {"state": "todo", "name": ", ".join(names) or _("Nobody can decide this yet"), "why": in_language(stage.label)}


def _named(person: Person, delegate: str) -> str:
    return str(_("%(name)s, for %(absent)s", name=delegate, absent=person.name)) if delegate else person.name
