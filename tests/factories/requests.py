"""Requests for tests, sent by the real action."""

from datetime import datetime
from typing import Any

from portal.catalogue.models import Service
from portal.catalogue.queries import published_version
from portal.core import clock
from portal.core.db import db
from portal.core.security import new_token
from portal.people.models import Department, Person
from portal.requests import actions
from portal.requests.models import Request
from tests.factories import catalogue

ANSWERS = (actions.Answer("subject", "A monitor", "What you need", "A monitor"),)
HEAD_DECIDES = ({"rule": "requester_head"},)


def service(department: Department, stages: tuple[dict[str, Any], ...] = (), slug: str = "help", **values: Any) -> Service:
    """Add a service with one question; with `HEAD_DECIDES`, the requester's head approves first."""
    texts = {"name": {"es": "Ayuda", "en": "Help"}, "summary": {"es": "Lo que haga falta.", "en": "Whatever is needed."}}
    return catalogue.service(department, slug, catalogue.SIMPLE, stages=stages, **(texts | values))


def sending(of: Service, requester: Person, **values: Any) -> actions.Sending:
    """Return what a person sends."""
    version = published_version(of.id)
    assert version is not None
    usual = {"title": "A monitor for desk 214", "answers": ANSWERS, "send_key": new_token()}
    return actions.Sending(service=of, form_version=version, requester=requester, **(usual | values))


def send(of: Service, requester: Person, by: Person | None = None, now: datetime | None = None, **values: Any) -> Request:
    """Send a request."""
    request = actions.send(sending(of, requester, **values), by or requester, now or clock.now()).request
    db.session.flush()
    return request
