"""What happened in the catalogue: facts for those who stand above it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ServicePublished:
    """A version of a service's form is asked from now on."""

    service_id: int
    version_id: int
    by_id: int


@dataclass(frozen=True)
class ServiceChanged:
    """Texts, audience or route of a service changed."""

    service_id: int
    by_id: int


@dataclass(frozen=True)
class ServiceWithdrawn:
    """A service can no longer be asked for."""

    service_id: int
    by_id: int
