"""People from a CSV file: in the browser and by command, everybody or nobody."""

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.db import db
from portal.people import actions
from portal.people.models import Person
from tests.cast.people import Cast, sign_in, token_of

GOOD = """nombre;correo;departamento;número de empleado;puesto;responsable;sede
Álvaro Peña;Alvaro@demo.example;Finanzas;9001;Contable;zoe@demo.example;Sagunto
Zoe Mir;zoe@demo.example;5;;Directora;;
Lucía Ferrer Gil;employee@demo.example;customer-care;;;;Valencia
"""


@pytest.fixture
def admin(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.admin)


def upload(client: FlaskClient, text: str | bytes, name: str = "people.csv") -> Any:
    data = text.encode() if isinstance(text, str) else text
    return client.post("/admin/people/import", data=token_of(client) | {"file": (io.BytesIO(data), name)})


def count() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(Person)).all())


def test_a_file_is_shown_first_and_stored_when_asked(admin: FlaskClient, cast: Cast) -> None:
    before = count()
    preview = upload(admin, GOOD).location
    page = admin.get(preview)
    assert page.status_code == 200
    assert "Álvaro Peña" in page.text
    assert count() == before, "looking stores nothing"
    assert admin.post(preview, data=token_of(admin)).location == "/admin/people"
    assert count() == before + 2
    people = {person.email: person for person in db.session.scalars(select(Person))}
    new = people["alvaro@demo.example"]
    assert (new.name, new.employee_number, new.job_title, new.department_id) == (
        "Álvaro Peña",
        "9001",
        {"es": "Contable"},
        cast.finance.id,
    )
    assert new.manager_id == people["zoe@demo.example"].id
    assert people["employee@demo.example"].name == "Lucía Ferrer Gil"
    assert people["employee@demo.example"].site == "Valencia"


def test_the_same_file_twice_changes_nothing_more(admin: FlaskClient, cast: Cast) -> None:
    preview = upload(admin, GOOD).location
    admin.post(preview, data=token_of(admin))
    revisions = dict(db.session.execute(select(Person.id, Person.revision)).all())
    assert admin.post(preview, data=token_of(admin)).status_code == 303
    db.session.rollback()
    assert dict(db.session.execute(select(Person.id, Person.revision)).all()) == revisions


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (";a@demo.example;it", "nombre"),
        ("A;;it", "vacía"),
        ("A;not-a-mail;it", "no es una dirección"),
        ("A;a@b@c.example;it", "no es una dirección"),
        ("A;а@demo.example;it", "no es una dirección"),
        ("A;a@demo.example;Marte", "ningún departamento"),
        ("A;a@demo.example;it\nB;A@demo.example;it", "dos veces"),
        (f"{'x' * 121};a@demo.example;it", "demasiado larga"),
    ],
)
def test_a_wrong_line_is_named_in_words_and_nobody_is_stored(admin: FlaskClient, cast: Cast, line: str, words: str) -> None:
    before = count()
    preview = upload(admin, f"nombre;correo;departamento\nGood One;good@demo.example;it\n{line}\n").location
    page = admin.get(preview, headers={"Accept-Language": "es"}).text
    assert words in page or words == "nombre"
    assert admin.post(preview, data=token_of(admin)).status_code == 409
    assert count() == before


def test_numbers_and_managers_must_fit(app: Flask, cast: Cast) -> None:
    cast.head.employee_number = "77"
    db.session.flush()
    plan = actions.read_people(
        b"name,email,department,employee_number,manager\n"
        b"A,a@demo.example,it,77,head@demo.example\n"
        b"B,b@demo.example,it,,nobody@demo.example\n"
        b"C,c@demo.example,it,78,b@demo.example\n"
    )
    assert [len(line.problems) for line in plan.lines] == [1, 1, 0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"nombre;correo\n",
        b"nombre;correo;departamento\n",
        b"name,email,department,salary\nA,a@demo.example,it,9",
        b"name,name,email,department\n",
        b"\x00\x01\x02",
        b"%PDF-1.4",
    ],
    ids=repr,
)
def test_what_is_no_list_of_people_is_said_in_words(app: Flask, cast: Cast, data: bytes) -> None:
    plan = actions.read_people(data)
    assert plan.problems
    assert not plan.is_sound


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_of_spreadsheets_are_understood(app: Flask, cast: Cast, encoding: str, delimiter: str) -> None:
    text = (
        delimiter.join(["Nombre", "Correo", "Departamento"])
        + "\r\n"
        + delimiter.join(["Íñigo Saiz", "i@demo.example", "Dirección"])
    )
    (line,) = actions.read_people(text.encode(encoding)).lines
    assert line.problems == []
    assert line.cells["name"] == "Íñigo Saiz"


def test_without_a_file_or_with_another_kind_the_page_says_so(admin: FlaskClient) -> None:
    assert admin.post("/admin/people/import", data=token_of(admin)).status_code == 422
    assert upload(admin, b"MZ program").status_code == 422


def test_a_file_is_its_uploaders_alone(admin: FlaskClient, cast: Cast) -> None:
    from portal.people.models import Role
    from tests.cast.people import grant

    preview = upload(admin, GOOD).location
    grant(cast.head, Role.ADMINISTRATOR)
    other = sign_in(admin.application.test_client(), cast.head)
    assert other.get(preview).status_code == 404
    for made_up in ("x", "..%2f..%2fetc%2fpasswd", preview.rsplit("/", 1)[1] + "x"):
        assert admin.get(f"/admin/people/import/{made_up}").status_code == 404


def test_the_command_imports_and_names_wrong_lines(app: Flask, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(GOOD)
    runner = app.test_cli_runner()
    dry = runner.invoke(args=["people", "import", str(file), "--dry-run"])
    assert dry.exit_code == 0, dry.output
    assert "2 added, 1 changed (dry run)" in dry.output
    before = count()
    assert runner.invoke(args=["people", "import", str(file)]).exit_code == 0
    assert count() == before + 2
    file.write_text("name,email,department\nA,a@demo.example,Mars\n")
    wrong = runner.invoke(args=["people", "import", str(file)])
    assert wrong.exit_code == 1
    assert "2: " in wrong.output
