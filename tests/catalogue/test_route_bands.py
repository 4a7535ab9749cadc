"""Amount bands of stages, as an editor writes them in the currency of the form."""

import pytest

from portal.core.db import db
from tests.cast.people import sign_in, token_of
from tests.factories import catalogue as make

PRICED = make.SIMPLE | {
    "sections": [
        {
            "key": "what",
            "fields": [
                make.field("subject", "short_text", "Qué necesitas", "What you need", required=True),
                make.field("sum", "money", "Importe", "Amount", required=True, rules={"currency": "EUR"}),
            ],
        }
    ],
    "pricing": {"amount": "sum"},
}
STAGE = {"name_en": "Finance", "rule": "service_head", "mode": "any"}


@pytest.fixture
def service(cast):
    cast.head2.language = cast.employee.language = "en"
    made = make.service(cast.it, content=PRICED, stages=({"rule": "requester_head"},))
    db.session.commit()
    return made


@pytest.fixture
def post(client, cast, service):
    sign_in(client, cast.head2)

    def send(path, **data):
        answer = client.post(f"/admin/catalogue/{service.public_id}/route/{path}", data=token_of(client) | data)
        db.session.expire_all()
        return answer

    return send


def bands(service):
    return [(stage.above, stage.up_to, stage.currency) for stage in service.route.stages]


def test_AP10_the_editor_writes_the_limit_as_the_language_does(client, service, post):
    assert post("stages", seen="1", above="1,000.00", up_to="5000", **STAGE).status_code == 303
    assert bands(service) == [(None, None, ""), (100_000, 500_000, "EUR")]
    page = client.get(f"/admin/catalogue/{service.public_id}/route?stage=2").text
    assert "over €1,000.00 up to €5,000.00" in page
    assert 'value="1000"' in page
    assert post("stages/2", seen="2", above="", up_to="", **STAGE).status_code == 303
    assert bands(service) == [(None, None, ""), (None, None, "")]


def test_AP10_rule_5_the_tax_rule_is_that_of_all_stages(client, service, post):
    def rules():
        return [stage.without_tax for stage in service.route.stages]

    post("stages", seen="1", above="1,000.00", compared="net", **STAGE)
    assert rules() == [True, True]
    page = client.get(f"/admin/catalogue/{service.public_id}/route?stage=1").text
    assert "over €1,000.00 without tax" in page
    assert '<option selected value="net">' in page
    post("stages/1", seen="2", compared="", **STAGE)
    assert rules() == [False, False]


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ({"above": "1.000,00"}, "Write a sum such as"),
        ({"above": "a lot"}, "Write a sum such as"),
        ({"above": "-1"}, "too large or too small"),
        ({"above": "5", "up_to": "5"}, "Write a sum above the other one."),
    ],
    ids=["another language", "no number", "negative", "empty band"],
)
def test_a_band_that_means_nothing_comes_back(service, post, texts, sentence):
    answer = post("stages", seen="1", **texts, **STAGE)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert len(bands(service)) == 1


def test_a_form_that_adds_up_nothing_offers_no_bands(client, cast):
    plain = make.service(cast.it, slug="plain", content=make.SIMPLE)
    sign_in(client, cast.head2)
    page = client.get(f"/admin/catalogue/{plain.public_id}/route").text
    assert 'name="above"' not in page
    answer = client.post(
        f"/admin/catalogue/{plain.public_id}/route/stages", data=token_of(client) | STAGE | {"seen": "1", "above": "5"}
    )
    db.session.expire_all()
    assert answer.status_code == 303
    assert bands(plain) == [(None, None, "")]


def test_rule_11_the_way_ahead_says_over_which_sum_finance_is_asked(client, cast, service, post):
    post("stages", seen="1", above="1000", **STAGE)
    sign_in(client, cast.employee)
    assert "over €1,000.00: Finance" in client.get("/catalogue/it/new-joiner").text
