"""What happened in the public window, told to packages above (status-page.md 1)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class IncidentPublished:
    """An incident can be seen."""

    incident_id: int


@dataclass(frozen=True)
class IncidentUpdatePublished:
    """Something more was said of an incident, or said again in other words."""

    incident_id: int
    update_id: int
    corrected: bool = False


@dataclass(frozen=True)
class IncidentResolved:
    """An incident has ended."""

    incident_id: int


@dataclass(frozen=True)
class IncidentReopened:
    """An incident that had ended goes on."""

    incident_id: int


@dataclass(frozen=True)
class MaintenanceAnnounced:
    """A window can be seen."""

    maintenance_id: int


@dataclass(frozen=True)
class MaintenanceRescheduled:
    """A window has other times."""

    maintenance_id: int


@dataclass(frozen=True)
class MaintenanceStarted:
    """A window has begun."""

    maintenance_id: int


@dataclass(frozen=True)
class MaintenanceCompleted:
    """A window has ended."""

    maintenance_id: int


@dataclass(frozen=True)
class MaintenanceCancelled:
    """A window does not take place."""

    maintenance_id: int


@dataclass(frozen=True)
class ComponentStatusChanged:
    """People or checks confirmed another status of a component."""

    component_id: int


@dataclass(frozen=True)
class PublicStateChanged:
    """What everybody sees is another since this revision."""

    revision: int
