"""What somebody typed is stored, found again and never overwritten (forms.md 11 to 14)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask, render_template
from werkzeug.datastructures import MultiDict

from portal.catalogue import jobs, queries
from portal.catalogue.actions.drafts import (
    DraftSent,
    Seen,
    StaleDraft,
    close_draft,
    restore_draft,
    save_draft,
)  # fmt: skip
from portal.catalogue.formkit.answers import Typed, fill
from portal.catalogue.formkit.page import page
from portal.catalogue.models import Draft, DraftRevision
from portal.core import clock, subjects
from portal.core.db import db, transaction
from portal.people.models import Person
from tests.cast.people import Cast, build, sign_in, token_of
from tests.factories import catalogue
from tests.racing import ROUNDS, race

KEY = "k" * 32


def typed(**texts: str) -> Typed:
    return Typed("es", {key: (text,) for key, text in texts.items()})


@pytest.fixture
def service(cast: Cast):
    return catalogue.service(cast.it)


def save(cast: Cast, service, seen: int = 0, **texts: str) -> Draft:
    version = queries.published_version(service.id)
    return save_draft(cast.employee, version, KEY, typed(**texts), Seen(seen), clock.now())


def test_first_save_makes_the_draft_and_a_repeat_changes_nothing(cast, service):
    draft = save(cast, service, name="Ana")
    assert (draft.revision, save(cast, service, name="Ana").id) == (1, draft.id)
    assert save(cast, service, seen=1, name="Ana P").revision == 2
    assert [kept.revision for kept in queries.earlier_contents([draft])[draft.id]] == [1]


def test_older_revision_is_refused_with_both_contents(cast, service):
    save(cast, service, name="Ana")
    save(cast, service, seen=1, name="Beatriz")
    with pytest.raises(StaleDraft) as refused:
        save(cast, service, seen=1, name="Carla")
    assert (refused.value.mine.of("name"), refused.value.theirs.of("name")) == (("Carla",), ("Beatriz",))
    assert refused.value.code == 409


def test_last_five_contents_are_kept_and_can_come_back(cast, service):
    for number in range(7):
        draft = save(cast, service, seen=number, name=f"Name {number}")
    assert [kept.revision for kept in queries.earlier_contents([draft])[draft.id]] == [6, 5, 4, 3]
    restore_draft(draft, 3, clock.now())
    assert Typed.from_json(draft.content).of("name") == ("Name 2",)
    assert draft.revision == 8


def test_earlier_content_is_brought_back_from_the_list_of_drafts(client, cast, service):
    draft = save(cast, service, name="Ana")
    save(cast, service, seen=1, name="Beatriz")
    sign_in(client, cast.employee)
    assert 'name="revision" value="1"' in client.get("/requests/drafts").text
    restoration = f"/requests/drafts/{draft.public_id}/restoration"
    assert client.post(restoration, data=token_of(client) | {"revision": "1"}).status_code == 303
    db.session.expire_all()
    assert Typed.from_json(draft.content).of("name") == ("Ana",)


def test_sent_draft_takes_no_more(cast, service):
    close_draft(save(cast, service, name="Ana"), clock.now())
    with pytest.raises(DraftSent):
        save(cast, service, seen=1, name="Beatriz")
    assert queries.draft_of(cast.employee, KEY).sent_at


def test_draft_moves_to_the_new_version_and_keeps_what_is_no_longer_asked(cast, service):
    draft = save(cast, service, name="Ana", notes="Zurda")
    queries.published_version(service.id).state = "superseded"
    db.session.flush()
    catalogue.version(service, catalogue.SIMPLE, number=2)
    shown = queries.opened(draft)
    assert {left.label: left.text for left in shown.left_overs} == {"Nombre y apellidos": "Ana", "Algo más": "Zurda"}
    saved = save(cast, service, seen=1, subject="Un portátil")
    assert {left.text for left in queries.opened(saved).left_overs} == {"Ana", "Zurda"}
    assert {left.text for left in queries.opened(save(cast, service, seen=2, subject="Dos")).left_overs} == {"Ana", "Zurda"}


def test_draft_is_seen_by_its_owner_for_ninety_days(cast, service, clock):
    from portal.core.clock import now

    draft = save(cast, service, name="Ana")
    assert subjects.visible("draft", draft.id, cast.employee, now())
    assert not subjects.visible("draft", draft.id, cast.head, now())
    assert not subjects.visible("draft", draft.id, cast.employee, now() + timedelta(days=90))
    clock.shift(timedelta(days=90))
    jobs.forget_drafts({})
    assert db.session.query(Draft).count() == db.session.query(DraftRevision).count() == 0


def test_facts_name_the_departments_above_and_the_roles(cast):
    facts = queries.facts_of(cast.head2, clock.now())
    assert facts["department"] == ("it", "management")
    assert "head" in facts["role"]


@pytest.mark.parametrize("text", ["Marta Soler", "marta", "Marta Soler · Atención al Cliente", "head@demo.example"])
def test_person_is_found_by_what_people_type(app, cast, text):
    with app.test_request_context():
        directory = queries.context_of(cast.employee, clock.now(), language="es").directories["person"]
        assert [found.value for found in directory.find(text)] == [cast.head.public_id]
        assert directory.find(cast.auditor.public_id) == []
        assert directory.find("%") == []


def test_every_type_of_question_is_drawn(app: Flask, cast, service):
    form = queries.form_of(queries.published_version(service.id))
    with app.test_request_context():
        context = queries.context_of(cast.employee, clock.now(), language="en")
        posted = MultiDict({"f.needs": "phone", "f.screens": "many"})
        filled = fill(form, Typed("en").updated(form, posted, "en"), context)
        html = render_template("catalogue/_questions.html", groups=page(filled, judged=True))
    for each in form.fields:
        assert f'id="field_{each.key}"' in html
    assert html.count('name="on_page"') == sum(1 for each in form.fields if each.type != "heading")
    assert 'name="file.papers"' in html
    assert html.count('aria-invalid="true"') == 5


@race
def test_two_first_saves_at_once_make_one_draft(real_app):
    with real_app.app_context(), transaction():
        people = build()
        ids = (people.employee.id, catalogue.service(people.it).id)

    def save(key: str, name: str) -> str:
        with real_app.app_context():
            try:
                with transaction():
                    version = queries.published_version(ids[1])
                    save_draft(db.session.get_one(Person, ids[0]), version, key, typed(name=name), Seen(0), clock.now())
            except StaleDraft:
                return "stale"
            return "saved"

    with ThreadPoolExecutor(4) as pool:
        for number in range(ROUNDS):
            saving = partial(save, f"key-{number}")
            assert sorted(pool.map(saving, ["Ana", "Ana", "Ana", "Ana"])) == ["saved"] * 4
            assert sorted(pool.map(saving, ["Bea", "Ana", "Carla"])) == ["saved", "stale", "stale"]
    with real_app.app_context():
        assert db.session.query(Draft).count() == ROUNDS
