"""The standards of some windows: promised in the first weeks, one changed since, acknowledged by most of those who work there."""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.demo.lives import Steps
from portal.demo.staff import ZONE, Cast
from portal.demo.windows import Catalogue
from portal.demo.words import both
from portal.knowledge import actions, queries
from portal.knowledge.models import ServiceStandard
from portal.service_levels.models import ServiceLevel

PROMISED, CHANGED, REMARKED = timedelta(days=225), timedelta(days=74), timedelta(days=1)
ANY = ""
# window, service, what is measured, the sentence
STANDARDS = (
    ("informatica", ANY, "first_response", "Te contestamos en 4 horas laborables. | We answer you within 4 working hours."),
    ("informatica", "Algo no funciona", "fulfilment", "Lo que falla funciona en una semana de trabajo. | What fails works again within a working week."),
    ("recursos-humanos", "Certificado de empresa o de retenciones", "fulfilment", "Tu certificado, en 5 días laborables. | Your certificate within 5 working days."),
    ("recepcion", ANY, "first_response", "A cada mensaje se le contesta en 4 horas laborables. | Every message is answered within 4 working hours."),
    ("instalaciones", ANY, "fulfilment", "Lo que pides a Instalaciones, en 5 días laborables. | What you ask of Facilities within 5 working days."),
)  # fmt: skip
NEW = "Lo que falla funciona en 5 días laborables, casi siempre antes. | What fails works again within 5 working days, mostly earlier."

REMARK = "Dos semanas sin repuestos de lectores; desde el día 20 volvemos a tener. | Two weeks without spare parts for scanners; we have had them again since the 20th."


def live(cast: Cast, catalogue: Catalogue, now: datetime) -> Steps:
    """Promise, acknowledge, change one, and acknowledge again."""
    made = [_promise(row, cast, catalogue) for row in STANDARDS]
    for standard, (window, *_rest) in zip(made, STANDARDS, strict=True):
        for person in cast.agents_of(window):
            actions.acknowledge(standard, person, clock.now())
    yield now - CHANGED
    window, service, measured, _old = STANDARDS[1]
    content = actions.Content(both(NEW), catalogue.services[service], measured, ordinary())
    actions.change(made[1], content, 1, cast.head_of(window), clock.now())
    for person in cast.agents_of(window)[1:]:
        actions.acknowledge(made[1], person, clock.now())
    yield now - REMARKED
    month = (clock.local(clock.now(), ZONE).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    actions.remark(queries.current(made[1]), month, both(REMARK), 0, cast.head_of(window), clock.now())


def _promise(row: tuple[str, str, str, str], cast: Cast, catalogue: Catalogue) -> ServiceStandard:
    window, service, measured, sentence = row
    content = actions.Content(both(sentence), catalogue.services.get(service), measured, ordinary())
    return actions.promise(cast.departments[window], content, cast.head_of(window), clock.now())


def ordinary() -> ServiceLevel:
    """Return the level under which most requests fall: of priority 4, as the migration has made it."""
    return db.session.scalars(select(ServiceLevel).where(ServiceLevel.public_id == "level0000004")).one()
