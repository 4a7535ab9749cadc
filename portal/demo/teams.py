"""The two teams of IT: who belongs to them, what each receives, and how long each has."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal.catalogue.actions.services import change_service
from portal.core import clock
from portal.core.db import db
from portal.demo.cases import it
from portal.demo.company import FIRST_ADMINISTRATOR
from portal.demo.lives import Steps
from portal.demo.staff import Cast
from portal.demo.standards import ordinary
from portal.demo.windows import Catalogue
from portal.demo.words import both
from portal.requests import actions as requests
from portal.requests.models import Request, State
from portal.service_levels.actions.levels import change_level
from portal.service_levels.models import ServiceTarget
from portal.service_levels.queries import Target
from portal.teams import actions
from portal.teams.models import Team

WINDOW = "informatica"
# name, its people with who leads first, the services whose requests it receives
TEAMS: Sequence[tuple[str, tuple[str, ...], tuple[str, ...]]] = (
    ("Soporte | Support", ("agent", "pau.casals"), (it.FAULT, it.PASSWORD, it.LAPTOP)),
    ("Sistemas | Systems", ("ainhoa.etxeberria", "head2"), (it.ACCESS, it.PROGRAM)),
)
TWO_DAYS = Target(2, "working_days")
NOTE = "He mirado el equipo y está bien: parece cosa de los servidores. ¿Le echáis un vistazo?"


def form(cast: Cast, catalogue: Catalogue, begun: datetime) -> None:
    """Make the teams as the head of IT does, and let services and levels name them as editor and administrator do."""
    head = cast.head_of(WINDOW)
    for name, keys, services in TEAMS:
        people = [cast[key] for key in keys]
        team = actions.make(cast.departments[WINDOW], actions.Content(both(name), people, people[:1]), head, begun)
        for service in (catalogue.services[each] for each in services):
            change_service(service, {"team_id": team.id}, service.revision, head, begun)
    level = ordinary()
    rows = db.session.scalars(select(ServiceTarget).where(ServiceTarget.level_id == level.id))
    targets = {row.kind: Target(row.amount, row.unit) for row in rows}  # type: ignore[arg-type]  # the database checks the unit
    change_level(level, {}, targets | {"team": TWO_DAYS}, cast[FIRST_ADMINISTRATOR])


def pass_on(cast: Cast, catalogue: Catalogue) -> Steps:
    """Hand the last fault that Support has received, and nobody has taken, to Systems."""
    support, systems = db.session.scalars(select(Team).order_by(Team.id)).all()
    fault = catalogue.services[it.FAULT]
    waiting = select(Request).where(Request.team_id == support.id, Request.service_id == fault.id, Request.state == State.OPEN)
    request = db.session.scalars(waiting.order_by(Request.created_at.desc(), Request.id).limit(1)).first()
    if request is not None:
        requests.hand_over(request, systems, NOTE, cast["agent"], clock.now())
    yield from ()
