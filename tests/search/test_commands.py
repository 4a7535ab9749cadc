"""The index against what it stands for."""

from flask import Flask

from portal.core import clock as time
from portal.core.db import db
from portal.search import actions, queries
from portal.search.kinds import source
from tests.cast.people import Cast
from tests.search.conftest import AddService


def test_a_rebuild_restores_what_was_lost(app: Flask, cast: Cast, add_service: AddService) -> None:
    service = add_service("Portátil nuevo")
    run = app.test_cli_runner()
    assert run.invoke(args=["search", "check"]).exit_code == 1  # nobody has indexed the people of the cast
    actions.remove("service", service.id)
    assert run.invoke(args=["search", "rebuild"]).exit_code == 0
    check = run.invoke(args=["search", "check"])
    assert check.exit_code == 0, check.output
    assert "service: 1 things, 1 entries" in check.output
    assert queries.search(cast.employee, "portatl", time.now()).groups


def test_a_rebuild_in_batches_indexes_everything(cast: Cast, add_service: AddService, monkeypatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 3)
    for number in range(8):
        add_service(f"Impresora {number}")
    assert actions.rebuild(source("service"), time.now()) == 8
    db.session.commit()
    assert queries.search(cast.employee, "impresora", time.now()).groups[0].count == 8
