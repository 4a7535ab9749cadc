"""What carriers push: signed over the raw body, fresh, stored, and read by a job (TR-33)."""

import json

import pytest
from sqlalchemy import select

from portal.core import clock as core_clock
from portal.core import jobs
from portal.core.db import db
from portal.tracking import carriers
from portal.tracking.models import CarrierDelivery, Checkpoint
from tests.tracking.conftest import at

PATH = "/api/portal/v1/carriers/rapid/deliveries"
NEWS = {
    "reference": "2026-00412",
    "kind": "shipment",
    "state": "shipped",
    "event_time": "2026-03-02T08:40:00+01:00",
    "place": "Toledo",
}


@pytest.fixture
def secret(app, parcel):
    made = app.test_cli_runner().invoke(args=["carriers", "add", "rapid"]).output.strip()
    assert made == carriers.secret_of(carriers.carrier("rapid"))
    return made


def push(app, secret, body, ago=0, **changed):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    stamp = str(int(core_clock.now().timestamp()) - ago)
    headers = {"X-Timestamp": stamp, "X-Signature": carriers.signature(secret, stamp, raw)} | changed
    return app.test_client().post(PATH, data=raw, headers=headers)


def test_signed_news_is_accepted_stored_and_read_by_a_job_once(app, client, parcel, secret):
    assert push(app, secret, {"checkpoints": [NEWS, NEWS | {"state": "lost"}, NEWS | {"reference": "none"}]}).status_code == 202
    assert push(app, secret, {"checkpoints": [NEWS, NEWS | {"state": "lost"}, NEWS | {"reference": "none"}]}).status_code == 202
    assert "Toledo" not in client.get(parcel.path).text
    db.session.commit()
    jobs.run_jobs()
    assert "Toledo" in client.get(parcel.path).text
    kept = db.session.scalars(select(CarrierDelivery)).one()
    assert (kept.applied, kept.refused, kept.body) == (1, 2, "")


@pytest.mark.parametrize(
    ("ago", "changed"),
    [
        (301, {}),
        (-301, {}),
        (0, {"X-Signature": "00"}),
        (0, {"X-Signature": "ñ"}),
        (0, {"X-Timestamp": "soon"}),
        (0, {"X-Timestamp": ""}),
    ],
)
def test_old_foreign_and_changed_news_is_refused(app, secret, ago, changed):
    assert push(app, secret, {"checkpoints": [NEWS]}, ago, **changed).status_code == 401
    assert not db.session.scalars(select(CarrierDelivery)).all()


def test_news_that_is_read_late_keeps_its_receipt_and_leaves_the_item_where_it_stands_now(app, parcel, secret, clock):
    parcel.promised("2026-03-02")
    received = core_clock.now()
    push(app, secret, {"checkpoints": [NEWS]})
    clock.move_to(at("03-03 08:00"))
    db.session.commit()
    jobs.run_jobs()
    db.session.expire_all()
    assert parcel.item.state == "delayed"
    assert db.session.scalars(select(Checkpoint.received_at).where(Checkpoint.state == "shipped")).one() == received


def test_news_with_half_a_surrogate_pair_is_refused_alone(app, client, parcel, secret):
    told = [NEWS | {"place": "\ud800"}, NEWS | {"note": "\udfff"}, NEWS | {"reference": "\ud800"}, NEWS]
    assert push(app, secret, {"checkpoints": told}).status_code == 202
    db.session.commit()
    jobs.run_jobs()
    kept = db.session.scalars(select(CarrierDelivery)).one()
    assert (kept.applied, kept.refused) == (1, 3)
    assert "Toledo" in client.get(parcel.path).text


def test_an_unknown_carrier_is_refused_like_a_wrong_signature(app, parcel):
    assert push(app, "any", {"checkpoints": [NEWS]}).status_code == 401


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"checkpoints": 5}', b"\xff\x00"])
def test_what_cannot_be_read_does_no_harm(app, secret, body):
    assert push(app, secret, body).status_code == 202
    db.session.commit()
    jobs.run_jobs()
    assert db.session.scalars(select(CarrierDelivery)).one().refused == 1
    assert len(db.session.scalars(select(Checkpoint)).all()) == 1
