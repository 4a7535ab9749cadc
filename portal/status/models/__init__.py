"""Tables of the public window: facts only; what readers see is derived from them and the clock (C4)."""

from portal.status.models.checks import ComponentCheck
from portal.status.models.components import Component, ComponentBaseline, ComponentDay, ComponentGroup
from portal.status.models.incidents import (
    Incident,
    IncidentImpact,
    IncidentNote,
    IncidentRequest,
    IncidentTemplate,
    IncidentUpdate,
    UpdateVersion,
)
from portal.status.models.maintenance import Maintenance, MaintenanceComponent, MaintenanceUpdate, MaintenanceVersion
from portal.status.models.public import PublicRevision, StatusTransition
from portal.status.models.subscribers import (
    StatusDelivery,
    Subscription,
    SubscriptionAttempt,
    SubscriptionComponent,
    Suppression,
)

__all__ = [
    "Component",
    "ComponentBaseline",
    "ComponentCheck",
    "ComponentDay",
    "ComponentGroup",
    "Incident",
    "IncidentImpact",
    "IncidentNote",
    "IncidentRequest",
    "IncidentTemplate",
    "IncidentUpdate",
    "Maintenance",
    "MaintenanceComponent",
    "MaintenanceUpdate",
    "MaintenanceVersion",
    "PublicRevision",
    "StatusDelivery",
    "StatusTransition",
    "Subscription",
    "SubscriptionAttempt",
    "SubscriptionComponent",
    "Suppression",
    "UpdateVersion",
]
