"""The course of an item: a pure function of its checkpoints, its promises and the clock (TR-19 to TR-24)."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.tracking.course import Change, Fact, follow
from portal.tracking.promises import Promise
from portal.tracking.states import ALLOWED, EXCEPTIONS, TERMINAL, State, may_follow

MADRID = "Europe/Madrid"
S = State


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


def course_of(*told, now="03-20 12:00", changes=(), zone=MADRID, registered="03-02 08:00"):
    facts = [
        Fact(number, S(state), at(when), more.pop("rank", 10), more.pop("received", at(when)), **more)
        for number, (state, when, more) in enumerate(((one[0], one[1], dict(one[2]) if len(one) > 2 else {}) for one in told), 1)
    ]
    return follow(facts, [Change(at(when), promise) for when, promise in changes], zone, at(registered), at(now))


def on(day):
    return Promise(first=date(2026, 3, day), last=date(2026, 3, day))


# what the rule book's table says, written out once more
TABLE = {
    "received": "accepted on_hold cancelled in_progress",
    "accepted": "in_progress shipped out_for_delivery ready_for_pickup completed on_hold delayed exception cancelled",
    "in_progress": "shipped out_for_delivery ready_for_pickup completed on_hold delayed exception cancelled",
    "shipped": "out_for_delivery ready_for_pickup attempt_failed delayed on_hold exception completed returned cancelled",
    "out_for_delivery": "shipped ready_for_pickup attempt_failed delayed on_hold exception completed returned cancelled",
    "ready_for_pickup": "completed returned exception expired",
    "completed": "returned exception",
    "returned": "",
    "cancelled": "",
    "expired": "",
}


@pytest.mark.parametrize("before", list(State))
def test_only_what_the_table_allows_may_follow(before):
    after = {state for state in State if may_follow(before, state) and state != before}
    if before in EXCEPTIONS:
        assert after == (set(State) - {S.EXPIRED, before})
    else:
        assert after == {S(word) for word in TABLE[before].split()}


def test_the_table_knows_every_state():
    assert set(ALLOWED) == set(State)
    assert {S.COMPLETED, S.RETURNED, S.CANCELLED, S.EXPIRED} == TERMINAL


def test_an_item_without_checkpoints_is_received_since_it_was_registered():
    course = course_of()
    assert (course.state, course.since) == (S.RECEIVED, at("03-02 08:00"))


def test_TR10_a_scan_after_delivery_that_was_earlier_is_inserted_before():
    course = course_of(
        ("shipped", "03-05 08:00"), ("completed", "03-05 14:02"), ("shipped", "03-05 13:20", {"received": at("03-06 08:00")})
    )
    assert course.state == S.COMPLETED
    assert [step.fact.id for step in course.steps] == [1, 3, 2]


def test_a_scan_after_delivery_is_a_note_and_puts_nothing_back_on_the_road():
    course = course_of(("shipped", "03-05 08:00"), ("completed", "03-05 14:02"), ("shipped", "03-05 18:00"))
    assert (course.state, course.since) == (S.COMPLETED, at("03-05 14:02"))
    assert [step.counts for step in course.steps] == [True, True, False]


def test_TR12_what_was_delivered_may_be_returned():
    assert course_of(("shipped", "03-05 08:00"), ("completed", "03-05 14:02"), ("returned", "03-09 09:00")).state == S.RETURNED


def test_a_closed_item_opens_again_only_explicitly_and_with_a_reason():
    told = [("shipped", "03-05 08:00"), ("cancelled", "03-06 08:00")]
    assert course_of(*told, ("in_progress", "03-07 08:00")).state == S.CANCELLED
    course = course_of(*told, ("in_progress", "03-07 08:00", {"reopening": "the customer changed her mind"}))
    assert (course.state, course.steps[-1].reopened) == (S.IN_PROGRESS, "the customer changed her mind")


def test_on_a_tie_the_more_trusted_source_comes_later():
    told = [("completed", "03-05 14:00", {"rank": 10}), ("attempt_failed", "03-05 14:00", {"rank": 50})]
    assert course_of(("shipped", "03-05 08:00"), *told).steps[-1].fact.state == S.ATTEMPT_FAILED
    told = [("out_for_delivery", "03-05 14:00", {"rank": 50}), ("attempt_failed", "03-05 14:00", {"rank": 10})]
    assert course_of(("shipped", "03-05 08:00"), *told).state == S.OUT_FOR_DELIVERY


def test_on_a_tie_of_equal_sources_what_was_received_last_counts():
    late, early = {"received": at("03-05 16:00")}, {"received": at("03-05 15:00")}
    course = course_of(("shipped", "03-05 08:00"), ("ready_for_pickup", "03-05 14:00", late), ("delayed", "03-05 14:00", early))
    assert course.state == S.READY_FOR_PICKUP


def test_the_order_of_arrival_never_matters():
    told = [("received", "03-02 09:00"), ("accepted", "03-03 09:00"), ("shipped", "03-04 09:00"), ("completed", "03-05 09:00")]
    numbered = [Fact(number, S(state), at(when), 10, at("03-06 09:00")) for number, (state, when) in enumerate(told)]
    shuffler = random.Random(5)  # noqa: S311 - shuffles, keeps no secret
    for _ in range(10):
        shuffler.shuffle(numbered)
        assert follow(numbered, [], MADRID, at("03-02 08:00"), at("03-10 09:00")).state == S.COMPLETED


@pytest.mark.parametrize(
    ("ahead", "shown"), [(3 * 60, False), (11, False), (10, True), (0, True)], ids=["TR13", "11", "10", "now"]
)
def test_TR13_what_lies_more_than_ten_minutes_ahead_is_kept_back(ahead, shown):
    when = f"{at('03-05 12:00') + timedelta(minutes=ahead):%m-%d %H:%M}"
    course = course_of(("accepted", "03-05 08:00"), ("shipped", when), now="03-05 12:00")
    assert (course.state == S.SHIPPED, len(course.held)) == (shown, 0 if shown else 1)


@pytest.mark.parametrize(
    ("now", "state"),
    [("03-11 22:59", S.SHIPPED), ("03-11 23:00", S.DELAYED)],  # midnight in Madrid
    ids=["TR14 before", "TR14 the next local day"],
)
def test_TR14_a_promise_that_passes_is_delayed_by_the_clock_alone(now, state):
    told = [("accepted", "03-04 09:00"), ("shipped", "03-05 08:00")]
    assert course_of(*told, now=now, changes=[("03-04 09:00", on(11))]).state == state


@pytest.mark.parametrize(
    ("zone", "since"), [("Europe/Madrid", "03-11 23:00"), ("Europe/Bratislava", "03-11 23:00"), ("UTC", "03-12 00:00")]
)
def test_TR14_a_day_ends_where_the_place_is(zone, since):
    course = course_of(("accepted", "03-04 09:00"), zone=zone, changes=[("03-04 09:00", on(11))])
    assert (course.state, course.since) == (S.DELAYED, at(since))


def test_a_range_passes_at_the_end_of_its_last_day_and_an_instant_at_itself():
    days = Promise(first=date(2026, 3, 9), last=date(2026, 3, 11))
    assert course_of(("accepted", "03-04 09:00"), now="03-11 22:00", changes=[("03-04 09:00", days)]).state == S.ACCEPTED
    hour = Promise(instant=at("03-10 13:00"))
    assert course_of(("accepted", "03-04 09:00"), now="03-10 13:00", changes=[("03-04 09:00", hour)]).state == S.DELAYED


@pytest.mark.parametrize("then", ["promise", "progress"])
def test_delay_goes_with_a_new_promise_or_the_next_progress(then):
    told, changes = [("accepted", "03-04 09:00")], [("03-04 09:00", on(11))]
    if then == "promise":
        changes.append(("03-13 09:00", on(25)))
    else:
        told.append(("shipped", "03-13 09:00"))
    assert course_of(*told, now="03-12 12:00", changes=changes).state == S.DELAYED
    assert course_of(*told, changes=changes).state == (S.ACCEPTED if then == "promise" else S.SHIPPED)


def test_what_is_done_is_not_delayed():
    told = [("accepted", "03-04 09:00"), ("completed", "03-11 22:59")]
    assert course_of(*told, changes=[("03-04 09:00", on(11))]).state == S.COMPLETED


def test_TR15_silence_of_thirty_days_ends_an_item_and_news_opens_it_again():
    told = [("accepted", "03-04 09:00"), ("shipped", "03-05 08:00")]
    quiet = course_of(*told, now="04-04 08:00")
    assert (quiet.state, quiet.since) == (S.EXPIRED, at("04-04 08:00"))
    assert course_of(*told, now="04-04 07:59").state == S.SHIPPED
    back = course_of(*told, ("out_for_delivery", "04-05 08:00"), now="04-05 09:00")
    assert (back.state, back.steps[-1].reopened) == (S.OUT_FOR_DELIVERY, "news received")


def test_an_item_closes_when_it_ended_or_after_thirty_days_without_news():
    assert course_of(("accepted", "03-04 09:00"), ("completed", "03-05 14:00")).closes_at == at("03-05 14:00")
    assert course_of(("accepted", "03-04 09:00")).closes_at == at("04-03 09:00")
