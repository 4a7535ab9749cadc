"""What approvals tell people: in their language, with a link to the decision, and nothing that they may not see."""

from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from portal.approvals import actions
from portal.core.db import db
from portal.notifications import sending
from portal.notifications.models import Notification, Outbox
from portal.people.models import Person, Role
from tests.approvals.begun import approve, begin, seat_of
from tests.approvals.papers import KIND
from tests.cast.people import Cast, away, grant, sign_in

pytestmark = pytest.mark.usefixtures("today")


def mail_to(person: Person, message: str) -> EmailMessage:
    """Return the mail as it would be sent now."""
    found = select(Outbox.id).where(Outbox.recipient_id == person.id, Outbox.message == f"approvals/{message}")
    row_id = db.session.scalars(found).one()
    db.session.commit()
    assert sending.check(row_id) is not None, db.session.get_one(Outbox, row_id, populate_existing=True).reason
    return sending.word(row_id, {})[0]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_who_is_asked_gets_a_mail_that_leads_to_the_decision(cast: Cast, app: Flask, now: datetime) -> None:
    cast.head.language = "en"
    _paper, approval = begin(cast, now)
    mail = mail_to(cast.head, "asked")
    assert "Your decision is needed: Lamp" in mail["Subject"]
    assert f"http://localhost/approvals/{approval.public_id}" in text_of(mail)
    assert "hidden words" not in text_of(mail)


def test_AP1_the_delegate_is_asked_in_the_name_of_the_absent(cast: Cast, app: Flask, now: datetime) -> None:
    away(cast.head, cast.delegate, start=now - timedelta(days=1))
    _paper, approval = begin(cast, now)
    assert "Decide por Marta Soler: Lamp" in mail_to(cast.delegate, "asked")["Subject"]
    approve(approval, cast.delegate, now, seat_of(approval, cast.head))
    db.session.commit()
    for person in (cast.head, cast.delegate):
        page = sign_in(app.test_client(), person).get("/notifications").text
        assert "Rafael Quintana ha decidido en nombre de Marta Soler: Lamp" in page


def test_a_reminder_says_what_happens_next(cast: Cast, app: Flask, now: datetime) -> None:
    begin(cast, now)
    actions.remind_due(now + timedelta(hours=8), lambda department_id, start, end: end - start)
    assert "se preguntará también al nivel siguiente" in text_of(mail_to(cast.head, "reminder"))


def test_AP8_the_others_are_told_by_the_bell_that_it_is_over(cast: Cast, app: Flask, now: datetime) -> None:
    grant(cast.colleague, Role.HEAD, cast.customer_care)
    _paper, approval = begin(cast, now)
    approve(approval, cast.head, now)
    told = select(Notification.recipient_id).where(Notification.message == "approvals/ended")
    assert list(db.session.scalars(told)) == [cast.colleague.id]
    db.session.commit()
    assert "Decidida sin ti: Lamp" in sign_in(app.test_client(), cast.colleague).get("/notifications").text


def test_AP9_administrators_learn_number_and_stage_of_what_is_blocked(cast: Cast, app: Flask, now: datetime) -> None:
    paper, approval = begin(cast, now, {"mode": "count", "needed": 3})
    mail = mail_to(cast.admin, "blocked")
    assert f"PAP-{paper.id:06}" in mail["Subject"]
    assert "Paso 1" in text_of(mail)
    assert f"/approvals/{approval.public_id}/administration" in text_of(mail)
    assert "Lamp" not in text_of(mail) + mail["Subject"]


def test_who_left_before_it_was_sent_gets_nothing(cast: Cast, app: Flask, now: datetime) -> None:
    begin(cast, now)
    row_id = db.session.scalars(select(Outbox.id).where(Outbox.subject_kind == KIND)).one()
    cast.head.active = False
    db.session.commit()
    assert sending.check(row_id) is None
