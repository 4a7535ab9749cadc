"""What tests of reports share: promises of eight hours, and requests that are kept or not."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.catalogue.models import Service
from portal.core.db import db
from portal.requests import actions
from portal.requests.models import Request
from portal.service_levels.models import ServiceLevel, ServiceTarget
from tests.cast.people import Cast
from tests.factories import requests as factory
from tests.service_levels.test_timing import at

HOUR = timedelta(hours=1)
Ask = Callable[..., Request]


@pytest.fixture
def help_desk(cast: Cast) -> Service:
    """A service of IT that needs no approval and promises eight working hours, and an answer in four."""
    made = factory.service(cast.it)
    level = ServiceLevel(position=-1, name={"en": "Help"}, conditions={"service": ["it/help"]})
    db.session.add(level)
    db.session.flush()
    for kind, hours in (("fulfilment", 8), ("first_response", 4)):
        db.session.add(ServiceTarget(level_id=level.id, kind=kind, amount=hours * 3600, unit="seconds"))
    db.session.commit()
    return made


@pytest.fixture
def ask(cast: Cast, help_desk: Service, clock) -> Ask:
    """Send a request at a time, and solve it after some hours by the wall clock; None leaves it open."""

    def send(when: str, solved_after: float | None = None, service: Service | None = None) -> Request:
        clock.move_to(at(when))
        made = factory.send(service or help_desk, cast.employee)
        actions.take(made, cast.agent, at(when))
        if solved_after is not None:
            clock.move_to(at(when) + solved_after * HOUR)
            actions.solve(made, cast.agent, "Done.", at(when) + solved_after * HOUR)
        db.session.commit()
        return made

    return send
