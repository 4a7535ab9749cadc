"""How services are found by typing: name, what it is, for whom, and the words that editors add."""

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from portal.catalogue import queries
from portal.catalogue.models import Service
from portal.search.kinds import Document, Source


def document(service: Service) -> Document:
    """Return what the index holds of a service."""
    return Document(
        subject_id=service.id,
        title=service.name,
        texts=[service.summary, service.for_whom, service.prepare, service.keywords],
        note=service.department.name,
        place={"department_slug": service.department.slug, "service_slug": service.slug},
    )


SOURCE = Source(
    kind="service",
    label=_("Services"),
    position=20,
    model=Service,
    visible_to=queries.visible_to,
    listed=lambda: select(Service).where(Service.state == "published"),
    document=document,
    endpoint="catalogue.service",
    icon="file-text",
)
