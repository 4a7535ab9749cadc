"""The registry of kinds of request, to which other packages add theirs from their `feature.py`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.catalogue.models import Service
from portal.people.models import Person
from portal.requests.models import Request


class Kind:
    """What a kind of request may say for itself; the defaults are those of the general kind."""

    key: str = ""
    # what the service editor reads, as a lazy text
    title: Any = ""
    # questions that a form of this kind must ask: key and type
    required_fields: Mapping[str, str] = {}

    def approval_route(self, service: Service) -> int | None:
        """Return the route that a request takes before work starts, or None when it needs none."""
        return service.route_id if service.route and service.route.stages else None

    def summary(self, answers: Mapping[str, Any]) -> str:
        """Return one line about the request from its answers, for lists and mails; empty when the title is enough."""
        return ""

    def on_solved(self, request: Request, by: Person, now: datetime) -> None:
        """Do what a solved request of this kind brings about, in the same transaction."""

    def form(self) -> Mapping[str, Any]:
        """Return the content of an ordinary form of this kind (formkit), as shipped with it."""
        raise NotImplementedError

    def example(self) -> Mapping[str, Any]:
        """Return valid answers to `form()`: canonical values by field key."""
        raise NotImplementedError


_kinds: dict[str, Kind] = {}


def register(kind: type[Kind]) -> None:
    """Offer a kind of request. The last registration of a key counts."""
    _kinds[kind.key] = kind()


def kind_of(key: str) -> Kind:
    """Return a registered kind."""
    return _kinds[key]


def all_kinds() -> list[Kind]:
    """Return the registered kinds by their key."""
    return [_kinds[key] for key in sorted(_kinds)]
