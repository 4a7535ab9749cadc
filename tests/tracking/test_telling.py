"""What customers are told and when, what is deleted in the end, and what an item waits for (TR-11, TR-26, TR-31, TR-35)."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock as core_clock
from portal.core import jobs
from portal.core.db import db, transaction
from portal.notifications import delivery, outside
from portal.notifications.models import Outbox
from portal.tracking import actions, retention, touching
from portal.tracking.models import Checkpoint, TrackedItem, TrackingCode, TrackingPromise
from tests.cast.people import sign_in, token_of
from tests.status.seed_api import HIDDEN, seed
from tests.tracking.conftest import at


@pytest.fixture
def sent(monkeypatch):
    """The mails that would have left."""
    mails = []

    class Box:
        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        def send(self, mail, recipient, name):
            mails.append(mail)
            return delivery.DELIVERED

    monkeypatch.setattr(outside.delivery, "connected", Box)
    return mails


def work():
    db.session.commit()
    jobs.run_jobs()
    db.session.expire_all()


def subjects_of(sent):
    return [str(mail["Subject"]) for mail in sent]


@pytest.fixture
def told(parcel, sent, clock):
    """A parcel whose acceptance was told, eleven minutes ago."""
    work()
    assert subjects_of(sent) == ["Tu envío: Aceptado"]
    sent.clear()
    clock.shift(11 * 60)
    return parcel


def test_a_message_goes_out_when_the_state_changes_and_says_no_secret(told, sent):
    told.told("shipped", "03-02 08:05", "Zaragoza", note="SECRETNOTE")
    work()
    assert subjects_of(sent) == ["Tu envío: En camino"]
    text = sent[0].get_content()
    assert not [word for word in ("SECRET", "2026-00412", told.code[:4]) if word in text]
    assert (sent[0]["To"], sent[0]["Auto-Submitted"]) == ("secret@client.example", "auto-generated")


def test_a_burst_yields_the_newest_state_and_ten_minutes_lie_between_two(told, sent, clock):
    told.told("shipped", "03-02 08:05")
    told.told("out_for_delivery", "03-02 08:06")
    work()
    told.told("completed", "03-02 08:11")
    work()
    assert subjects_of(sent) == ["Tu envío: En reparto"]
    clock.shift(10 * 60)
    work()
    assert subjects_of(sent) == ["Tu envío: En reparto", "Tu envío: Entregado"]


def test_news_that_comes_while_a_mail_is_being_sent_waits_for_the_pause(told, sent, clock, monkeypatch):
    box, item_id = outside.delivery.connected, told.item.id
    send = box.send

    def meanwhile(self, *mail):
        monkeypatch.setattr(box, "send", send)
        with transaction():
            news = actions.Report(actions.State.OUT_FOR_DELIVERY, at("03-02 08:06"), "UTC")
            item = db.session.get_one(TrackedItem, item_id)
            actions.report(item, actions.queries.source("import"), news, None, core_clock.now())
        jobs.run_jobs()
        return send(self, *mail)

    told.told("shipped", "03-02 08:05")
    monkeypatch.setattr(box, "send", meanwhile)
    work()
    assert subjects_of(sent) == ["Tu envío: En camino"]
    clock.shift(10 * 60)
    work()
    assert subjects_of(sent) == ["Tu envío: En camino", "Tu envío: En reparto"]


def test_a_mail_that_the_server_did_not_take_is_tried_again_before_the_pause_is_over(told, sent, clock, monkeypatch):
    told.told("shipped", "03-02 08:05")
    with monkeypatch.context() as patched:
        patched.setattr(outside.delivery.connected, "send", lambda *mail: delivery.Outcome("temporary"))
        work()
    assert sent == []
    clock.shift(60)
    work()
    assert subjects_of(sent) == ["Tu envío: En camino"]


def test_TR10_TR11_what_changes_nothing_for_the_customer_is_not_told(told, sent, clock):
    told.told("completed", "03-02 08:05")
    work()
    clock.shift(11 * 60)
    told.told("shipped", "03-02 08:03")
    told.told("completed", "03-02 08:05", "Zaragoza")
    work()
    assert len(sent) == 1


def test_TR12_a_return_after_delivery_is_told(told, sent, clock):
    told.told("completed", "03-02 08:05")
    work()
    clock.shift(11 * 60)
    told.told("returned", "03-02 08:20")
    work()
    assert subjects_of(sent)[1:] == ["Tu envío: Devuelto al remitente"]


def test_TR14_a_promise_that_passes_is_told_at_the_start_of_the_next_local_day(told, sent, clock):
    told.promised("2026-03-02")
    work()
    assert subjects_of(sent) == ["Tu envío: Aceptado"]
    clock.move_to(at("03-02 23:00"))
    work()
    assert subjects_of(sent)[1:] == ["Tu envío: Con retraso"]


def test_imported_news_of_more_than_48_hours_ago_is_not_told(told, sent):
    told_ = actions.Report(actions.State.IN_PROGRESS, at("03-02 08:01"), "UTC")
    actions.report(told.item, actions.queries.source("import"), told_, None, core_clock.now(), quiet=True)
    work()
    assert sent == []


def test_news_that_waits_is_told_though_old_news_is_imported_meanwhile(told, sent, clock):
    told.told("shipped", "03-02 08:05")
    work()
    told.told("out_for_delivery", "03-02 08:06")
    old = actions.Report(actions.State.IN_PROGRESS, at("03-02 08:01"), "UTC")
    actions.report(told.item, actions.queries.source("import"), old, None, core_clock.now(), quiet=True)
    late = actions.Promise(instant=at("03-09 10:00"))
    now = core_clock.now()
    actions.promise(told.item, late, "", actions.queries.source("import"), None, at("03-02 08:01"), now, quiet=True)
    clock.shift(10 * 60)
    work()
    assert subjects_of(sent) == ["Tu envío: En camino", "Tu envío: En reparto"]


def test_who_asked_for_it_inside_is_told_by_bell_and_mail(told, cast):
    told.item.requester_id, told.item.email = cast.employee.id, None
    told.told("shipped", "03-02 08:05")
    work()
    assert db.session.scalars(select(Outbox.message).where(Outbox.recipient_id == cast.employee.id)).all() == ["tracking/news"]


def test_a_mailed_code_is_made_when_it_is_sent_and_opens_the_page(app, told, sent, cast, client):
    staff = sign_in(app.test_client(), cast.agent)
    assert staff.post(f"/tracked-items/{told.item.public_id}/codes/mail", data=token_of(staff)).status_code == 303
    work()
    path = next(line for line in sent[0].get_content().splitlines() if "/track/es/" in line).partition("localhost")[2]
    assert client.get(path).status_code == 200


def test_180_days_after_the_end_people_and_places_are_forgotten(app, parcel, client, clock):
    parcel.promised("2026-03-09", "SECRETREASON")
    parcel.told("completed", "03-02 07:30", "Zaragoza")
    end = at("03-02 07:30")
    assert retention.empty_due(end + timedelta(days=179)) == 0
    assert retention.empty_due(end + timedelta(days=181)) == 1
    assert retention.empty_due(end + timedelta(days=181)) == 0
    db.session.expire_all()
    assert (parcel.item.postcode, parcel.item.email, parcel.item.contents, parcel.item.proof) == (None, None, "", "")
    assert set(db.session.execute(select(Checkpoint.state, Checkpoint.place, Checkpoint.note))) == {
        ("accepted", "", ""),
        ("completed", "", ""),
    }
    assert db.session.scalars(select(TrackingPromise.reason)).all() == [""]
    assert db.session.scalar(select(func.count()).select_from(TrackingCode)) == 0


@pytest.fixture
def depending(cast, parcel):
    """The parcel depends on every component of the status page's seed, the internal one among them."""
    there = seed(cast.editor)
    components = [there.tracking, there.phone, there.shops, there.secret]
    touching.depend(parcel.item, components, cast.agent, core_clock.now())
    db.session.commit()
    return parcel


def test_the_page_names_what_an_item_waits_for_in_public_words_only(depending, client):
    page = client.get(depending.path).text
    assert all(word in page for word in ("Espera a Tracking", "Tracking is slow", "Espera a Shops", "Shops move"))
    links = re.findall(r'href="(/status/es/(?:incidents|maintenance)/\w+)"', page)
    assert [client.get(link).status_code for link in links] == [200, 200]
    assert not [word for word in HIDDEN if word in page]


def test_TR17_an_embargoed_incident_of_a_component_shows_only_from_its_publication(depending, client, clock):
    seen = client.get(depending.path).text.partition('data-seen="')[2][:20]
    clock.shift(3 * 3600 - 1)
    assert "EMBARGOED" not in client.get(depending.path).text
    clock.shift(1)
    answer = client.get(f"{depending.path}?seen={seen}")
    assert answer.status_code == 200
    assert "EMBARGOEDINCIDENT" in answer.text


def test_staff_choose_among_the_public_components(app, cast, parcel):
    there = seed(cast.editor)
    client = sign_in(app.test_client(), cast.agent)
    chosen = {"component": [there.tracking.public_id, there.secret.public_id]}
    path = f"/tracked-items/{parcel.item.public_id}"
    assert client.post(f"{path}/components", data=token_of(client) | chosen).status_code == 303
    assert touching.ids_of(parcel.item) == {there.tracking.public_id}
    assert "INTERNALCOMPONENT" not in client.get(path).text
