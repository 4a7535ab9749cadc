"""What the linter must know of the use of a form, told by the package above that owns requests (forms.md 27)."""

from collections.abc import Mapping
from typing import Protocol

from portal.catalogue.models import FormVersion, Service

LOOKED_AT = 50
"""How many of the last requests are looked at."""


class Uses(Protocol):
    """What a package above knows of a service and of the version that is asked."""

    def required(self, service: Service) -> Mapping[str, str]:
        """Return the questions that its kind of request needs: key and type."""

    def answered(self, service: Service, version: FormVersion, last: int) -> frozenset[str] | None:
        """Return the questions that somebody answered in so many last requests; None where these are too few to say."""


_uses: list[Uses] = []


def learn_from(uses: Uses) -> None:
    """Let a package above say how forms are used. The last one counts."""
    _uses[:] = [uses]


def required(service: Service) -> Mapping[str, str]:
    """Return the questions that the kind of a service needs."""
    return _uses[0].required(service) if _uses else {}


def unanswered(service: Service, version: FormVersion | None, asked: frozenset[str]) -> frozenset[str]:
    """Return which questions of a version nobody answered lately."""
    answered = _uses[0].answered(service, version, LOOKED_AT) if _uses and version else None
    return frozenset() if answered is None else asked - answered
