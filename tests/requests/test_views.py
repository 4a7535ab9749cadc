"""The pages of requests, without JavaScript and with htmx."""

import pytest
from flask.testing import FlaskClient

from tests.cast.people import Cast, sign_in, token_of


def as_(client: FlaskClient, person) -> FlaskClient:
    return sign_in(client, person)


def post(client: FlaskClient, address: str, **data):
    return client.post(address, data=token_of(client) | data)


@pytest.mark.parametrize("who", ["employee", "agent", "head", "auditor"])
def test_those_concerned_see_the_request(client, cast: Cast, open_request, who):
    page = as_(client, getattr(cast, who)).get(f"/requests/{open_request.reference}")
    assert page.status_code == 200
    assert "A monitor for desk 214" in page.text
