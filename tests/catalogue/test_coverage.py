"""The coverage of routes: in which cases nobody would decide, in words, quickly, and the same as the real rules say."""

import time
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from portal.approvals.actions import Facts
from portal.approvals.models import RouteStage
from portal.approvals.queries import preview
from portal.catalogue import coverage
from portal.catalogue.models import Service
from portal.core import clock
from portal.core.db import db
from portal.people.models import Department, Role
from portal.people.queries import heads_of
from tests.cast.people import Cast, grant, sign_in, token_of
from tests.factories import catalogue as make
from tests.performance.meter import statements

FINANCE = {"rule": "role", "role": "head", "name": {"en": "Finance", "es": "Finanzas"}, "above": 500_000, "currency": "EUR"}


@pytest.fixture(autouse=True)
def _english(app: Flask):
    with force_locale("en"):
        yield


def service(cast: Cast, *stages: dict[str, Any], slug: str = "laptop", **values: Any) -> Service:
    made = make.service(cast.it, slug, make.SIMPLE, stages=stages, **values)
    db.session.flush()
    return made


def gaps(made: Service) -> list[str]:
    [found] = coverage.cover([made], clock.now())
    return list(found.gaps)


def test_rule_32_a_head_at_the_top_asks_and_nobody_is_above(cast: Cast) -> None:
    made = service(cast, {"rule": "requester_head"})
    assert gaps(made) == ["Management, requested by its head: nobody for “Approval”"]
    made.route.fallback_id = cast.finance_head.id
    assert gaps(made) == []


def test_rule_32_the_gap_lies_above_an_edge(cast: Cast) -> None:
    made = service(cast, {"rule": "role", "role": "head"}, FINANCE | {"department_id": cast.finance.id, "mode": "all"})
    assert gaps(made) == []
    alone = {"rule": "role", "role": "head", "department_id": cast.management.id, "above": 500_000, "currency": "EUR"}
    other = service(cast, {"rule": "role", "role": "head"}, alone | {"name": {"en": "Board"}}, slug="board")
    assert gaps(other) == ["Management, over €5,000.00, requested by its head: nobody for “Board”"]


def test_AP21_a_count_of_more_than_there_are_is_listed(cast: Cast) -> None:
    grant(cast.employee, Role.TRAINER)
    made = service(cast, {"rule": "role", "role": "trainer", "mode": "count", "needed": 3})
    assert gaps(made) == [
        "Every department: too few people for “Approval”",
        "Every department, requested by its head: too few people for “Approval”",
    ]


def test_AP7_a_different_person_who_is_not_there_is_a_gap(cast: Cast) -> None:
    """Whoever of the two decides first, the other one is left; a single one leaves nobody but the heads above."""
    two = ({"rule": "role", "role": "trainer"}, {"rule": "role", "role": "trainer", "different_from": 1})
    made = service(cast, *two, audience=({"kind": "department", "department_id": cast.management.id},))
    assert gaps(made) == []
    db.session.execute(
        db.update(RouteStage).where(RouteStage.role == "trainer").values(role="head", department_id=cast.management.id)
    )
    db.session.refresh(made.route)
    db.session.expire(made.route, ["stages"])
    found = gaps(made)
    assert "Every department: nobody for “Approval”" in found


def test_AP10_sums_that_were_forgotten_between_two_bands(cast: Cast) -> None:
    low = {"rule": "role", "role": "head", "up_to": 100_000, "currency": "EUR"}
    made = service(cast, low, {"rule": "role", "role": "head", "above": 200_000, "currency": "EUR"})
    assert gaps(made) == [
        "Every department, over €1,000.00 up to €2,000.00: no stage asks for these sums",
        "Every department, over €1,000.00 up to €2,000.00, requested by its head: no stage asks for these sums",
    ]
    only_large = service(cast, {"rule": "role", "role": "head", "above": 200_000, "currency": "EUR"}, slug="large")
    assert gaps(only_large) == []


def test_only_departments_that_may_ask_are_tried(cast: Cast) -> None:
    rows: list[tuple[dict[str, Any], ...]] = [
        ({"kind": "department", "department_id": cast.human_resources.id},),
        ({"kind": "person", "person_id": cast.agent.id},),
        ({"kind": "role", "value": "trainer"},),
        ({"kind": "employees"},),
    ]
    tried = []
    for number, audience in enumerate(rows):
        made = service(cast, {"rule": "manager"}, slug=f"s{number}", audience=audience)
        tried.append(coverage.cover([made], clock.now())[0].cases)
    assert tried == [2 + 2, 2, 2, 7 + 7]  # each department once and once for its head


def test_a_site_is_tried_with_the_departments_that_are_there(cast: Cast) -> None:
    cast.employee.site = cast.agent.site = "Zaragoza"
    made = service(cast, {"rule": "requester_head"}, audience=({"kind": "site", "value": "Zaragoza"},))
    assert coverage.cover([made], clock.now())[0].cases == 4


STAGES: list[tuple[dict[str, Any], ...]] = [
    ({"rule": "requester_head"},),
    ({"rule": "service_head"}, {"rule": "requester_head", "different_from": 1}),
    ({"rule": "manager"},),
    ({"rule": "role", "role": "trainer"},),
    ({"rule": "role", "role": "head", "mode": "count", "needed": 7},),
]


@pytest.mark.parametrize("stages", STAGES, ids=[stages[0]["rule"] + str(len(stages)) for stages in STAGES])
def test_the_page_says_what_the_preview_of_each_head_would_say(cast: Cast, stages: tuple[dict[str, Any], ...]) -> None:
    made, now = service(cast, *stages), clock.now()
    blocked = set()
    for department in db.session.scalars(select(Department)):
        for head in heads_of(department.id, now):
            facts = Facts(head.id, head.id, head.id, head.id, head.department_id, made.department_id)
            if any(stage.blocked for stage in preview(made.route_id, facts, now)):
                blocked.add(department.name["en"])
    said = [gap for gap in gaps(made) if "requested by its head" in gap]
    named = {name for gap in said for name in gap.partition(", requested")[0].split(", ")}
    everywhere = {department.name["en"] for department in db.session.scalars(select(Department))}
    assert (everywhere if "Every department" in named else named) == blocked


def test_thirty_services_and_nine_departments_are_tried_in_a_moment(cast: Cast) -> None:
    for number in range(2):
        db.session.add(Department(slug=f"d{number}", name={"en": f"D{number}"}, parent_id=cast.it.id))
    bands = ({"rule": "requester_head"}, {"rule": "service_head", "different_from": 1}, FINANCE)
    made = [service(cast, *bands, slug=f"s{number}") for number in range(30)]
    db.session.flush()
    with statements(db.engine) as found:
        start = time.perf_counter()
        covered = coverage.cover(made, clock.now())
        taken = time.perf_counter() - start
    assert sum(each.cases for each in covered) == 30 * 2 * (9 + 7)
    assert len(found) <= 4
    assert taken < 3


# --- pages -----------------------------------------------------------------------------------------------------------


def test_the_page_lists_the_services_with_gaps_first(cast: Cast, app: Flask) -> None:
    cast.admin.language = "en"
    service(cast, {"rule": "person", "person_id": cast.admin.id}, slug="good", name={"en": "Aardvark"})
    service(cast, {"rule": "requester_head"}, slug="gap", name={"en": "Zebra"})
    service(cast, {"rule": "requester_head"}, slug="draft", name={"en": "Draft"}, state="draft")
    page = sign_in(app.test_client(), cast.admin).get("/admin/catalogue/coverage").text
    assert page.index("Zebra") < page.index("Aardvark")
    assert "Management, requested by its head: nobody" in page
    assert "Draft" not in page


def test_the_page_costs_the_same_for_one_service_and_for_many(cast: Cast, app: Flask) -> None:
    client = sign_in(app.test_client(), cast.admin)
    costs = []
    for number in range(6):
        service(cast, {"rule": "requester_head"}, slug=f"s{number}")
        db.session.commit()
        with statements(db.engine) as found:
            client.get("/admin/catalogue/coverage")
        costs.append(len(found))
    assert costs[0] == costs[-1] <= 12


def test_saving_a_route_says_how_many_gaps_it_has(cast: Cast, app: Flask) -> None:
    cast.head2.language = "en"
    made = service(cast)
    client = sign_in(app.test_client(), cast.head2)
    data = token_of(client) | {"seen": "1", "name_en": "Head", "rule": "requester_head", "mode": "any"}
    answer = client.post(f"/admin/catalogue/{made.public_id}/route/stages", data=data, follow_redirects=True)
    assert "Saved. 1 gap: look at it." in answer.text
    page = client.get(f"/admin/catalogue/{made.public_id}/route/coverage").text
    assert "Management, requested by its head: nobody for “Head”" in page


def test_editors_see_their_own_services_and_others_nothing(cast: Cast, app: Flask) -> None:
    made = service(cast, {"rule": "requester_head"}, name={"es": "Portátil", "en": "Laptop"})
    assert "Portátil" in sign_in(app.test_client(), cast.head2).get("/admin/catalogue/coverage").text
    assert "Portátil" not in sign_in(app.test_client(), cast.finance_head).get("/admin/catalogue/coverage").text
    outsider = sign_in(app.test_client(), cast.employee)
    assert outsider.get("/admin/catalogue/coverage").status_code == 403
    assert outsider.get(f"/admin/catalogue/{made.public_id}/route/coverage").status_code == 403
