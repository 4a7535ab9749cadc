"""Mail about the account itself: the link of a reset is made when it is sent, and the owner hears of every change."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import events
from portal.accounts.models import OneTimeToken
from portal.core.db import db
from portal.core.events import publish
from portal.notifications.models import Outbox
from tests.cast.people import Cast
from tests.notifications.conftest import Work
from tests.notifications.post_office import PostOffice


def test_link_of_a_reset_is_made_when_the_mail_is_sent(app: Flask, cast: Cast, client, office: PostOffice, work: Work) -> None:
    client.post("/sign-in/forgotten", data={"name": "employee@demo.example"})
    app.test_cli_runner().invoke(args=["jobs", "run", "--once"])
    db.session.rollback()
    (mail,) = office.mails
    assert office.addresses == ["employee@demo.example"]
    assert mail["Subject"] == "Elige una contraseña nueva"
    (address,) = re.findall(r"http://localhost(/sign-in/reset/\S+)", mail.get_body(("plain",)).get_content())
    assert client.get(address).status_code == 200
    row = db.session.scalars(select(Outbox)).one()
    assert address.rpartition("/")[2] not in str(row.__dict__)


def test_repeated_mail_carries_a_fresh_token_and_the_earlier_one_is_over(cast, client, office, work, clock) -> None:
    publish(events.ResetAsked(cast.employee.id))
    office.rcpt = lambda address: "451 later"
    work()
    office.rcpt = lambda address: "250 OK"
    clock.shift(timedelta(minutes=1))
    work()
    assert len(office.mails) == 1
    assert len(list(db.session.scalars(select(OneTimeToken).where(OneTimeToken.used_at.is_(None))))) == 1


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (lambda person: events.PasswordChanged(person, True), "un enlace que te enviamos"),
        (lambda person: events.PasswordChanged(person, False), "en tu cuenta"),
        (lambda person: events.FactorChanged(person, person, "removed"), "Se ha quitado tu segundo factor"),
        (lambda person: events.FactorChanged(person, person, "added"), "un código de tu dispositivo"),
        (lambda person: events.FactorChanged(person, person, "codes"), "códigos de recuperación son nuevos"),
        (lambda person: events.RecoveryCodeUsed(person, 1), "Te queda 1."),
    ],
    ids=["reset", "changed", "factor removed", "factor added", "new codes", "code used"],
)
def test_owner_is_told_of_changes(cast: Cast, office: PostOffice, work: Work, event, words: str) -> None:
    cast.employee.mail_of_progress = False
    publish(event(cast.employee.id))
    work()
    assert words in office.mails[0].get_body(("plain",)).get_content().replace("\n", " ")
