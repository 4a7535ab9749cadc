"""The board: who sees which, what its address may ask for, what stands behind each number, and what it costs."""

import re
from itertools import pairwise

import pytest

from portal.audit.models import AuditEntry
from portal.core import clock as portal_clock
from portal.core.db import db
from portal.requests import actions
from portal.service_levels import actions as levels
from portal.service_levels.queries import About
from tests.cast.people import Cast, sign_in
from tests.factories import requests as factory
from tests.performance import plans
from tests.performance.meter import statements
from tests.service_levels.test_timing import at

BOARD = "/reports/board"


@pytest.fixture
def busy(cast: Cast, ask, clock):
    """Six promises kept, one broken, and something open for each party."""
    for hour in range(6):
        ask(f"mon {9 + hour:02}:00", 2)
    late = ask("mon 09:00", 26)
    for state in ("supplier", "waiting", "taken"):
        open_ = ask("wed 09:00")
        if state == "supplier":
            levels.pause(About("request", open_.id), "supplier", at("wed 10:00"), at("wed 10:00"), resumes_at=at("fri2 18:00"))
        if state == "waiting":
            actions.ask_requester(open_, cast.agent, "Which one?", at("wed 10:00"))
    clock.move_to(at("thu 12:00"))
    db.session.commit()
    return late


def get(app, person, address, **headers):
    return sign_in(app.test_client(), person).get(address, headers=headers)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("agent", 200),
        ("head2", 200),
        ("director", 200),
        ("admin", 200),
        ("auditor", 200),
        ("head", 400),
        ("employee", 403),
        ("partner", 403),
    ],
)
def test_who_sees_the_board_of_a_department(app, cast: Cast, busy, who, status):
    assert get(app, getattr(cast, who), f"{BOARD}?department=it").status_code == status


def test_a_head_does_not_see_the_board_of_a_closed_node_below(app, cast: Cast, busy):
    assert get(app, cast.hr_head, f"{BOARD}?department=human-resources").status_code == 200
    assert get(app, cast.hr_head, f"{BOARD}?department=occupational-health").status_code == 400


def test_the_board_tells_the_share_with_its_margin_and_the_number_of_cases(app, cast: Cast, busy):
    page = get(app, cast.agent, BOARD).text
    assert "6 de 8 promesas" in page
    assert "75" in page
    assert 'role="img"' in page


def test_KH8_under_five_cases_the_board_tells_no_share(app, cast: Cast, ask, clock):
    for hour in range(4):
        ask(f"mon {9 + hour:02}:00", 2)
    clock.move_to(at("thu 12:00"))
    page = get(app, cast.agent, BOARD).text
    assert "muy pocas" in page
    assert not re.search(r"<b[^>]*>100", page)
    assert '<svg class="line-chart' not in page  # an empty drawing would tell nothing
    assert "muy pocas" in get(app, cast.agent, f"{BOARD}.csv").get_data(as_text=True)


@pytest.mark.parametrize(
    "address",
    [
        "?months=5",
        "?months=x",
        "?months=٣",
        "?clock=team",
        "?department=nowhere",
        "?service=zzzzzzzzzzzz",
        "?other=1",
        "?months=3&months=6",
    ],
)
def test_what_nobody_offers_answers_400(app, cast: Cast, busy, address):
    assert get(app, cast.agent, f"{BOARD}{address}").status_code == 400


def test_the_board_comes_as_a_fragment_when_a_filter_changes(app, cast: Cast, busy):
    part = get(app, cast.agent, f"{BOARD}?months=3", **{"HX-Request": "true", "HX-Target": "div#board"}).text
    assert part.lstrip().startswith('<div id="board"')
    assert "<html" not in part


def test_each_number_leads_to_as_many_requests(app, cast: Cast, busy):
    page = get(app, cast.agent, BOARD).text
    links = re.findall(r'href="(/reports/(?:promises|open)\?[^"]+)">(\d+)<', page)
    assert len(links) > 8
    for address, number in links:
        behind = get(app, cast.agent, address.replace("&amp;", "&")).text
        assert behind.count('class="subject"') == int(number), address


@pytest.mark.parametrize("address", ["/reports/promises", "/reports/open"])
def test_an_administrator_sees_numbers_and_no_requests(app, cast: Cast, busy, address):
    page = get(app, cast.admin, f"{address}?department=it").text
    assert busy.reference not in page
    assert "Nada que puedas leer" in page


@pytest.mark.parametrize(
    "address", ["promises?month=2025-01", "promises?outcome=lost", "open?party=them", "open?age=old", "open?q=1"]
)
def test_a_list_of_what_nobody_counts_answers_400(app, cast: Cast, busy, address):
    assert get(app, cast.agent, f"/reports/{address}").status_code == 400


def test_pages_of_the_list_follow_each_other(app, cast: Cast, ask, help_desk, clock):
    for minute in range(30):
        ask(f"mon 09:{minute:02}", 1)
    clock.move_to(at("thu 12:00"))
    first = get(app, cast.agent, "/reports/promises?outcome=kept").text
    following = re.search(r'href="(/reports/promises\?[^"]*cursor=[^"]+)"', first)
    second = get(app, cast.agent, following[1].replace("&amp;", "&")).text
    seen = re.findall(r"VEN-\d+", first) + re.findall(r"VEN-\d+", second)
    assert len(set(seen)) == 30


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_numbers_come_as_a_file_and_that_is_recorded(app, cast: Cast, busy, kind):
    answer = get(app, cast.agent, f"{BOARD}.{kind}")
    assert answer.status_code == 200
    assert f"promesas-it-2026-03.{kind}" in answer.headers["Content-Disposition"]
    assert db.session.query(AuditEntry).filter_by(action="export.made", actor_id=cast.agent.id).one().after == {"board": kind}
    if kind == "csv":
        lines = answer.get_data(as_text=True).splitlines()
        assert "IT" in lines[1] or "Informática" in lines[1]
        assert ";8;6;2;0;75;40,9;92,9;2;11" in lines[1]


@pytest.mark.parametrize("number", [1, 8])
@pytest.mark.parametrize("who", ["agent", "director", "admin"])
def test_a_board_takes_twelve_statements_whatever_it_counts(app, cast: Cast, ask, help_desk, clock, number, who):
    levels.assign(office(cast), [cast.it.id], [cast.it.id], cast.admin)
    for count in range(number):
        ask(f"mon 09:{count:02}", 2, service=factory.service(cast.it, slug=f"other-{count}"))
        paused = ask(f"mon 09:{count:02}")
        levels.pause(About("request", paused.id), "supplier", at("mon 10:00"), at("mon 10:00"), resumes_at=at("tue 10:00"))
    clock.move_to(at("thu 12:00"))
    db.session.commit()
    client = sign_in(app.test_client(), getattr(cast, who))
    for address in (f"{BOARD}?department=it", "/reports/promises?department=it", "/reports/open?department=it"):
        with statements(db.engine) as found:
            assert client.get(address).status_code == 200
        assert len(found) <= 12, "\n\n".join(one.text for one in found)


@pytest.mark.sqlite_only
def test_no_board_reads_all_requests(app, cast: Cast, busy):
    client = sign_in(app.test_client(), cast.agent)
    with statements(db.engine) as found:
        for address in (BOARD, f"{BOARD}?months=12", "/reports/promises", "/reports/open?party=nobody"):
            client.get(address)
    assert not plans.scans(found)


def office(cast: Cast):
    hours = {day: {"09:00": "18:00"} for day in ("mon", "tue", "wed", "thu", "fri")}
    return levels.create_calendar(
        {"name": "IT", "zone": "Europe/Madrid", "hours": hours, "exceptions": []}, cast.admin, portal_clock.now()
    )


def test_ages_begin_where_the_ones_before_end():
    from portal.reports.standing import AGES

    assert all(first < second for (first, _), (second, _) in pairwise(AGES.values()))
