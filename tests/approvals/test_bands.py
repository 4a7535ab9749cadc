"""Amount bands: which stages an amount asks, exactly at the limit and after a correction."""

from datetime import datetime

import pytest
from sqlalchemy.exc import IntegrityError

from portal.approvals import actions, queries, words
from portal.approvals.models import ApprovalReceipt
from portal.approvals.rules import applies
from portal.core.db import db
from tests.accounts.helpers import enrol
from tests.approvals import papers
from tests.approvals.begun import approve, asked, begin, open_seats, seat_of, states
from tests.approvals.papers import KIND
from tests.cast.people import Cast


@pytest.fixture(autouse=True)
def _factors(cast: Cast) -> None:
    """Who decides about money here signs in with a second factor (SE-15)."""
    for person in (cast.head, cast.head2, cast.director):
        enrol(person)


FINANCE = {"rule": "service_head", "name": {"en": "Finance", "es": "Finanzas"}, "above": 100_000, "currency": "EUR"}


@pytest.mark.parametrize(
    ("amount", "stages"), [(100_000, 1), (100_001, 2), (0, 1), (None, 2)], ids=["1,000.00", "1,000.01", "nothing", "unknown"]
)
def test_AP10_exactly_the_limit_belongs_to_the_lower_band(cast: Cast, now: datetime, amount: int | None, stages: int) -> None:
    paper, approval = begin(cast, now, {}, FINANCE, amount=amount, currency="EUR")
    assert asked(approval) == [cast.head.name]
    assert len(states(paper, now)) == stages


@pytest.mark.parametrize(
    ("amount", "named"),
    [(100_000, "up to"), (100_001, "between"), (500_000, "between"), (500_001, "over")],
)
def test_AP10_three_bands_leave_no_amount_out_and_none_twice(cast: Cast, now: datetime, amount: int, named: str) -> None:
    bands = {"up to": (None, 100_000), "between": (100_000, 500_000), "over": (500_000, None)}
    route = papers.route(*({"above": low, "up_to": high, "currency": "EUR"} for low, high in bands.values()))
    facts = papers.facts(cast, cast.employee, amount=amount, currency="EUR")
    found = [name for name, stage in zip(bands, route.stages, strict=True) if applies(stage, facts)]
    assert found == [named]


@pytest.mark.parametrize(
    ("amount", "net", "asked"),
    [(121_000, 100_000, False), (121_001, 100_001, True), (121_000, None, True), (None, None, True)],
    ids=["1,000.00 and tax", "1,000.01 and tax", "tax unknown", "unknown"],
)
@pytest.mark.parametrize("without_tax", [True, False])
def test_AP10_rule_5_the_tax_rule_of_the_route_says_which_sum_is_compared(
    cast: Cast, now: datetime, amount: int | None, net: int | None, asked: bool, without_tax: bool
) -> None:
    route = papers.route({}, FINANCE | {"without_tax": without_tax})
    facts = papers.facts(cast, cast.employee, amount=amount, net=net, currency="EUR")
    shown = queries.preview(route.id, facts, now)[1]
    assert shown.applies is (asked or not without_tax)
    assert ("without tax" in words.preview_steps([shown])[0]["why"]) is without_tax


@pytest.mark.parametrize(
    ("amount", "net", "named"),
    [
        (100_000, None, ["up to"]),
        (110_000, None, ["up to", "over"]),
        (110_000, 90_909, ["up to"]),
        (121_001, 100_001, ["over"]),
    ],
    ids=["certainly below", "perhaps below", "below", "over"],
)
def test_AP10_a_sum_without_tax_that_is_not_known_leaves_out_only_bands_it_cannot_reach(
    cast: Cast, amount: int, net: int | None, named: list[str]
) -> None:
    bands = {"up to": {"up_to": 100_000}, "over": {"above": 100_000}}
    route = papers.route(*({"currency": "EUR", "without_tax": True} | band for band in bands.values()))
    facts = papers.facts(cast, cast.employee, amount=amount, net=net, currency="EUR")
    assert [name for name, stage in zip(bands, route.stages, strict=True) if applies(stage, facts)] == named


def test_AP13_a_tax_that_changes_what_is_compared_runs_the_route_again(cast: Cast, now: datetime) -> None:
    paper, approval = begin(cast, now, {}, FINANCE | {"without_tax": True}, amount=121_000, net=100_000, currency="EUR")
    assert states(paper, now) == ["open"]
    paper.text = "The same sum with less tax"
    actions.content_changed(KIND, paper.id, cast.employee, now, 121_000, 110_000)
    assert states(paper, now) == ["open", "waiting"]
    assert (approval.amount, approval.net) == (121_000, 110_000)


def test_AP10_an_amount_in_another_currency_leaves_no_stage_out(cast: Cast, now: datetime) -> None:
    paper, _approval = begin(cast, now, {}, FINANCE, amount=5, currency="CHF")
    assert len(states(paper, now)) == 2


def test_rule_1_where_no_stage_applies_the_work_begins_without_approval(cast: Cast, now: datetime) -> None:
    paper, route = papers.write(cast.employee), papers.route(FINANCE)
    facts = papers.facts(cast, cast.employee, amount=100_000, currency="EUR")
    assert actions.start(KIND, paper.id, route.id, facts, cast.employee, now) is None
    assert queries.strip(KIND, paper.id, now) is None


def test_a_stage_that_does_not_apply_keeps_the_places_of_the_others(cast: Cast, now: datetime) -> None:
    """The third stage must differ from the first, the second is left out."""
    paper, approval = begin(cast, now, {}, FINANCE, {"different_from": 1}, amount=5, currency="EUR")
    approve(approval, cast.head, now)
    assert asked(approval) == [cast.director.name]
    assert states(paper, now) == ["approved", "open"]


# --- corrections -----------------------------------------------------------------------------------------------------


def test_AP10_rule_13_a_changed_amount_runs_the_route_again(cast: Cast, now: datetime) -> None:
    paper, approval = begin(cast, now, {}, FINANCE, amount=100_000, currency="EUR")
    paper.text = "A golden lamp"
    actions.content_changed(KIND, paper.id, cast.employee, now, 100_001)
    assert (approval.round, states(paper, now)) == (2, ["open", "waiting"])
    paper.text = "A lamp"
    actions.content_changed(KIND, paper.id, cast.employee, now, 900)
    assert (approval.round, states(paper, now)) == (3, ["open"])


def test_AP14_a_returned_request_sent_again_dearer_asks_finance_too(cast: Cast, now: datetime) -> None:
    paper, approval = begin(cast, now, {}, FINANCE, amount=100_000, currency="EUR")
    seat = seat_of(approval, cast.head)
    actions.return_for_correction(seat.id, cast.head, "Take the better one", ["text"], approval.content_hash, now)
    paper.text = "The better lamp"
    actions.resubmit(KIND, paper.id, cast.employee, now, 200_000)
    approve(approval, cast.head, now)
    assert states(paper, now) == ["approved", "open"]


def test_AP6_a_cheaper_correction_approves_nothing_by_itself(cast: Cast, now: datetime) -> None:
    paper, approval = begin(cast, now, FINANCE, amount=200_000, currency="EUR")
    paper.text = "A cheap lamp"
    actions.content_changed(KIND, paper.id, cast.employee, now, 100)
    assert approval.ended_at is None
    assert len(open_seats(approval)) == 1


def test_the_same_amount_keeps_the_stages_though_the_route_was_edited(cast: Cast, now: datetime) -> None:
    paper, approval = begin(cast, now, {}, FINANCE, amount=200_000, currency="EUR")
    route = db.session.get_one(papers.Route, approval.route_id)
    route.stages.pop()
    db.session.flush()
    paper.text = "Another lamp"
    actions.content_changed(KIND, paper.id, cast.employee, now, 200_000)
    assert states(paper, now) == ["open", "waiting"]


# --- in words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "step"),
    [
        (100_001, {"state": "todo", "why": "over €1,000.00: Finance · head of the service's department"}),
        (100_000, {"state": "skip", "name": "Finance", "why": "only over €1,000.00"}),
        (None, {"state": "todo", "why": "over €1,000.00: Finance · head of the service's department"}),
    ],
    ids=["over", "exactly", "unknown"],
)
def test_rule_11_the_preview_says_why_a_stage_applies_or_not(
    cast: Cast, now: datetime, amount: int | None, step: dict[str, str]
) -> None:
    route = papers.route({}, FINANCE)
    facts = papers.facts(cast, cast.employee, amount=amount, currency="EUR")
    shown = words.preview_steps(queries.preview(route.id, facts, now))[1]
    assert {name: shown[name] for name in step} == step


def test_the_receipt_keeps_the_amount_and_the_bands(cast: Cast, now: datetime) -> None:
    _paper, approval = begin(cast, now, FINANCE, amount=200_000, currency="EUR")
    approve(approval, cast.head2, now)
    receipt = db.session.scalars(db.select(ApprovalReceipt)).one().content
    assert '"minor_units": 200000' in receipt
    assert '"above": 100000' in receipt


# --- the database ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "band",
    [
        {"above": 5, "up_to": 5, "currency": "EUR"},
        {"above": 9, "up_to": 5, "currency": "EUR"},
        {"above": 5, "currency": ""},
        {"currency": "EUR"},
    ],
    ids=["empty", "turned round", "without a currency", "a currency alone"],
)
def test_the_database_refuses_a_band_that_means_nothing(cast: Cast, band: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        papers.route(band)
    db.session.rollback()
