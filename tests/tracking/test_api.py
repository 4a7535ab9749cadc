"""Tracking for machines: tokens and their scope, keys that make a repeat harmless, a result for each element (TR-32, TR-34)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts import api_tokens
from portal.core import clock as core_clock
from portal.core.db import db
from portal.tracking.models import Checkpoint, TrackedItem, TrackingSource

ITEM = "/api/portal/v1/tracked-items/shipment/A-1"
ONE = {"state": "accepted", "event_time": "2026-03-02T08:00", "place": "Getafe"}


@pytest.fixture
def token(cast, clock):
    return issue(cast)


def issue(cast, name="shop", owner=None, department=None):
    owner, department = owner or cast.agent, department or cast.it
    made = api_tokens.issue(name, ["tracking:write"], owner, department, timedelta(days=30), core_clock.now())
    db.session.commit()
    return made


def send(app, token, path, body, method="post", key="k1"):
    headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
    return getattr(app.test_client(), method)(path, json=body, headers=headers)


def put(app, token, body=None, path=ITEM, key="put"):
    return send(app, token, path, body if body is not None else {"postcode": "28001", "contents": "SECRET"}, "put", key)


def test_an_item_is_put_and_told_of_and_nothing_secret_comes_back(app, token):
    answer = put(app, token)
    assert answer.json == {"kind": "shipment", "reference": "A-1", "state": "received", "result": "new"}
    assert answer.headers["Cache-Control"] == "private, no-store"
    told = send(app, token, f"{ITEM}/checkpoints", {"checkpoints": [ONE]})
    assert told.json == {"results": [{"index": 0, "status": 200, "result": "new"}]}
    assert db.session.scalars(select(TrackedItem.state)).one() == "accepted"
    again = put(app, token, key="put 2")
    assert again.json["result"] == "unchanged"
    assert "SECRET" not in again.text


def test_a_bad_element_answers_422_in_its_place_and_the_others_are_applied(app, token):
    put(app, token)
    elements = [ONE, ONE | {"state": "lost"}, ONE | {"colour": "red"}, {"state": "shipped"}, 5, ONE | {"place": "Toledo"}]
    answer = send(app, token, f"{ITEM}/checkpoints", {"checkpoints": elements})
    assert answer.status_code == 200
    assert [(one["status"], one.get("field") or one.get("result") or one["reason"]) for one in answer.json["results"]] == [
        (200, "new"),
        (422, "state"),
        (422, "colour"),
        (422, "event_time"),
        (422, "object"),
        (200, "changed"),
    ]


@pytest.mark.parametrize("body", [{}, {"checkpoints": []}, {"checkpoints": [ONE] * 201}, [ONE]])
def test_a_batch_holds_1_to_200(app, token, body):
    put(app, token)
    assert send(app, token, f"{ITEM}/checkpoints", body).status_code == 422


def test_the_same_key_answers_alike_and_does_nothing_and_another_write_under_it_is_refused(app, token):
    put(app, token)
    first = send(app, token, f"{ITEM}/checkpoints", {"checkpoints": [ONE]})
    again = send(app, token, f"{ITEM}/checkpoints", {"checkpoints": [ONE]})
    assert (again.status_code, again.json) == (200, first.json)
    assert db.session.scalar(select(func.count()).select_from(Checkpoint)) == 1
    assert send(app, token, f"{ITEM}/checkpoints", {"checkpoints": [ONE | {"state": "shipped"}]}).status_code == 409
    assert send(app, token, f"{ITEM}/checkpoints", {"checkpoints": [ONE]}, key="").status_code == 400


@pytest.mark.parametrize("why", ["none", "unknown", "expired", "revoked", "owner left", "no scope"])
def test_without_a_token_that_counts_nothing_is_written(app, cast, token, clock, why):
    if why == "expired":
        clock.shift(timedelta(days=30))
    elif why == "revoked":
        api_tokens.revoke("shop", core_clock.now())
    elif why == "owner left":
        cast.agent.active = False
    elif why == "no scope":
        db.session.scalars(select(api_tokens.ApiToken)).one().scopes = "other:read"
    used = {"none": "", "unknown": "vt_unknown"}.get(why, token)
    assert put(app, used).status_code == (403 if why == "no scope" else 401)
    assert db.session.scalar(select(func.count()).select_from(TrackedItem)) == 0


def test_a_token_writes_for_its_department_only_and_only_while_its_owner_works_there(app, cast, token):
    put(app, token)
    other = issue(cast, "other", cast.stranger_head, cast.operations)
    assert put(app, other, {"contents": "mine now"}).status_code == 404
    assert send(app, other, f"{ITEM}/checkpoints", {"checkpoints": [ONE]}).status_code == 404
    stranger = issue(cast, "stranger", cast.employee, cast.it)
    assert put(app, stranger, path=ITEM.replace("A-1", "A-2")).status_code == 404


def test_a_token_never_changes_the_checkpoints_of_another(app, cast, token):
    put(app, token)
    send(app, token, f"{ITEM}/checkpoints", {"checkpoints": [ONE]})
    second = issue(cast, "second")
    told = send(app, second, f"{ITEM}/checkpoints", {"checkpoints": [ONE | {"place": "Toledo"}]})
    assert told.json["results"][0]["result"] == "new"
    assert set(db.session.scalars(select(Checkpoint.place))) == {"Getafe", "Toledo"}
    assert len(db.session.scalars(select(TrackingSource).where(TrackingSource.name.startswith("api:"))).all()) == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"postcode": 28001}, "postcode"),
        ({"postcode": "1"}, "second_factor_postcode"),
        ({"promise_from": "soon"}, "promise_from"),
        ([], ""),
    ],
)
def test_a_bad_item_names_its_field(app, token, body, field):
    answer = put(app, token, body)
    assert (answer.status_code, answer.json["error"]["field"]) == (422, field)


def test_a_weaker_factor_is_refused(app, token):
    put(app, token)
    assert put(app, token, {"postcode": "2800"}, key="weaker").json["error"]["reason"] == "weaker"


@pytest.mark.parametrize("raw", [b"{", b"[" * 5000, b"\xff", b'{"contact": "\\ud800"}', b'{"\\ud800": ""}'])
def test_what_is_no_json_answers_400(app, token, raw):
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "x", "Content-Type": "application/json"}
    assert app.test_client().put(ITEM, data=raw, headers=headers).status_code == 400


def test_a_token_is_issued_and_revoked_on_the_command_line(app, cast):
    arguments = ["--name", "shop", "--owner", "agent@demo.example", "--department", "it", "--scope", "tracking:write"]
    issued = app.test_cli_runner().invoke(args=["tokens", "issue", *arguments]).output.strip()
    assert issued.startswith("vt_")
    assert put(app, issued).status_code == 200
    app.test_cli_runner().invoke(args=["tokens", "revoke", "shop"])
    assert put(app, issued, key="again").status_code == 401
