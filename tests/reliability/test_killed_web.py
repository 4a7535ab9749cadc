"""R1, small: web servers are killed while people write; what was acknowledged is there, once, whole and audited."""

import io
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from portal.approvals.models import Approval, ApprovalDecision, ApprovalSeat
from portal.attachments.models import FileLink, StoredFile
from portal.attachments.queries import kept_paths
from portal.audit.models import AuditEntry
from portal.conversations.models import Comment
from portal.conversations.queries import new_send_key
from portal.core import clock, files
from portal.core.db import db
from portal.core.security import new_token
from portal.requests.filling import Key
from portal.requests.models import Request
from tests.cast.people import Cast
from tests.factories import requests as factory
from tests.notifications.post_office import free_port
from tests.racing import ROUNDS, race
from tests.reliability.browsers import Browser, open_browser

KILLS = ROUNDS
PLAN = b"%PDF-1.7 " + bytes(range(256)) * 200
Deed = Callable[[str], int]


class Office:
    """Two people of each kind at work; the ledger keeps what was acknowledged to them."""

    def __init__(self, app: Flask, cast: Cast, port: int) -> None:
        self.app, self.ledger, self.stop = app, [], Event()
        self.service = factory.service(cast.it)
        asked = factory.service(cast.it, factory.HEAD_DECIDES, slug="laptop")
        self.subject = factory.send(self.service, cast.employee)
        waiting = [factory.send(asked, cast.employee) for _ in range(2 * KILLS)]
        db.session.commit()
        self.employee, self.head = open_browser(app, port, cast.employee), open_browser(app, port, cast.head)
        self.person, self.number = cast.employee, itertools.count()
        self.decisions = iter([self.button(request.id) for request in waiting])
        self.page = f"/requests/{self.subject.reference}/comments"
        self.form = f"/catalogue/it/{self.service.slug}/request"
        self.keys: Iterator[tuple[str, str]] = iter([self.new_keys() for _ in range(60 * KILLS)])
        db.session.rollback()

    def button(self, request_id: int) -> tuple[str, str]:
        approval = db.session.scalars(select(Approval).where(Approval.subject_id == request_id)).one()
        seat = db.session.scalars(select(ApprovalSeat).where(ApprovalSeat.approval_id == approval.id)).one()
        return f"/approvals/{approval.public_id}/decision", f"{seat.public_id}.{approval.content_hash}"

    def new_keys(self) -> tuple[str, str]:
        form = Key(new_token(), self.person.public_id, self.service.public_id).signed
        return form, new_send_key("request", self.subject.id, self.person)

    def create(self, words: str) -> int:
        fields = {"version": "1", "revision": "0", "on_page": "subject", "f.subject": words, "go": "send"}
        return self.employee.post(self.form, send_key=next(self.keys)[0], **fields).status

    def comment(self, words: str) -> int:
        return self.say(self.employee, words)

    def upload(self, words: str) -> int:
        return self.say(self.employee, words, file=FileStorage(io.BytesIO(PLAN), "plan.pdf"))

    def say(self, browser: Browser, words: str, **more: Any) -> int:
        fields = {"audience": "public", "text": words, "last": "0", "send_key": next(self.keys)[1]}
        return browser.post(self.page, **fields, **more).status

    def approve(self, words: str) -> int:
        path, button = next(self.decisions)
        status = self.head.post(path, approve=button).status
        return 303 if status == 409 else status  # decided before the answer was lost, and told so

    def work(self, deed: Deed) -> None:
        try:
            while not self.stop.is_set():
                words = f"{deed.__name__} number {next(self.number)}"
                self.ledger.append((deed.__name__, words, deed(words)))
        except StopIteration:
            return


@pytest.fixture
def office(app: Flask, cast: Cast, workers_of) -> Office:
    port = free_port()
    workers = workers_of(app)
    made = Office(app, cast, port)
    deeds = [deed for deed in (made.create, made.comment, made.upload, made.approve) for _ in range(2)]
    pid, threads = workers.serve(port), [Thread(target=made.work, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for number in range(KILLS):
        time.sleep(0.2 + (number * 7 % 10) / 33)
        workers.kill(pid)
        pid = workers.serve(port)
    made.stop.set()
    for thread in threads:
        thread.join()
    workers.kill_all()
    return made


def said(office: Office, *deeds: str) -> set[str]:
    return {words for name, words, _ in office.ledger if name in deeds}


def actions(name: str) -> int:
    return db.session.scalar(select(func.count()).where(AuditEntry.action == name)) or 0


@race
def test_R1_killed_web_servers_lose_nothing_and_write_nothing_twice(office: Office, cast: Cast) -> None:
    assert {status for _, _, status in office.ledger} == {303}
    assert min(Counter(name for name, _, _ in office.ledger).values()) >= 2
    requests = db.session.scalars(select(Request.title).where(Request.title.contains("create number"))).all()
    assert sorted(title.partition(": ")[2] for title in requests) == sorted(said(office, "create"))
    assert actions("request.sent") == db.session.scalar(select(func.count()).select_from(Request))
    comments = db.session.scalars(select(Comment.text)).all()
    assert sorted(comments) == sorted(said(office, "comment", "upload"))
    assert actions("comment.written") == len(comments)
    decided = db.session.scalar(select(func.count()).select_from(ApprovalDecision))
    assert decided == len(said(office, "approve")) == actions("approval.approved")
    hung = db.session.scalars(select(StoredFile).join(FileLink, FileLink.file_id == StoredFile.id)).all()
    assert len(hung) == len(said(office, "upload"))
    assert all(files.is_whole(file.path, file.size, file.digest) for file in hung)
    files.remove_all_but(kept_paths(), clock.now().replace(year=2100))
    # what was stored just before a kill is kept for its person, and hangs nowhere yet
    assert {file.path for file in hung} <= {place.name for place in files.location("").iterdir()} == kept_paths()
