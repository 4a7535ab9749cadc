"""What tests of requests share."""

import pytest

from portal.catalogue.models import Service
from portal.core.db import db
from portal.requests.models import Request
from tests.cast.people import Cast
from tests.factories import requests as factory


@pytest.fixture
def help_desk(cast: Cast) -> Service:
    """A service of IT that needs no approval."""
    made = factory.service(cast.it)
    db.session.commit()
    return made


@pytest.fixture
def approved_first(cast: Cast) -> Service:
    """A service of IT that the head of the requester's department approves first."""
    made = factory.service(cast.it, factory.HEAD_DECIDES, slug="laptop")
    db.session.commit()
    return made


@pytest.fixture
def open_request(cast: Cast, help_desk: Service) -> Request:
    """A request of the employee that nobody has yet."""
    made = factory.send(help_desk, cast.employee)
    db.session.commit()
    return made


@pytest.fixture
def taken(cast: Cast, open_request: Request) -> Request:
    """A request of the employee that the agent has."""
    from portal.core import clock
    from portal.requests import actions

    actions.take(open_request, cast.agent, clock.now())
    db.session.commit()
    return open_request
