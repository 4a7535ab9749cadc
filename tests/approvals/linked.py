"""Links of the mails that ask for decisions, and pressing the buttons of their pages."""

import re

from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.approvals.models import Approval, ApprovalDecision
from portal.core.db import db
from portal.notifications import sending
from portal.notifications.models import Outbox
from portal.people.models import Person
from tests.approvals.begun import begin
from tests.approvals.conftest import NOW
from tests.approvals.papers import Paper
from tests.cast.people import Cast

LINK = re.compile(r"http://localhost(/approvals/links/([\w-]+))")
ENGLISH = {"Accept-Language": "en"}


def link_in_mail(person: Person, message: str = "asked") -> str:
    """Send the mail and return the path of the link that it carries."""
    found = select(Outbox.id).where(Outbox.recipient_id == person.id, Outbox.message == f"approvals/{message}")
    row_id = db.session.scalars(found.order_by(Outbox.id.desc())).first()
    assert row_id is not None
    db.session.commit()
    more = sending.check(row_id)
    assert more is not None
    body = sending.word(row_id, more)[0].get_body(("plain",))
    assert body is not None
    text = LINK.search(str(body.get_content()).replace("=\n", ""))
    assert text is not None, body.get_content()
    return text.group(1)


def begun(cast: Cast, secret: str = "", **options: object) -> tuple[Paper, Approval, str]:
    """Begin an approval of a paper and return the link of the head's mail."""
    paper, approval = begin(cast, NOW, secret=secret, **options)
    return paper, approval, link_in_mail(cast.head)


def nonce_in(page: str) -> str:
    found = re.search(r'name="nonce" value="([^"]+)"', page)
    assert found is not None, page
    return found.group(1)


def press(client: FlaskClient, path: str, outcome: str = "approved", reason: str = "", nonce: str | None = None):
    page = client.get(path, headers=ENGLISH).text if nonce is None else ""
    return client.post(path, data={"nonce": nonce or nonce_in(page), "outcome": outcome, "reason": reason}, headers=ENGLISH)


def count_decisions() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(ApprovalDecision)) or 0
