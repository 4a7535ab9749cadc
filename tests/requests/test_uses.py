"""What the linter of forms learns from requests: questions nobody answers, and those a kind needs (forms.md 27)."""

import pytest

from portal.catalogue import uses, versions
from portal.catalogue.queries import context_of
from portal.core import clock
from portal.core.db import db
from portal.requests.kinds import registry
from portal.requests.kinds.general import General
from portal.requests.sending import Answer
from tests.cast.people import Cast
from tests.factories import catalogue
from tests.factories import requests as make
from tests.performance.meter import statements

SUBJECT, DETAILS = catalogue.SIMPLE["sections"][0]["fields"]


def told(service, cast: Cast) -> list[tuple[str, str | None]]:
    work = versions.work_of(service.id)
    found = versions.findings_of(service, work.form, work, context_of(cast.head2, clock.now()), clock.now())
    return [(each.level, each.key) for each in found]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uses, "LOOKED_AT", 3)


@pytest.mark.usefixtures("few")
def test_FO27_question_that_nobody_answered_in_the_last_requests_is_named(app, cast: Cast) -> None:
    service = catalogue.service(cast.it, content=catalogue.SIMPLE)
    subject, details = (Answer(each["key"], "x", each["label"]["es"], "x") for each in (SUBJECT, DETAILS))
    make.send(service, cast.employee, answers=(subject, details))
    for _ in range(2):
        make.send(service, cast.employee, answers=(subject,))
    assert told(service, cast) == [], "an older one of the last three answered it"
    make.send(service, cast.employee, answers=(subject,))
    assert told(service, cast) == [("warn", "details")]
    with statements(db.engine) as found:
        told(service, cast)
    assert len([one for one in found if "request_answers" in one.text]) == 1


@pytest.mark.usefixtures("few")
def test_FO24_a_confidential_question_is_not_told_of(app, cast: Cast) -> None:
    hidden = DETAILS | {"confidential": {"groups": ["role:agent"]}}
    service = catalogue.service(
        cast.it, content={"sections": [{"key": "what", "fields": [SUBJECT, hidden]}], "title": ["subject"]}
    )
    for _ in range(3):
        make.send(service, cast.employee)
    assert told(service, cast) == []


def test_FO27_question_that_the_kind_needs_and_the_form_lacks_blocks(app, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    class Needy(General):
        key, required_fields = "needy", {"cost_centre": "short_text"}

    monkeypatch.setitem(registry._kinds, "needy", Needy())
    service = catalogue.service(cast.it, content=catalogue.SIMPLE, kind="needy")
    assert told(service, cast) == [("block", "cost_centre")]
