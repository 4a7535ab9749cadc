"""The filters of the queue: they live in the address, combine with "and", and show as chips (requests.md 13, PE-16)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, false, select
from werkzeug.exceptions import BadRequest

from portal.catalogue.models import Service
from portal.core.db import db
from portal.core.text import fold, in_language
from portal.people.models import Department, Person
from portal.people.queries import agents_of
from portal.requests.lists import asked_by, contains
from portal.requests.models import ACTIVE, WITH_DEPARTMENT, QueueRank, Request, State, stored_in
from portal.requests.queries import in_state
from portal.requests.states import WORDS
from portal.service_levels.queries import calendar_of
from portal.teams.models import Team
from portal.teams.queries import teams_with

NAMES = ("state", "clock", "service", "team", "assignee", "site", "from", "q")
OTHERS = ("department", "cursor", "size", "result", "seen", "view")
MINE, NOBODY = "me", "none"
OWN_TEAMS, NO_TEAM = "mine", "none"
# how the promise of a request stands
LATE, TODAY, NO_DATE, PAUSED = "late", "today", "none", "paused"
# the view of everything that is open, where somebody's queue opens with another one
ALL = "all"
LONGEST_TEXT = 100


@dataclass(frozen=True)
class Choice:
    """One value of a filter and its words."""

    value: str
    label: str


class QueueFilters:
    """What the address asks of one department's queue; unknown values answer 400, unknown people nothing."""

    def __init__(
        self, given: Mapping[str, str], department: Department, departments: list[Department], person: Person, now: datetime
    ) -> None:
        if not set(given) <= {*NAMES, *OTHERS}:
            raise BadRequest
        self.given = {name: given[name] for name in NAMES if given.get(name)}
        self.department, self.departments, self.person, self.now = department, departments, person, now
        self.view_id = ""

    def follow(self, view_id: str, kept: Mapping[str, str]) -> None:
        """Apply what a saved view keeps; what it names may be gone by now, and then nothing fits (requests.md 15)."""
        self.view_id, self.given = view_id, dict(kept)

    @cached_property
    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """Return the conditions; without a state, what is open."""
        readers: Mapping[str, Callable[[str], ColumnElement[bool]]] = {
            "state": self._state,
            "clock": self._clock,
            "service": self._service,
            "team": self._team,
            "assignee": self._assignee,
            "site": self._site,
            "from": self._from,
            "q": self._text,
        }
        asked = tuple(self._read(readers[name], value) for name, value in self.given.items())
        return asked if "state" in self.given else (stored_in(ACTIVE), *asked)

    def _read(self, reader: Callable[[str], ColumnElement[bool]], value: str) -> ColumnElement[bool]:
        try:
            return reader(value)
        except BadRequest:
            if self.view_id:
                return false()
            raise

    def _state(self, value: str) -> ColumnElement[bool]:
        if value not in set(State):
            raise BadRequest
        return in_state((State(value),), self.now)

    def _clock(self, value: str) -> ColumnElement[bool]:
        due = Request.queue_rank == QueueRank.DUE
        if value == LATE:
            return and_(due, Request.queue_at < self.now)
        if value == TODAY:
            return and_(due, Request.queue_at >= self.now, Request.queue_at < self._midnight())
        if value == NO_DATE:
            return and_(Request.queue_rank == QueueRank.NO_DATE, stored_in(WITH_DEPARTMENT))
        if value == PAUSED:
            return Request.queue_rank == QueueRank.PAUSED
        raise BadRequest

    def _midnight(self) -> datetime:
        """Return the end of today where the department works."""
        zone = calendar_of(self.department.id).zone
        tomorrow = self.now.astimezone(zone).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(), zone)

    def _service(self, value: str) -> ColumnElement[bool]:
        ids = {service.slug: service.id for service in self.services}
        if value not in ids:
            raise BadRequest
        return Request.service_id == ids[value]

    def _team(self, value: str) -> ColumnElement[bool]:
        if value == NO_TEAM:
            return Request.team_id.is_(None)
        if value == OWN_TEAMS:
            return Request.team_id.in_([team.id for team, own in self.teams if own])
        ids = {team.public_id: team.id for team, _own in self.teams}
        if value not in ids:
            raise BadRequest
        return Request.team_id == ids[value]

    def _assignee(self, value: str) -> ColumnElement[bool]:
        if value == NOBODY:
            return Request.assignee_id.is_(None)
        if value == MINE:
            return Request.assignee_id == self.person.id
        known = next((agent.id for agent in self.agents if agent.public_id == value), None)
        return Request.assignee_id == known if known else false()

    def _site(self, value: str) -> ColumnElement[bool]:
        if value not in self.sites:
            raise BadRequest
        return asked_by(Person.site == value)

    def _from(self, value: str) -> ColumnElement[bool]:
        ids = {department.slug: department.id for department in self.departments}
        if value not in ids:
            raise BadRequest
        return asked_by(Person.department_id == ids[value])

    def _text(self, value: str) -> ColumnElement[bool]:
        if len(value) > LONGEST_TEXT:
            raise BadRequest
        return contains(value)

    # --- what can be chosen

    @cached_property
    def services(self) -> list[Service]:
        """Return the department's services."""
        found = select(Service).where(Service.department_id == self.department.id, Service.state != "draft")
        return sorted(db.session.scalars(found), key=lambda service: fold(in_language(service.name)))

    @cached_property
    def teams(self) -> Sequence[tuple[Team, bool]]:
        """Return the department's teams, and of each whether the reader belongs to it."""
        return teams_with(self.department.id, self.person)

    @property
    def in_a_team(self) -> bool:
        """Return whether the reader belongs to a team of the department."""
        return any(own for _team, own in self.teams)

    @cached_property
    def agents(self) -> list[Person]:
        """Return the department's agents."""
        return agents_of(self.department.id, self.now)

    @cached_property
    def sites(self) -> list[str]:
        """Return the sites at which people work."""
        return sorted(db.session.scalars(select(Person.site).where(Person.site != "").distinct()))

    def menus(self) -> list[tuple[str, str, list[Choice]]]:
        """Return (name, label, choices) of each filter that has some."""
        found = [
            ("state", _("State"), [Choice(state, str(WORDS[state])) for state in State]),
            ("clock", _("Promise"), self._standings()),
            ("service", _("Service"), [Choice(each.slug, in_language(each.name)) for each in self.services]),
            ("team", _("Team"), self._teams()),
            ("assignee", _("Who has it"), self._people()),
            ("site", _("Site"), [Choice(site, site) for site in self.sites]),
            ("from", _("Department"), [Choice(each.slug, in_language(each.name)) for each in self.departments]),
        ]
        return [menu for menu in found if menu[2]]

    def _standings(self) -> list[Choice]:
        return [
            Choice(LATE, _("Late")),
            Choice(TODAY, _("Due today")),
            Choice(NO_DATE, _("Without a date")),
            Choice(PAUSED, _("Paused")),
        ]

    def _teams(self) -> list[Choice]:
        own = [Choice(OWN_TEAMS, _("My team"))] if self.in_a_team else []
        named = [Choice(team.public_id, in_language(team.name)) for team, _own in self.teams]
        return [*own, *named, Choice(NO_TEAM, _("None"))] if named else []

    def _people(self) -> list[Choice]:
        special = [Choice(MINE, _("You")), Choice(NOBODY, _("Nobody"))]
        return special + [Choice(agent.public_id, agent.name) for agent in self.agents if agent.id != self.person.id]

    def chips(self) -> list[tuple[str, str]]:
        """Return (name, words) of each filter that applies."""
        words = {name: {choice.value: choice.label for choice in choices} for name, _label, choices in self.menus()}
        return [(name, words.get(name, {}).get(value, f"“{value}”")) for name, value in self.given.items()]

    def without(self, name: str) -> dict[str, str]:
        """Return the address's parameters without one filter, from the first page on."""
        left = {key: value for key, value in self.given.items() if key != name}
        return {"department": self.department.slug} | left if left else self.no_filters

    @property
    def here(self) -> dict[str, str]:
        """Return the address's parameters of what is shown now: the view, or the filters."""
        return {"department": self.department.slug, "view": self.view_id} if self.view_id else self.without("")

    @property
    def no_filters(self) -> dict[str, str]:
        """Return the address's parameters of everything that is open, whatever the reader's queue opens with."""
        return {"department": self.department.slug, "view": ALL}

    def having(self, name: str, value: str) -> dict[str, str]:
        """Return the address's parameters with one filter set, from the first page on."""
        return {"department": self.department.slug} | self.given | {name: value}
