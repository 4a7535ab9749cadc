"""Subscribing by mail: asked twice, told once, left with one press; and nothing tells who is on the list."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db
from portal.core.jobs import run_jobs
from portal.status import deliveries, passing, queries
from portal.status.actions import incidents, subscriptions
from portal.status.models import IncidentUpdate, StatusDelivery, Subscription, SubscriptionAttempt
from tests.conftest import commit
from tests.factories import status as make
from tests.notifications.post_office import open_office
from tests.status.conftest import MONDAY

FORM = {"address": "ana@outside.example", "kind": ["incident", "maintenance"]}


@pytest.fixture
def office(app, monkeypatch, at_nine):
    with open_office() as office:
        monkeypatch.setitem(app.config, "PORTAL_MAIL_URL", office.url)
        yield office


def work(what=deliveries.work):
    commit()
    return what()


def subscriber(address="ana@outside.example", components=None):
    subscriptions.subscribe(address, "en", subscriptions.KINDS, components, clock.now())
    found = db.session.query(Subscription).filter_by(address=address).one()
    subscriptions.confirm(found, clock.now())
    return found


def link(mail):
    return next(line for line in mail.get_content().splitlines() if "/confirmation/" in line).removeprefix("http://localhost")


def test_SP32_case_only_the_pressed_button_confirms_and_only_once(client, office):
    assert client.post("/status/en/subscribe", data=FORM).status_code == 303
    work(run_jobs)
    assert office.addresses == ["ana@outside.example"]
    address = link(office.mails[0])
    assert "button" in client.get(address).text
    db.session.expire_all()
    assert db.session.query(Subscription).one().confirmed_at is None, "a scanner that opens links confirms nothing"
    assert client.post(address).status_code == 303
    db.session.expire_all()
    assert db.session.query(Subscription).one().confirmed_at == MONDAY
    assert client.post(address).status_code == 404
    assert client.get(address).headers["Referrer-Policy"] == "no-referrer"


def test_SP33_case_twenty_forms_in_a_minute_are_one_mail_and_the_same_answer(client, office, app):
    answers = []
    for number in range(20):
        with app.app_context():
            answers.append(client.post("/status/en/subscribe", data=FORM, environ_base={"REMOTE_ADDR": f"10.0.0.{number}"}))
    assert len({(answer.status_code, answer.data) for answer in answers}) == 1
    work(run_jobs)
    assert len(office.mails) == 1


def test_SP40_answer_is_the_same_for_new_confirmed_and_refused_addresses(client, office, at_nine):
    subscriber("known@outside.example")
    refused = subscriber("refused@outside.example")
    subscriptions.leave(refused, "refused", clock.now())
    work(run_jobs)
    at_nine.move_to(MONDAY + timedelta(minutes=20))
    answers = [
        client.post("/status/en/subscribe", data=FORM | {"address": f"{name}@outside.example"})
        for name in ("new", "known", "refused")
    ]
    assert len({(answer.status_code, answer.location, answer.data) for answer in answers}) == 1
    assert all("Set-Cookie" not in answer.headers for answer in answers)
    assert db.session.query(SubscriptionAttempt).filter_by(kind="mail").count() == 2 + len(answers), "the same work for each"
    work(run_jobs)
    assert office.addresses == ["new@outside.example"]


def test_SP33_case_forms_at_the_same_time_are_one_mail(real_app):
    def send(number):
        client = real_app.test_client()
        return client.post("/status/en/subscribe", data=FORM, environ_base={"REMOTE_ADDR": f"10.0.0.{number}"}).status_code

    with ThreadPoolExecutor(5) as pool:
        assert list(pool.map(send, range(5))) == [303] * 5
    with real_app.app_context():
        assert db.session.query(SubscriptionAttempt).filter_by(kind="mail").count() == 1
        assert db.session.query(Subscription).count() == 1


@pytest.mark.parametrize("address", ["nobody", "a@b", f"{'a' * 250}@b.example", "a b@c.example", ""])
def test_malformed_address_is_422(client, office, address):
    assert client.post("/status/en/subscribe", data=FORM | {"address": address}).status_code == 422


def test_SP42_eleventh_form_of_a_network_within_an_hour_is_429(client, office):
    found = [client.post("/status/en/subscribe", data=FORM | {"address": f"a{n}@outside.example"}) for n in range(11)]
    assert [answer.status_code for answer in found] == [303] * 10 + [429]
    assert found[-1].headers["Retry-After"]


def test_foreign_origin_is_400(client, office):
    assert client.post("/status/en/subscribe", data=FORM, headers={"Origin": "https://elsewhere.example"}).status_code == 400


def test_SP31_case_one_click_works_without_cookies_repeated_and_for_unknown_tokens(client, office):
    one = subscriber()
    token = subscriptions.token_for("leave", one)
    wrong = client.post(f"/u/{'z' * 44}", data={"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.example"})
    assert client.get(f"/u/{token}").status_code == 200
    db.session.expire_all()
    assert db.session.query(Subscription).count() == 1, "neither a GET nor a wrong token unsubscribes"
    right = client.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"}, content_type="multipart/form-data")
    again = client.post(f"/u/{token}")
    assert [answer.status_code for answer in (wrong, right, again)] == [200, 200, 200]
    db.session.expire_all()
    assert db.session.query(Subscription).count() == 0
    assert "ana@outside" not in str(db.session.connection().exec_driver_sql("SELECT * FROM subscription_suppression").all())


def test_SP44_message_carries_one_click_headers_and_goes_out_once(client, office, cast):
    subscriber()
    component = make.component("Tracking")
    incident = make.incident(cast.editor, {component: "partial_outage"})
    assert (work(), work()) == (1, 0)
    (mail,) = office.mails
    assert mail["Subject"] == "Investigating: Tracking is slow"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert client.post(mail["List-Unsubscribe"].strip(" <>").removeprefix("http://localhost")).status_code == 200
    assert incident.public_id in mail.get_content()


def test_SP45_subscriber_of_a_component_hears_from_the_update_that_adds_it(office, cast):
    tracking, web = make.component("Tracking"), make.component("Web")
    subscriber(components=[web])
    incident = make.incident(cast.editor, {tracking: "partial_outage"})
    work()
    assert office.mails == []
    make.say(incident, cast.editor, "identified", impacts={web: "degraded_performance"})
    work()
    assert len(office.mails) == 1


def test_SP34_case_four_single_messages_and_one_digest(office, cast, at_nine):
    subscriber()
    for number in range(40):
        make.incident(cast.editor, name=f"Incident {number}")
    work()
    assert len(office.mails) == 4
    at_nine.move_to(MONDAY + timedelta(minutes=10, seconds=1))
    work()
    assert len(office.mails) == 5
    assert office.mails[-1]["Subject"] == "36 pieces of news about our services"


def test_SP15_backdated_and_internal_and_embargoed_incidents_send_nothing(office, cast):
    subscriber()
    make.incident(cast.editor, ago=timedelta(hours=25))
    make.incident(cast.editor, internal=True)
    make.incident(cast.editor, published_at=MONDAY + timedelta(hours=1))
    secret = make.component("Secret", visibility="internal")
    make.incident(cast.editor, {secret: "major_outage"})
    work()
    assert office.mails == []


def test_SP28_correction_sends_nothing_unless_ticked(office, cast):
    incident = make.incident(cast.editor)
    subscriber()

    update = db.session.query(IncidentUpdate).filter_by(incident_id=incident.id).one()
    incidents.correct(update, make.both("Other words"), cast.editor, clock.now())
    work()
    assert office.mails == []


def test_SP14_ticked_correction_is_sent_again_as_a_mail_of_its_own(office, cast):
    subscriber()
    incident = make.incident(cast.editor)
    work()
    update = db.session.query(IncidentUpdate).filter_by(incident_id=incident.id).one()
    incidents.correct(update, make.both("Other words"), cast.editor, clock.now(), notify=True)
    work()
    assert len({mail["Message-ID"] for mail in office.mails}) == 2
    assert "Other words" in office.mails[1].get_content()
    assert db.session.query(StatusDelivery).count() == 1


def test_SP24_case_start_and_end_by_the_clock_are_each_told_once(client, office, cast, at_nine):
    subscriber()
    window = make.window(cast.editor)
    work()
    for hours in (24, 26):
        at_nine.move_to(MONDAY + timedelta(hours=hours, seconds=20))
        assert (work(passing.work), work(passing.work)) == (1, 0)
        work()
    assert [mail["Subject"].split(":")[0] for mail in office.mails] == ["Planned", "Under way", "Completed"]
    said = queries.public_maintenance(clock.now(), window.public_id).updates
    assert [one.published_at for one in said[:2]] == [MONDAY + timedelta(hours=26), MONDAY + timedelta(hours=24)]


def test_mail_that_never_gets_through_is_given_up(office, cast, at_nine):
    subscriber()
    office.rcpt = lambda address: "450 later"
    make.incident(cast.editor)
    for day in range(deliveries.MOST_ATTEMPTS + 1):
        at_nine.move_to(MONDAY + timedelta(days=day))
        work()
    db.session.expire_all()
    row = db.session.query(StatusDelivery).one()
    assert (row.outcome, row.attempts) == ("given_up", deliveries.MOST_ATTEMPTS)


def test_SP47_address_that_refuses_for_good_is_written_to_no_more(office, cast):
    subscriber()
    office.rcpt = lambda address: "550 no such mailbox"
    make.incident(cast.editor)
    work()
    db.session.expire_all()
    assert db.session.query(Subscription).count() == 0
    assert db.session.query(StatusDelivery).count() == 0


def test_SP43_choices_are_changed_by_the_token_of_a_message_only(client, office):
    one, web = subscriber(), make.component("Web")
    token = subscriptions.token_for("manage", one)
    assert "Web" in client.get(f"/status/en/subscription/{token}").text
    assert (
        client.post(f"/status/en/subscription/{token}", data={"kind": "incident", "component": web.public_id}).status_code == 303
    )
    db.session.expire_all()
    assert (one.kinds, one.everything) == (["incident"], False)
    assert client.get(f"/status/en/subscription/{subscriptions.token_for('leave', one)}").status_code == 404
