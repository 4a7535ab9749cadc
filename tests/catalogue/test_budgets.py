"""How many statements a page of the catalogue may take."""

import pytest
from sqlalchemy import event

from portal.core.db import db
from tests.cast.people import Cast, sign_in
from tests.factories import catalogue


@pytest.fixture
def service(cast: Cast):
    stages = ({"rule": "requester_head"}, {"rule": "person", "person_id": cast.admin.id})
    made = catalogue.service(cast.it, stages=stages, contact_id=cast.agent.id, for_whom={"es": "Quien contrata"})
    for number in range(10):
        catalogue.service(cast.it, f"s{number}", catalogue.SIMPLE)
    db.session.commit()
    return made


def statements(client, path) -> int:
    seen: list[str] = []

    def count(_connection, _cursor, statement, *_rest):
        if statement.startswith(("SELECT", "WITH")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    answer = client.get(path)
    event.remove(db.engine, "before_cursor_execute", count)
    assert answer.status_code == 200
    return len(seen)


@pytest.mark.parametrize("path", ["/catalogue", "/catalogue/it", "/catalogue/it/new-joiner"])
def test_page_for_everybody_takes_few_statements(client, cast, service, path):
    assert statements(sign_in(client, cast.employee), path) <= 12


@pytest.mark.parametrize("part", ["", "/form", "/form?question=needs", "/audience", "/route?stage=2", "/versions?since=1"])
def test_page_of_the_editor_takes_few_statements(client, cast, service, part):
    assert statements(sign_in(client, cast.head2), f"/admin/catalogue/{service.public_id}{part}") <= 15
