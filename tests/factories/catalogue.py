"""Services for tests: with a form of every type of field, an audience, and a route."""

from typing import Any

from portal.approvals.models import Route, RouteStage
from portal.catalogue.models import AudienceRow, FormVersion, Service
from portal.core import clock
from portal.core.db import db
from portal.people.models import Department


def field(key: str, kind: str, spanish: str, english: str, **more: Any) -> dict[str, Any]:
    """Return the JSON of one question."""
    return {"key": key, "type": kind, "label": {"es": spanish, "en": english}, **more}


def option(key: str, spanish: str, english: str, **more: Any) -> dict[str, Any]:
    """Return the JSON of one option."""
    return {"key": key, "label": {"es": spanish, "en": english}, **more}


SIMPLE: dict[str, Any] = {
    "sections": [
        {
            "key": "what",
            "fields": [
                field("subject", "short_text", "Qué necesitas", "What you need", required=True),
                field("details", "long_text", "Detalles", "Details"),
            ],
        }
    ],
    "title": ["subject"],
}
"""One required question and an optional one."""
IF_PHONE = {"op": "contains", "question": "needs", "value": "phone"}
EVERY_TYPE: dict[str, Any] = {
    "sections": [
        {
            "key": "who",
            "title": {"es": "Quién empieza", "en": "Who starts"},
            "help": {"es": "La persona nueva.", "en": "The new person."},
            "fields": [
                field("name", "short_text", "Nombre y apellidos", "Full name", required=True),
                field("first_day", "date", "Primer día", "First day", required=True, rules={"minimum": "today+1"}),
                field("mentor", "person", "Quién le acompaña", "Who looks after them"),
                field("team", "department", "Departamento", "Department", required=True),
            ],
        },
        {
            "key": "what",
            "title": {"es": "Qué va a necesitar", "en": "What they will need"},
            "fields": [
                field("intro", "heading", "El equipo", "The equipment"),
                field(
                    "needs", "several_of", "¿Qué va a necesitar?", "What will they need?", required=True,
                    options=[option("laptop", "Portátil", "Laptop"), option("phone", "Teléfono", "Phone")],
                ),
                field(
                    "line", "one_of", "Línea del teléfono", "Phone line", required=True, condition=IF_PHONE,
                    options=[option("new", "Línea nueva", "New line"), option("kept", "Hereda un número", "Keeps a number")],
                ),
                field("abroad", "yes_no", "¿Viajará fuera de la Unión Europea?", "Travels outside the EU?", condition=IF_PHONE),
                field("screens", "number", "Pantallas", "Screens", rules={"decimals": 0, "minimum": "0", "maximum": "3"}),
                field("budget", "money", "Presupuesto", "Budget"),
                field("hour", "time", "Hora de llegada", "Time of arrival"),
                field("handover", "date_time", "Entrega", "Handover"),
                field("notes", "long_text", "Algo más", "Anything else"),
                field("health", "long_text", "Adaptaciones", "Adaptations", confidential={"groups": ["role:agent"]}),
                field("papers", "file", "Adjuntos", "Attachments", rules={"files": 3}),
            ],
        },
    ],
    "title": ["name"],
}  # fmt: skip
"""A question of every type, two of them shown by an earlier answer, one confidential."""

VALID = {
    "f.name": "Adrià Puig", "f.first_day": "2030-01-07", "f.team": "it", "f.needs": "laptop", "f.screens": "2",
}  # fmt: skip
"""Answers that `EVERY_TYPE` accepts, as a browser posts them."""


def service(
    department: Department,
    slug: str = "new-joiner",
    content: dict[str, Any] | None = None,
    audience: tuple[dict[str, Any], ...] = ({"kind": "employees"},),
    stages: tuple[dict[str, Any], ...] = (),
    **values: Any,
) -> Service:
    """Add a published service of a department with its form, audience and route."""
    texts = {
        "name": {"es": "Equipo para una incorporación", "en": "Equipment for a new joiner"},
        "summary": {"es": "Portátil, teléfono y cuentas.", "en": "Laptop, phone and accounts."},
    }
    state = values.pop("state", "published")
    made = Service(department=department, slug=slug, state=state, route=route(*stages), **(texts | values))
    db.session.add(made)
    db.session.flush()
    db.session.add_all(AudienceRow(service_id=made.id, **row) for row in audience)
    version(made, content or EVERY_TYPE)
    return made


def version(of: Service, content: dict[str, Any], number: int = 1, state: str = "published") -> FormVersion:
    """Add a version of the form of a service."""
    now = clock.now()
    made = FormVersion(service=of, number=number, state=state, content=content, edited_at=now)
    made.published_at = None if state == "draft" else now
    db.session.add(made)
    db.session.flush()
    return made


def route(*stages: dict[str, Any]) -> Route:
    """Return a route with the given stages, one after the other; {"rule": "requester_head"} is enough for one."""
    usual = {"name": {"es": "Aprobación", "en": "Approval"}}
    return Route(stages=[RouteStage(position=place, **(usual | stage)) for place, stage in enumerate(stages, 1)])
