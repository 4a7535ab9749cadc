"""Administration of departments: the tree stays a tree (KH11)."""

import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import Refused
from portal.people import actions
from portal.people.models import Department, Person
from tests.cast.people import Cast, build, sign_in, token_of
from tests.racing import each_round, race

ENTRY = {"name_es": "Almacén", "name_en": "Warehouse", "slug": "warehouse", "number": "8", "parent": "operations"}


@pytest.fixture
def admin(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.admin)


def send(client: FlaskClient, url: str, **data: Any) -> Any:
    return client.post(url, data=token_of(client) | data)


def entry(department: Department, **changed: str) -> dict[str, str]:
    parent = department.parent.slug if department.parent else ""
    number = str(department.number or "")
    return {
        "name_es": "A",
        "name_en": "B",
        "slug": department.slug,
        "number": number,
        "parent": parent,
        "revision": "1",
    } | changed


def test_a_department_is_added(admin: FlaskClient, cast: Cast) -> None:
    assert send(admin, "/admin/departments", **ENTRY, hours_public="y", welcome_es="Hola").status_code == 303
    found = db.session.scalars(select(Department).where(Department.slug == "warehouse")).one()
    assert (found.number, found.parent_id, found.hours_public, found.closed) == (8, cast.operations.id, True, False)
    assert (found.name, found.welcome) == ({"es": "Almacén", "en": "Warehouse"}, {"es": "Hola"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"name_es": ""},
        {"slug": ""},
        {"slug": "Ware House"},
        {"slug": "../x"},
        {"slug": "it"},
        {"number": "1"},
        {"number": "0"},
        {"number": "x"},
        {"parent": "unknown"},
    ],
    ids=str,
)
def test_a_department_that_cannot_be_is_refused_and_kept(admin: FlaskClient, cast: Cast, wrong: dict[str, str]) -> None:
    answer = send(admin, "/admin/departments", **(ENTRY | {"welcome_es": "kept words"} | wrong))
    assert answer.status_code == 422
    assert "kept words" in answer.text
    db.session.rollback()
    assert db.session.scalar(select(Department.id).where(Department.slug == "warehouse")) is None


@pytest.mark.parametrize("below", ["human-resources", "occupational-health"])
def test_KH11_a_department_does_not_stand_below_itself(admin: FlaskClient, cast: Cast, below: str) -> None:
    url = "/admin/departments/human-resources"
    answer = send(admin, url, **entry(cast.human_resources, parent=below))
    assert answer.status_code == 422
    db.session.rollback()
    assert db.session.get_one(Department, cast.human_resources.id).parent_id == cast.management.id


@race
@each_round
def test_KH11_two_moves_at_once_close_no_circle(real_app: Flask, round_: int) -> None:
    with real_app.app_context():
        cast = build()
        db.session.commit()
        moves = [(cast.it.id, cast.finance.id), (cast.finance.id, cast.it.id)]
        admin_id = cast.admin.id
    found: list[str] = []

    def move(department_id: int, parent_id: int) -> None:
        with real_app.app_context():
            department, by = db.session.get_one(Department, department_id), db.session.get_one(Person, admin_id)
            try:
                actions.edit_department(department, {"parent_id": parent_id}, 1, by)
                db.session.commit()
                found.append("moved")
            except Refused:
                db.session.rollback()
                found.append("refused")

    threads = [threading.Thread(target=move, args=pair) for pair in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["moved", "refused"]


def test_R28_a_department_changes_and_a_stale_save_is_shown_beside(admin: FlaskClient, cast: Cast) -> None:
    assert send(admin, "/admin/departments/it", **entry(cast.it, name_es="Sistemas", number="")).status_code == 303
    stale = send(admin, "/admin/departments/it", **entry(cast.it, name_es="Otra cosa"))
    assert stale.status_code == 409
    assert "Sistemas" in stale.text
    assert "Otra cosa" in stale.text
    again = entry(cast.it, name_es="Otra cosa") | {"revision": "2"}
    assert send(admin, "/admin/departments/it", **again).status_code == 303


@pytest.mark.parametrize("wrong", [{"slug": "finance"}, {"number": "5"}], ids=str)
def test_a_name_that_is_taken_is_refused(admin: FlaskClient, cast: Cast, wrong: dict[str, str]) -> None:
    assert send(admin, "/admin/departments/it", **entry(cast.it, **wrong)).status_code == 422


def test_SE_T22_markup_in_names_is_escaped(admin: FlaskClient, cast: Cast) -> None:
    cast.it.name = {"es": "<i>marker</i>", "en": '"><i>marker</i>'}
    cast.admin.name, cast.admin.sort_name = '<i>marker"x</i>', "<i>marker"
    for url in (
        "/departments",
        "/departments/it",
        "/people",
        "/people?department=it",
        "/admin/departments",
        "/admin/people",
        "/admin/departments/it",
        "/people/me",
        f"/people/{cast.agent.public_id}",
        "/people/picker?q=marker",
    ):
        assert "<i>marker" not in admin.get(url).text
