"""What the page says as time goes by: polling, the clock, late and repeated news (TR-20 to TR-28)."""

import re
from datetime import timedelta

import pytest

from portal.core.db import db
from portal.tracking import actions
from tests.performance.meter import fragment, statements
from tests.tracking.conftest import at


def seen_of(client, path):
    return re.search(r'data-seen="(\w+)"', client.get(path).text)[1]


def test_the_page_asks_with_what_it_shows_and_gets_204_until_that_changes(client, parcel):
    seen = seen_of(client, parcel.path)
    answer = client.get(f"{parcel.path}?seen={seen}")
    assert (answer.status_code, answer.data, answer.headers.get("ETag")) == (204, b"", None)
    parcel.told("shipped", "03-02 07:30")
    answer = client.get(f"{parcel.path}?seen={seen}", headers=fragment("shipment"))
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "En camino" in answer.text
    assert answer.text.count("aria-live") == 1


def test_the_seen_value_is_that_of_a_level_and_a_language(client, parcel):
    seen = seen_of(client, parcel.path)
    assert seen != seen_of(client, parcel.path.replace("/es/", "/en/"))
    client.post(f"{parcel.path}/second-level", data={"factor": "28001"})
    second = seen_of(client, parcel.path)
    assert second != seen
    client.post(f"{parcel.path}/second-level/end")
    assert client.get(f"{parcel.path}?seen={second}").status_code == 200, "never 204 for a first-level request (TR-28)"


def test_polling_ends_in_a_terminal_state(client, parcel):
    assert 'data-refresh="60"' in client.get(parcel.path).text
    parcel.told("completed", "03-02 07:30")
    assert "data-refresh" not in client.get(parcel.path).text


def test_TR14_delay_changes_page_and_seen_value_without_a_job(client, parcel, clock):
    parcel.promised("2026-03-04")
    clock.move_to(at("03-04 22:59"))
    seen = seen_of(client, parcel.path)
    assert client.get(f"{parcel.path}?seen={seen}").status_code == 204
    clock.move_to(at("03-04 23:00"))
    answer = client.get(f"{parcel.path}?seen={seen}")
    assert (answer.status_code, "Con retraso" in answer.text) == (200, True)


def test_TR11_the_same_event_with_another_spelling_is_one_line_with_the_newer(client, parcel):
    assert parcel.told("shipped", "03-02 07:30", "Saragossa", code="X1") == actions.NEW
    assert parcel.told("shipped", "03-02 07:30", "Zaragoza", code="X1") == actions.CHANGED
    assert parcel.told("shipped", "03-02 07:30", "Zaragoza", code="X1") == actions.UNCHANGED
    page = client.get(parcel.path).text
    assert (page.count("Zaragoza"), page.count("Saragossa")) == (1, 0)


def test_TR15_an_item_without_news_for_31_days_has_expired_and_a_scan_opens_it_again(client, parcel, clock):
    clock.move_to(at("04-02 08:00"))
    assert "Sin noticias" in client.get(parcel.path).text
    parcel.told("shipped", "04-02 07:50")
    page = client.get(parcel.path).text
    assert "hay noticias" in page
    assert ">En camino</h1>" in page


@pytest.mark.parametrize("lines", [2, 12])
def test_the_page_costs_the_same_however_long_the_way(app, client, parcel, lines):
    for number in range(lines):
        parcel.told("in_progress", f"03-02 07:{10 + number}", code=str(number))
    db.session.commit()
    with statements(db.engine) as asked:
        client.get(parcel.path)
    assert len(asked) <= 6, [one.text for one in asked]


def test_times_of_another_zone_name_it(client, parcel):
    told = actions.Report(actions.State.SHIPPED, at("03-02 07:30"), "Atlantic/Canary", place="Las Palmas")
    actions.report(parcel.item, actions.queries.source("import"), told, None, at("03-02 08:00"))
    db.session.flush()
    assert "07:30\u00a0(WET)" in client.get(parcel.path).text


def test_a_promise_reaches_from_the_day_it_was_given(parcel, clock):
    parcel.promised("2026-03-04")
    clock.shift(timedelta(days=1))
    parcel.promised("2026-03-06", "storm")
    assert parcel.item.revision > 3
