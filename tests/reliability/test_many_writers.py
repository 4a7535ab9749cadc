"""R3: sixteen people write at the same moment on SQLite; nobody reads of a lock, and nobody waits long."""

import time
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.conversations.models import Comment
from portal.conversations.queries import new_send_key
from portal.core.db import db
from tests.cast.people import Cast, add_person
from tests.factories import requests as factory
from tests.notifications.post_office import free_port
from tests.racing import ROUNDS, race
from tests.reliability.browsers import Answer, Browser, open_browser

ENOUGH = 100  # rounds that tell something about time, on a machine that does nothing else
WRITERS, PAUSE = 16, 0.3
EACH = max(ROUNDS // 3, 1)
LONGEST = 2.0  # seconds, at the 99th percentile (RE-41)


@race
@pytest.mark.sqlite_only
def test_R3_sixteen_writers_on_sqlite_meet_no_lock(app: Flask, cast: Cast, workers_of) -> None:
    port, service = free_port(), factory.service(cast.it)
    people = [add_person(f"writer{number}@demo.example", f"Writer {number}", cast.customer_care) for number in range(WRITERS)]
    tasks = []
    for person in people:
        request = factory.send(service, person)
        keys = [new_send_key("request", request.id, person) for _ in range(EACH)]
        tasks.append((open_browser(app, port, person), f"/requests/{request.reference}/comments", keys))
    db.session.commit()
    workers = workers_of(app)
    workers.serve(port)
    answers = at_once(tasks)
    workers.kill_all()
    assert {answer.status for answer in answers} == {303}
    assert db.session.scalar(select(func.count()).select_from(Comment)) == WRITERS * EACH
    longest = sorted(answer.seconds for answer in answers)[int(len(answers) * 0.99) - 1]
    assert ROUNDS < ENOUGH or longest < LONGEST


def at_once(tasks: list[tuple[Browser, str, list[str]]]) -> list[Answer]:
    """Let each write one comment after the other, all side by side, as fast as people could."""
    answers: list[Answer] = []

    def write(browser: Browser, path: str, keys: list[str]) -> None:
        for key in keys:
            answers.append(browser.post(path, audience="public", text="One more word.", last="0", send_key=key))
            time.sleep(PAUSE)

    threads = [Thread(target=write, args=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
