"""The pages of service levels: their order, their targets, and which would match."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.db import db
from portal.people.models import Department
from portal.service_levels import actions, queries
from portal.service_levels.models import ServiceLevel
from portal.service_levels.queries import About, Facts
from tests.cast.people import Cast, sign_in, token_of
from tests.things import KIND

from .test_timing import at

HEADER = {"Accept-Language": "en"}
LEVEL = {"name_es": "Portátiles", "name_en": "Laptops", "active": "y", "service": "it/laptop, it/phone", "fulfilment": "2 d"}
P3 = "/level0000003"


def post(client: FlaskClient, path: str, **data: Any) -> Any:
    return client.post(f"/admin/service-levels{path}", data=token_of(client) | data, headers=HEADER)


@pytest.fixture
def admin(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.admin)


def test_a_level_is_added_at_the_end_and_moved_up(admin: FlaskClient) -> None:
    assert post(admin, "", **LEVEL).status_code == 303
    level = db.session.scalars(select(ServiceLevel).order_by(ServiceLevel.position.desc())).first()
    assert level is not None
    assert (level.position, level.conditions) == (7, {"service": ["it/laptop", "it/phone"]})
    for _ in range(7):
        assert post(admin, f"/{level.public_id}/position", to="up").status_code == 303
    db.session.expire_all()
    assert sorted(db.session.scalars(select(ServiceLevel.position))) == list(range(1, 8))
    found = queries.choose(Facts(None, service="it/laptop", priority="P1"))
    assert (found.level, found.targets["fulfilment"]) == (level, queries.Target(2, "working_days"))


def test_which_would_match_shows_why_others_do_not(admin: FlaskClient) -> None:
    page = admin.get("/admin/service-levels?priority=P3", headers=HEADER).text
    assert "taken" in page
    assert page.count("does not fit:") == 4
    assert "You see no request" in admin.get("/admin/service-levels?reference=VEN-000000", headers=HEADER).text


def test_a_length_that_is_none_is_named(admin: FlaskClient) -> None:
    answer = post(admin, "", **LEVEL | {"fulfilment": "soon"})
    assert answer.status_code == 422
    assert "“soon” is no length" in answer.text


def test_an_edited_target_moves_open_promises_only_when_it_is_applied(admin: FlaskClient, thing: Department) -> None:
    """Rule 33."""
    about = About(KIND, thing.id)
    actions.start(about, ("fulfilment",), Facts(None, priority="P3"), at("mon 09:00"), at("mon 09:00"))
    form = {
        "name_es": "Prioridad 3",
        "name_en": "Priority 3",
        "active": "y",
        "priority": "P3",
        "fulfilment": "4 h",
        "version": "1",
    }
    assert post(admin, P3, **form).status_code == 303
    reading = queries.clock_of(about)
    assert reading is not None
    assert reading.at(at("mon 09:00")).due == at("mon 17:00")
    assert "One open promise would move." in admin.get(f"/admin/service-levels{P3}/effect", headers=HEADER).text
    assert post(admin, f"{P3}/effect", version="1").status_code == 409
    assert post(admin, f"{P3}/effect", version="2").status_code == 303
    reading = queries.clock_of(about)
    assert reading is not None
    assert reading.at(at("mon 09:00")).due == at("mon 13:00")
    assert len(queries.targets_of_clock(reading.clock.id)) == 2


def test_R28_the_second_of_two_administrators_sees_both_texts(admin: FlaskClient) -> None:
    form = {"name_es": "Prioridad 3", "name_en": "Priority 3", "active": "y", "priority": "P3", "version": "1"}
    assert post(admin, P3, **form, fulfilment="4 h").status_code == 303
    refused = post(admin, P3, **form, fulfilment="6 h")
    assert refused.status_code == 409
    assert "4 h" in refused.text
    assert 'value="6 h"' in refused.text


def test_only_administrators_change_levels(client: FlaskClient, cast: Cast) -> None:
    for person, reads, changes in ((cast.auditor, 200, 403), (cast.head2, 403, 403), (cast.employee, 403, 403)):
        sign_in(client, person)
        assert client.get("/admin/service-levels").status_code == reads
        assert client.get(f"/admin/service-levels{P3}").status_code == changes
        assert post(client, "", **LEVEL).status_code == changes
