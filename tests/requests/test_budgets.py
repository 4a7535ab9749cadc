"""How many statements a page of requests takes, whatever the number of its rows and the rights of its reader."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from portal.catalogue.actions.drafts import Seen, save_draft
from portal.catalogue.formkit.answers import Typed
from portal.catalogue.queries import published_version
from portal.core import clock
from portal.core.db import db
from portal.requests import actions
from portal.service_levels import actions as service_levels
from tests.cast.people import Cast, sign_in
from tests.factories import catalogue
from tests.factories import requests as factory

MOST = 12


@contextmanager
def statements() -> Iterator[list[str]]:
    found: list[str] = []

    def listen(*args: Any) -> None:
        if not args[2].startswith("BEGIN"):
            found.append(args[2])

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)


def busy(cast: Cast, help_desk, number: int):
    """A request with history, comments, files and followers, among others in the queue of a department with own hours."""
    hours = {"name": "IT", "zone": "Europe/Madrid", "hours": {"mon": {"08:00": "15:00"}}, "exceptions": []}
    service_levels.assign(service_levels.create_calendar(hours, cast.admin, clock.now()), [cast.it.id], [cast.it.id], cast.admin)
    for count in range(number):
        factory.send(help_desk, cast.employee, title=f"Thing {count}")
    request = factory.send(help_desk, cast.employee, beneficiary=cast.colleague)
    actions.take(request, cast.agent, clock.now())
    for count in range(number):
        actions.comment(request, cast.employee, f"Word {count}", False, clock.now())
        actions.comment(request, cast.agent2, f"Note {count}", True, clock.now())
    for follower in (cast.trainer, cast.editor):
        actions.add_watcher(request, follower, cast.employee, clock.now())
    for count in range(number):
        actions.link(request, factory.send(help_desk, cast.employee, title=f"Link {count}"), "related", cast.agent, clock.now())
    db.session.commit()
    return request


@pytest.mark.parametrize("who", ["employee", "agent", "head", "trainer", "auditor", "director"])
def test_the_page_of_a_request(app, cast: Cast, help_desk, who):
    request = busy(cast, help_desk, 5)
    client, reference = sign_in(app.test_client(), getattr(cast, who)), request.reference
    with statements() as found:
        page = client.get(f"/requests/{reference}")
    assert page.status_code == 200
    assert ("Link 4" in page.text) == (who != "trainer")
    assert len(found) <= MOST, "\n\n".join(found)


@pytest.mark.parametrize("who", ["employee", "agent", "head"])
def test_the_page_of_a_request_that_waits_for_approval(app, cast: Cast, approved_first, who):
    reference = factory.send(approved_first, cast.employee).reference
    db.session.commit()
    client = sign_in(app.test_client(), getattr(cast, who))
    with statements() as found:
        assert client.get(f"/requests/{reference}").status_code == 200
    assert len(found) <= MOST, "\n\n".join(found)


LISTS = ["/requests/queue", "/requests/queue?state=open&q=thing&assignee=none", "/requests", "/requests/forgotten"]


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("rows", [1, 8])
def test_the_lists(app, cast: Cast, help_desk, address, rows):
    busy(cast, help_desk, rows)
    client = sign_in(app.test_client(), cast.agent)
    with statements() as found:
        assert client.get(address).status_code == 200
    assert len(found) <= MOST, "\n\n".join(found)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("address", [*LISTS, "/requests?show=ended", "/requests/queue?state=closed"])
def test_no_list_reads_all_requests(app, cast: Cast, help_desk, address):
    reference = busy(cast, help_desk, 1).reference
    client, agent_plans = sign_in(app.test_client(), cast.agent), []
    for place in (address, f"/requests/{reference}"):
        with statements() as found:
            client.get(place)
        for statement in found:
            rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (1,) * statement.count("?"))
            agent_plans += [row[-1] for row in rows]
    assert not [step for step in agent_plans if step.split()[:2] == ["SCAN", "request"]]


FORM = 12  # one of them for the hint at open requests of the same kind, three for the promise
MANY_LOOKUPS = {
    "sections": [
        {
            "key": "who",
            "fields": [
                *(catalogue.field(f"person{number}", "person", f"Persona {number}", f"Person {number}") for number in range(4)),
                catalogue.field("team", "department", "Departamento", "Department"),
                catalogue.field("papers", "file", "Adjuntos", "Attachments"),
            ],
        }
    ]
}


@pytest.mark.parametrize("size", ["small company", "large company"])
@pytest.mark.parametrize("answered", [0, 1, 4])
def test_the_form_however_many_people_are_named_in_it(app, cast: Cast, monkeypatch, size, answered):
    if size == "large company":
        monkeypatch.setattr("portal.catalogue.directories.MOST_CHOICES", 3)
    named = {"rule": "person", "person_id": cast.finance_head.id}
    stages = (*factory.HEAD_DECIDES, {"rule": "service_head"}, named, {"rule": "role", "role": "trainer"})
    service = catalogue.service(cast.it, content=MANY_LOOKUPS, stages=stages)
    typed = [cast.colleague.public_id, cast.head.email, cast.agent.name, "nobody at all"][:answered]
    texts = {f"person{number}": (text,) for number, text in enumerate(typed)} | {"team": ("it",)}
    if answered:
        save_draft(cast.employee, published_version(service.id), "k" * 22, Typed("es", texts), Seen(0), clock.now())
    client = sign_in(app.test_client(), cast.employee)
    with statements() as found:
        page = client.get(f"/catalogue/it/{service.slug}/request")
    assert page.status_code == 200
    assert len(found) <= FORM, "\n\n".join(found)
    assert page.text.count('value="nobody at all"') == (answered == 4 and size == "large company")
