"""Services to be found, whatever page the catalogue gives them."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from portal.catalogue.models import AudienceRow, Service
from portal.catalogue.queries import visible_to
from portal.core import clock as time
from portal.core.db import db
from portal.search import actions, kinds
from portal.search.kinds import Document, Source
from tests.cast.people import Cast

AddService = Callable[..., Service]


def document(service: Service) -> Document:
    return Document(service.id, service.name, [service.summary, service.keywords], place={"q": service.slug})


SERVICES = Source(
    kind="service",
    label="Servicios",
    position=20,
    model=Service,
    visible_to=visible_to,
    listed=lambda: select(Service).where(Service.state == "published"),
    document=document,
    endpoint="search.index",
    icon="package",
)


@pytest.fixture
def sources() -> Iterator[None]:
    """People and these services, whatever else is registered by now."""
    before = dict(kinds._sources)
    people = kinds.source("people")
    kinds._sources.clear()
    kinds.register(people)
    kinds.register(SERVICES)
    yield
    kinds._sources.clear()
    kinds._sources.update(before)


@pytest.fixture
def found_people(cast: Cast, sources: None) -> Cast:
    """The cast, in the index."""
    actions.index_all("people", cast.everybody().values(), time.now())
    return cast


@pytest.fixture
def add_service(cast: Cast, sources: None) -> AddService:
    """Return a function that publishes a service of IT for employees, or for `audience`, and indexes it."""

    def add(spanish: str, english: str = "", keywords: str = "", audience: str = "employees", summary: str = "") -> Service:
        name = {"es": spanish, "en": english} if english else {"es": spanish}
        number = db.session.query(Service).count()
        service = Service(
            department_id=cast.it.id, slug=f"s{number}", state="published", name=name, summary={"es": summary}, keywords=keywords
        )
        db.session.add(service)
        db.session.flush()
        db.session.add(AudienceRow(service_id=service.id, kind=audience))
        actions.index("service", service, time.now())
        return service

    return add
