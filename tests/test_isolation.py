"""The fixtures keep their promises: clean databases, real commits, no network."""

import socket
import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import jobs
from portal.core.db import db


def count_jobs() -> int:
    return db.session.scalar(select(func.count()).select_from(jobs.Job)) or 0


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_starts_from_a_clean_database(app: Flask, turn: str) -> None:
    assert count_jobs() == 0
    jobs.enqueue("left-behind")
    db.session.commit()
    assert count_jobs() == 1


def test_threads_commit_for_real(real_app: Flask) -> None:
    def work() -> None:
        with real_app.app_context():
            jobs.enqueue("from-a-thread")
            db.session.commit()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with real_app.app_context():
        assert count_jobs() == len(threads)


def test_a_command_sees_what_the_test_prepared(app: Flask) -> None:
    jobs.enqueue("prepared")
    app.test_cli_runner().invoke(args=["routes"])
    db.session.rollback()
    assert count_jobs() == 1


def test_nothing_leaves_this_machine() -> None:
    with socket.socket() as outward, pytest.raises(AssertionError, match="tried to reach"):
        outward.connect(("192.0.2.1", 80))
