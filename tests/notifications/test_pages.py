"""The bell, and the pages on which administrators look after mail and timed work."""

import pytest
from sqlalchemy import select

from portal.core import clock as time
from portal.core import jobs, security
from portal.core.db import db
from portal.notifications import labels, queries
from portal.notifications.actions import notify
from portal.notifications.models import Notification, Outbox
from tests import things
from tests.cast.people import Cast, sign_in, token_of
from tests.factories import requests as factory
from tests.performance.meter import statements


def tell(thing, *people, event: str = "solved:1", **more) -> None:
    more = {"data": {"word": "portátil"}} | more
    notify([person.id for person in people], "thing/solved", things.KIND, thing.id, event, time.now(), **more)


def news(person) -> list[Notification]:
    db.session.commit()
    return list(db.session.scalars(select(Notification).where(Notification.recipient_id == person.id)))


def test_bell_counts_and_lists_what_is_new(thing, cast: Cast, client) -> None:
    tell(thing, cast.agent, event="a")
    tell(thing, cast.agent, cast.agent2, event="b")
    answer = sign_in(client, cast.agent).get("/notifications")
    assert answer.text.count("Enviado: Informática") >= 2
    assert "2 sin leer" in answer.text
    assert [line.read_at for line in news(cast.agent)] == [None, None]


def test_bell_speaks_the_language_of_its_reader(thing, cast: Cast, client) -> None:
    tell(thing, cast.agent)
    cast.agent.language = "en"
    assert "Sent: Informática" in sign_in(client, cast.agent).get("/notifications").text


def test_opening_a_line_marks_it_read_and_leads_to_the_thing(thing, cast: Cast, client) -> None:
    tell(thing, cast.agent)
    (line,) = news(cast.agent)
    sign_in(client, cast.agent)
    answer = client.post(f"/notifications/{line.public_id}/reading", data=token_of(client))
    assert (answer.status_code, answer.location) == (303, "/departments/it")
    assert news(cast.agent)[0].read_at is not None
    assert queries.unread_count(cast.agent, time.now()) == 0


def test_line_of_somebody_else_is_not_there(thing, cast: Cast, client) -> None:
    tell(thing, cast.agent)
    (line,) = news(cast.agent)
    sign_in(client, cast.agent2)
    assert client.post(f"/notifications/{line.public_id}/reading", data=token_of(client)).status_code == 404
    assert news(cast.agent)[0].read_at is None


def test_all_are_marked_read_at_once(thing, cast: Cast, client) -> None:
    for event in "abc":
        tell(thing, cast.agent, cast.agent2, event=event)
    sign_in(client, cast.agent)
    assert client.post("/notifications/readings", data=token_of(client)).status_code == 303
    assert queries.unread_count(cast.agent, time.now()) == 0
    assert queries.unread_count(cast.agent2, time.now()) == 3
    assert "sin leer" not in client.get("/notifications").text


def test_what_is_no_longer_visible_leaves_bell_and_count(thing, cast: Cast, client) -> None:
    tell(thing, cast.agent)
    (line,) = news(cast.agent)
    things.hidden.add(cast.agent.id)
    sign_in(client, cast.agent)
    assert "Informática" not in client.get("/notifications").text
    assert queries.unread_count(cast.agent, time.now()) == 0
    answer = client.post(f"/notifications/{line.public_id}/reading", data=token_of(client))
    assert (answer.status_code, answer.location) == (303, "/notifications")


def test_internal_line_is_for_those_who_read_internal_parts(thing, cast: Cast) -> None:
    tell(thing, cast.agent, cast.admin, internal=True)
    assert queries.unread_count(cast.agent, time.now()) == 1
    assert queries.unread_count(cast.admin, time.now()) == 0


def test_the_bell_costs_the_same_for_things_of_all_kinds(app, thing, cast: Cast) -> None:
    request = factory.send(factory.service(cast.it), cast.employee)
    lines = [(things.KIND, thing.id), ("request", request.id), ("person", cast.head.id), ("person", cast.auditor.id)]
    client, taken, unread = sign_in(app.test_client(), cast.agent), [], []
    for number, (kind, id_) in enumerate(lines):
        notify([cast.agent.id], "thing/solved", kind, id_, f"line:{number}", time.now(), data={"word": "portátil"})
        db.session.commit()
        for address in ("/account", "/notifications"):
            with statements(db.engine) as found:
                assert client.get(address).status_code == 200
            taken.append((address, len(found)))
        unread.append(queries.unread_count(cast.agent, time.now()))
    assert len(set(taken)) == 2
    assert unread == [1, 2, 3, 3]


def test_pages_of_the_bell_hold_each_line_once(thing, cast: Cast, client) -> None:
    for number in range(26):
        tell(thing, cast.agent, event=f"event-{number}")
    sign_in(client, cast.agent)
    first = client.get("/notifications").text
    assert first.count("<li data-unread") == 25
    address = first.partition("/notifications?page=")[2].partition('"')[0]
    assert client.get(f"/notifications?page={address}").text.count("<li data-unread") == 1


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        (labels.LEFT, "quien lo recibía ya no está"),
        (labels.NOBODY, "nadie lee en esa dirección"),
        (labels.HIDDEN, "quien lo recibía ya no puede verla"),
        (labels.HIDDEN_PART, "quien lo recibía ya no puede ver esa parte"),
        (labels.KILLED, "el envío se cortó a medias"),
        (labels.SERVER_AWAY + "OSError: 100% full", "el servidor no responde: OSError: 100% full"),
        (labels.NOT_MADE + "KeyError", "el correo no se pudo componer: KeyError"),
        ("550 mailbox full", "550 mailbox full"),
    ],
)
def test_reasons_are_told_in_the_language_of_the_reader(thing, cast: Cast, client, stored: str, told: str) -> None:
    tell(thing, cast.agent, mail=True, by=cast.head2)
    row = db.session.scalars(select(Outbox)).one()
    row.state, row.reason = "failed", stored
    assert f">{told}<" in sign_in(client, cast.admin).get("/admin/mail").text
    (mail,) = queries.mails_about(things.KIND, thing.id, True)
    assert mail.why == told


def test_htmx_gets_the_list_alone(thing, cast: Cast, client) -> None:
    tell(thing, cast.agent)
    answer = sign_in(client, cast.agent).get("/notifications", headers={"HX-Request": "true", "HX-Target": "div#news"})
    assert answer.text.lstrip().startswith('<div id="news"')


@pytest.mark.parametrize("path", ["/admin/mail", "/admin/jobs"])
def test_machines_are_for_administrators_alone(cast: Cast, client, path: str) -> None:
    assert sign_in(client, cast.agent).get(path).status_code == 403
    assert sign_in(client, cast.auditor).get(path).status_code == 403
    assert sign_in(client, cast.admin).get(path).status_code == 200


def test_page_of_mail_shows_kind_recipient_and_state_but_no_text(thing, cast: Cast, client) -> None:
    tell(thing, cast.agent, mail=True)
    row = db.session.scalars(select(Outbox)).one()
    row.state, row.reason = "failed", "550 mailbox full"
    page = sign_in(client, cast.admin).get("/admin/mail").text
    assert "thing/solved" in page
    assert "Nuria Campos" in page
    assert "550 mailbox full" in page
    assert "portátil" not in page
    assert "agent@demo.example" not in page
    assert "Nuria Campos" not in client.get("/admin/mail?state=sent").text
    assert client.get("/admin/mail?state=nonsense").status_code == 400


def test_failed_mail_is_sent_again_by_an_administrator(thing, cast: Cast, client) -> None:
    tell(thing, cast.agent, mail=True)
    row = db.session.scalars(select(Outbox)).one()
    row.state, row.refusals = "failed", 21
    address = f"/admin/mail/{row.public_id}/sending"
    sign_in(client, cast.agent)
    assert client.post(address, data=token_of(client)).status_code == 403
    sign_in(client, cast.admin)
    assert client.post(address, data=token_of(client)).status_code == 303
    assert client.post(address, data=token_of(client)).status_code == 409
    db.session.refresh(row)
    assert (row.state, row.refusals) == ("queued", 0)


def test_page_of_timed_work_shows_what_was_put_aside_and_tries_it_again(cast: Cast, client) -> None:
    db.session.add(jobs.Job(kind="thing.broken", run_at=time.now(), attempts=3, error="Boom", parked_at=time.now()))
    db.session.commit()
    sign_in(client, cast.admin)
    page = client.get("/admin/jobs").text
    assert "Boom" in page
    assert "attachments.sweep" in page
    job = db.session.scalars(select(jobs.Job)).one()
    key = security.sign("job", job.id)
    assert client.post("/admin/jobs/attempt", data=token_of(client) | {"job": str(job.id)}).status_code == 404
    assert client.post("/admin/jobs/attempt", data=token_of(client) | {"job": key}).status_code == 303
    db.session.refresh(job)
    assert (job.parked_at, job.attempts) == (None, 0)


def test_bell_and_mail_lead_where_the_message_says(thing, cast: Cast, client) -> None:
    tell(thing, cast.agent, path="/somewhere/else")
    (line,) = news(cast.agent)
    sign_in(client, cast.agent)
    assert client.post(f"/notifications/{line.public_id}/reading", data=token_of(client)).location == "/somewhere/else"


def test_CM14_administrators_see_on_every_page_that_mail_waits_for_its_server(thing, cast: Cast, client) -> None:
    tell(thing, cast.agent, mail=True)
    row = db.session.scalars(select(Outbox)).one()
    row.reason = "server away: ConnectionRefusedError"
    assert "El servidor de correo no responde" in sign_in(client, cast.admin).get("/notifications").text
    assert "El servidor de correo no responde" not in sign_in(client, cast.agent).get("/notifications").text


def test_RE17_who_caused_a_mail_hears_what_went_wrong_and_agents_see_all(thing, cast: Cast) -> None:
    tell(thing, cast.agent, event="a", mail=True, by=cast.head2)
    tell(thing, cast.agent2, event="b", mail=True, by=cast.head2)
    tell(thing, cast.head2, event="c", mail=True, internal=True)
    db.session.scalars(select(Outbox).where(Outbox.event == "a")).one().state = "failed"
    assert [mail.state for mail in queries.mails_about(things.KIND, thing.id, True)] == ["queued", "queued", "failed"]
    assert len(queries.mails_about(things.KIND, thing.id, False)) == 2
    (own,) = queries.mails_about(things.KIND, thing.id, False, cast.head2)
    assert (own.recipient, own.words, own.look) == ("Nuria Campos", "Falló", "bad")
