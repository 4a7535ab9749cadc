"""Every route for every kind of person: the status of `tests/cast/matrix.csv`, and no word that the person may not read.

After a change of routes or rights: `python -m pytest tests/architecture/test_authorization.py --write-matrix`, then read the
difference of the table line by line, as permissions.md section 2 says it.
"""

import csv
import io
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts import sessions
from portal.core.db import db
from portal.core.policy import declaration
from tests import conftest, databases
from tests.cast.addresses import UNKNOWN, Variants, variants
from tests.cast.people import sign_in, token_of
from tests.cast.world import WORDS, World, seed

COOKIE = sessions.COOKIE
FIRST_ADDRESS = IPv4Address("10.0.0.0")
WRITING = ("POST", "PUT")
REFUSED = (403, 404)  # nothing was done, so the world is as it was
MATRIX = Path(__file__).parent.parent / "cast" / "matrix.csv"
PERSONAS = (
    "anonymous", "employee", "employee2", "colleague", "improver", "delegate", "head", "agent", "agent2", "head2",
    "trainer", "editor", "admin", "auditor", "partner", "stranger", "patient", "doctor", "deactivated",
)  # fmt: skip
# Who may read which word; everybody else never, on any page, fragment, list or count.
READS = {
    "employee": {"OWNWORD", "OPENWORD", "SECRETWORD", "DRAFTWORD"},
    "colleague": {"OPENWORD"},
    "head": {"OWNWORD", "OPENWORD", "BEGUNWORD"},
    "agent": {"OWNWORD", "OPENWORD", "NOTEWORD", "SECRETWORD", "VIEWWORD", "PARCELWORD"},
    "agent2": {"OWNWORD", "OPENWORD", "NOTEWORD", "SECRETWORD", "PARCELWORD"},
    "head2": {"OWNWORD", "OPENWORD", "NOTEWORD", "SECRETWORD", "PARCELWORD"},
    "trainer": {"TRAININGWORD"},
    "editor": {"TOLDWORD"},
    "admin": {"HIDDENWORD", "TRAININGWORD"},
    "auditor": {"OWNWORD", "OPENWORD", "NOTEWORD", "THEIRSWORD", "HIDDENWORD", "TOLDWORD", "PARCELWORD", "TRAININGWORD"},
    "patient": {"THEIRSWORD", "HIDDENWORD", "TOLDWORD", "TRAININGWORD"},
    "doctor": {"THEIRSWORD", "HIDDENWORD", "TRAININGWORD"},
}


@dataclass(frozen=True)
class Address:
    """One thing to ask for."""

    endpoint: str
    method: str
    variant: str
    path: str

    @property
    def row(self) -> tuple[str, str, str]:
        return (self.endpoint, self.method, self.variant)


def addresses(app: Flask, world: World) -> Iterator[Address]:
    adapter = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if rule.endpoint == "static":
            continue
        method = next((one for one in WRITING if one in rule.methods), "GET")
        for variant, values in described(rule.endpoint, rule.arguments).items():
            path = adapter.build(rule.endpoint, {key: known(value, world) for key, value in values.items()}, method=method)
            yield Address(rule.endpoint, method, variant, path)


def described(endpoint: str, arguments: set[str]) -> Variants:
    try:
        return variants(endpoint, arguments)
    except KeyError:
        raise AssertionError(f"{endpoint} takes {sorted(arguments)}: describe it in tests/cast/addresses.py") from None


def known(value: Any, world: World) -> str:
    return world.ids[value[0]][value[1]] if isinstance(value, tuple) else value


class Place:
    """The seeded world, and a way to make it as it was before each write."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.written = False
        self.asked = 0
        with app.app_context():
            self.world = seed()
            db.session.commit()
            self.clients = {name: self._client(name) for name in PERSONAS}
            self.secrets = {name: one.get_cookie(COOKIE).value for name, one in self.clients.items() if name != "anonymous"}
            self.addresses = list(addresses(app, self.world))
            self.sqlite = db.engine.dialect.name == "sqlite"
            self.file = Path(db.engine.url.database or "")
            if self.sqlite:
                self._keep()
            db.session.remove()

    def _keep(self) -> None:
        """Copy the database with all that SQLite still holds in its log."""
        self.snapshot.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.file)) as connection:
            connection.execute("VACUUM INTO ?", [str(self.snapshot)])

    @property
    def snapshot(self) -> Path:
        return self.file.with_suffix(".seeded")

    def _client(self, name: str) -> FlaskClient:
        client = self.app.test_client()
        if name != "anonymous":
            sign_in(client, getattr(self.world.cast, name), confirmed=True)
        return client

    def _dispose(self) -> None:
        with self.app.app_context():
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)

    def restore(self) -> None:
        self._dispose()
        shutil.copyfile(self.snapshot, self.file)
        for name, secret in self.secrets.items():
            self.clients[name].set_cookie(COOKIE, secret)

    def ask(self, name: str, address: Address, **headers: str) -> Any:
        client = self.clients[name]
        if self.written:
            self.restore()
        self.asked += 1
        origin = {"REMOTE_ADDR": str(FIRST_ADDRESS + self.asked)}  # limits count what comes from one network
        data = token_of(client) if address.method != "GET" else None
        answer = client.open(address.path, method=address.method, data=data, headers=headers, environ_base=origin)
        self.written = address.method != "GET" and answer.status_code not in REFUSED
        answer.get_data()
        answer.close()
        return answer


def read_matrix() -> dict[tuple[str, str, str], dict[str, int]]:
    with MATRIX.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["endpoint"], row["method"], row["variant"]): {name: int(row[name]) for name in PERSONAS} for row in rows}


@dataclass
class Heard:
    """What one person was answered at one address."""

    address: Address
    name: str
    status: int
    words: set[str]
    body: bytes  # of a refusal only


@pytest.fixture(scope="module")
def place(
    engine: str, open_databases: Callable[[str], databases.Databases], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """The seeded world on SQLite, for all that is asked here."""
    opened, name = open_databases(engine), f"{conftest.WORKER}-rights"
    app = conftest.build(opened.create(name), tmp_path_factory.mktemp("files"))
    yield Place(app)
    conftest.dispose(app)
    opened.drop(name)


@pytest.fixture(scope="module")
def heard(place: Place) -> list[Heard]:
    """Everybody asks for everything once."""
    everything = [*place.addresses, *searches(), *lists()]
    return [hear(place, name, address) for address in everything for name in PERSONAS]


def hear(place: Place, name: str, address: Address) -> Heard:
    """Ask, and keep what the tests below look at."""
    answer = place.ask(name, address)
    text = text_of(answer.get_data()) if address.method == "GET" else ""
    words = {word for word in WORDS if word in text} - asked_for(address)
    return Heard(address, name, answer.status_code, words, answer.get_data() if answer.status_code in REFUSED else b"")


@pytest.mark.sqlite_only
def test_every_route_answers_every_person_as_the_table_says(
    place: Place, heard: list[Heard], pytestconfig: pytest.Config
) -> None:
    found: dict[tuple[str, str, str], dict[str, int]] = {address.row: {} for address in place.addresses}
    for one in heard:
        if one.address.row in found:
            found[one.address.row][one.name] = one.status
    if pytestconfig.getoption("--write-matrix"):
        write_matrix(found)
    expected = read_matrix()
    assert set(found) == set(expected), set(found) ^ set(expected)
    wrong = [
        f"{row} as {name}: {status}, the table says {expected[row][name]}"
        for row, by_person in found.items()
        for name, status in by_person.items()
        if status != expected[row][name]
    ]
    assert not wrong, "\n".join(wrong)


def write_matrix(found: dict[tuple[str, str, str], dict[str, int]]) -> None:
    with MATRIX.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["endpoint", "method", "variant", *PERSONAS])
        writer.writerows([*row, *(found[row][name] for name in PERSONAS)] for row in sorted(found))


@pytest.mark.sqlite_only
def test_nobody_reads_a_word_that_is_not_for_them(heard: list[Heard]) -> None:
    seen: dict[str, set[str]] = {name: set() for name in PERSONAS}
    for one in heard:
        leaked = one.words - READS.get(one.name, set())
        assert not leaked, f"{one.address.path} shows {leaked} to {one.name}"
        seen[one.name] |= one.words
    for name, words in READS.items():
        assert seen[name] == words, f"{name} never saw {words - seen[name]}: without a positive control nothing is proved"


def searches() -> list[Address]:
    return [Address("search.index", "GET", word, f"/search?q={word}") for word in WORDS]


def lists() -> list[Address]:
    behind = [f"/reports/{page}?department={slug}" for page in ("open", "promises") for slug in ("it", "occupational-health")]
    boards = [Address("reports.waiting", "GET", path, path) for path in behind]
    return [Address("requests.queue", "GET", word, f"/requests/queue?q={word}") for word in WORDS] + boards


def text_of(body: bytes) -> str:
    """The words of a page or a file; those of a workbook stand packed in it."""
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(map(book.read, book.namelist()))
    return body.decode(errors="replace")


def asked_for(address: Address) -> set[str]:
    """The word in the address comes back in the search box."""
    return {address.variant} if "q=" in address.path else set()


@pytest.mark.sqlite_only
def test_fragments_follow_the_rule_of_their_page(place: Place, heard: list[Heard]) -> None:
    for one in heard:
        if one.address.method == "GET" and one.address.variant and one.name in ("stranger", "partner", "admin", "improver"):
            part = place.ask(one.name, one.address, **{"HX-Request": "true", "HX-Target": "div#conversation"}).status_code
            assert part == one.status, f"{one.address.path} as {one.name}: {one.status} whole, {part} as a fragment"


@pytest.mark.sqlite_only
def test_hidden_things_look_like_unknown_ones(place: Place, heard: list[Heard]) -> None:
    unknown = place.clients["stranger"].get(f"/requests/{UNKNOWN}").data
    for one in heard:
        hidden = one.name == "stranger" and one.status == 404 and one.address.method == "GET" and one.address.variant
        if hidden and declaration(place.app.view_functions[one.address.endpoint]) == "signed_in":
            assert one.body == unknown, f"{one.address.path} has a 404 of its own (PE-27)"


@pytest.mark.postgresql_only
def test_reading_routes_answer_the_same_on_postgresql(real_app: Flask) -> None:
    place, expected = Place(real_app), read_matrix()
    for address in place.addresses:
        looked_at = declaration(real_app.view_functions[address.endpoint]) not in ("public", "machines")
        if address.method == "GET":
            for name in PERSONAS if looked_at else ("anonymous", "admin"):
                assert place.ask(name, address).status_code == expected[address.row][name], (address.row, name)
