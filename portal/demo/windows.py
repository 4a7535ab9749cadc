"""The services of the demo, made by the real actions of the catalogue: written, given an audience and a route, published."""

from dataclasses import dataclass, field
from datetime import datetime

from portal.catalogue.actions import routes
from portal.catalogue.actions.forms import edit_form, publish_form
from portal.catalogue.actions.routes import add_stage, revision_of
from portal.catalogue.actions.services import add_audience, change_service, create_service
from portal.catalogue.models import AudienceRow, FormVersion, Service
from portal.demo.offers import Offer, Step
from portal.demo.services import house, hr, it, operations
from portal.demo.staff import Cast
from portal.demo.words import both

OFFERS = (*it.OFFERS, *hr.OFFERS, *operations.OFFERS, *house.OFFERS)


@dataclass
class Catalogue:
    """The services of the demo by their Spanish name, with the form that is asked now."""

    services: dict[str, Service] = field(default_factory=dict)
    versions: dict[str, FormVersion] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)


def open_windows(cast: Cast, begun: datetime) -> Catalogue:
    """Publish all services; each department's head writes and publishes its own."""
    catalogue = Catalogue()
    for offer in OFFERS:
        name, _bar, _english = offer.name.partition(" | ")
        service, version = _publish(offer, cast, begun)
        catalogue.services[name], catalogue.versions[name], catalogue.offers[name] = service, version, offer
    return catalogue


def _publish(offer: Offer, cast: Cast, begun: datetime) -> tuple[Service, FormVersion]:
    editor = cast.head_of(offer.department)
    service = create_service(cast.departments[offer.department], offer.texts, editor)
    more = {"contact_id": cast[offer.contact].id, "keywords": offer.keywords, "confidential": offer.confidential}
    change_service(service, more, service.revision, editor, begun)
    for row in offer.audience:
        add_audience(service, _audience(row, cast), editor)
    for step in offer.steps:
        add_stage(service, _stage(step, cast), revision_of(service), editor)
    draft = edit_form(service, editor, "1.0", lambda _empty: offer.form(), begun)
    return service, publish_form(service, editor, f"{draft.number}.{draft.revision}", begun)


def _audience(row: str, cast: Cast) -> AudienceRow:
    kind, _colon, named = row.partition(":")
    department_id = cast.departments[named].id if kind == "department" else None
    return AudienceRow(kind=kind, department_id=department_id, value=named if kind in ("role", "site") else None)


def _stage(step: Step, cast: Cast) -> routes.Stage:
    role, _colon, slug = step.names.partition(":")
    return routes.Stage(
        name=both(step.name),
        mode=step.mode,
        needed=step.needed,
        rule=step.rule,
        person_id=cast[step.names].id if step.rule == "person" else None,
        role=role if step.rule == "role" else None,
        department_id=cast.departments[slug].id if slug else None,
        above=step.above,
        currency="" if step.above is None else "EUR",
    )
