"""Comments and watchers: what the actions promise whoever calls them."""

import io
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from portal.attachments import actions as attachments
from portal.attachments.queries import readable
from portal.audit.models import AuditEntry
from portal.conversations import actions, queries
from portal.conversations.models import Comment, CommentText
from portal.core import clock as time
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.people.models import Person
from tests.cast.people import Cast, build
from tests.racing import ROUNDS, race
from tests.things import KIND

NOW = time.now()


def test_public_entries_leave_internal_ones_out(cast: Cast) -> None:
    actions.comment("thing", 1, cast.agent, "La pantalla llega mañana.", False, NOW)
    actions.comment("thing", 1, cast.agent, "El proveedor miente.", True, NOW)
    actions.comment("thing", 2, cast.agent, "Otra cosa.", False, NOW)
    assert [entry.text for entry in queries.entries("thing", 1, internal=False)] == ["La pantalla llega mañana."]
    assert len(queries.entries("thing", 1, internal=True)) == 2


def test_sending_twice_with_one_key_leads_to_the_first_comment(cast: Cast) -> None:
    first = actions.comment("thing", 1, cast.employee, "¿Cuándo llega?", False, NOW, send_key="k1")
    again = actions.comment("thing", 1, cast.employee, "¿Cuándo llega?", False, NOW, send_key="k1")
    assert again is first
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 1
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 1


def test_one_key_with_another_text_is_refused(cast: Cast) -> None:
    actions.comment("thing", 1, cast.employee, "¿Cuándo llega?", False, NOW, send_key="k1")
    with pytest.raises(Refused):
        actions.comment("thing", 1, cast.employee, "Ya no hace falta.", False, NOW, send_key="k1")


def test_a_comment_needs_text_or_file(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.comment("thing", 1, cast.employee, " \n ", False, NOW)


def test_following_twice_is_following_once_and_leaving_ends_it(cast: Cast) -> None:
    first = actions.watch("thing", 1, cast.colleague, cast.employee, NOW)
    assert actions.watch("thing", 1, cast.colleague, cast.employee, NOW) is first
    assert [watcher.person for watcher in queries.watchers("thing", 1)] == [cast.colleague]
    actions.unwatch("thing", 1, cast.colleague, cast.colleague, NOW + timedelta(minutes=1))
    assert queries.watchers("thing", 1) == []


def test_somebody_who_left_the_company_cannot_follow(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.watch("thing", 1, cast.deactivated, cast.employee, NOW)


def test_CM_2_correcting_is_for_the_author_for_a_quarter_of_an_hour(cast: Cast, clock) -> None:
    found = actions.comment("thing", 1, cast.employee, "Llega el jueves", False, time.now())
    clock.shift(timedelta(minutes=14, seconds=59))
    with pytest.raises(Refused):
        actions.correct(found, cast.agent, "Llega nunca", time.now())
    actions.correct(found, cast.employee, "Llega el viernes", time.now())
    assert (found.text, found.corrected_at) == ("Llega el viernes", time.now())
    assert db.session.scalars(select(CommentText.text)).all() == ["Llega el jueves"]
    clock.shift(timedelta(seconds=1))
    with pytest.raises(Refused):
        actions.correct(found, cast.employee, "Llega el sábado", time.now())


def test_CM_2_an_answer_ends_correcting_but_a_note_does_not_betray_itself(cast: Cast) -> None:
    found = actions.comment("thing", 1, cast.employee, "Hola", False, NOW)
    actions.comment("thing", 1, cast.employee, "¿Hola?", False, NOW)
    actions.comment("thing", 1, cast.agent, "No contestar.", True, NOW)
    assert queries.may_still_be_corrected(found, NOW)
    actions.comment("thing", 1, cast.agent, "Buenos días", False, NOW)
    assert not queries.may_still_be_corrected(found, NOW)


def test_CM_2_withdrawn_comment_loses_text_and_files_and_keeps_its_place(thing, cast: Cast) -> None:
    file = attachments.store(FileStorage(io.BytesIO(b"x"), filename="a.txt"), cast.agent, 10, NOW)
    found = actions.comment(KIND, thing.id, cast.agent, "Secreto", False, NOW, files=[file])
    assert readable(file.public_id, cast.head2, NOW)
    actions.withdraw(found, cast.agent, NOW)
    actions.withdraw(found, cast.agent, NOW)
    assert [(entry.text, entry.withdrawn_at) for entry in queries.entries(KIND, thing.id, False)] == [("", NOW)]
    assert not readable(file.public_id, cast.head2, NOW)
    assert not readable(file.public_id, cast.agent, NOW)
    assert db.session.scalars(select(CommentText.text)).all() == ["Secreto"]
    with pytest.raises(Refused):
        actions.correct(found, cast.agent, "Otra vez", NOW)


def test_CM24_others_who_wrote_after_the_last_entry_seen_are_found(cast: Cast) -> None:
    seen = actions.comment("thing", 1, cast.employee, "Hola", False, NOW).id
    actions.comment("thing", 1, cast.agent, "Lo mío", False, NOW)
    assert not queries.others_wrote("thing", 1, cast.agent.id, seen)
    actions.comment("thing", 1, cast.agent2, "Una nota", True, NOW)
    assert not queries.others_wrote("thing", 1, cast.agent.id, seen)
    actions.comment("thing", 1, cast.agent2, "Ya contesto yo", False, NOW)
    assert queries.others_wrote("thing", 1, cast.agent.id, seen)
    assert not queries.others_wrote("thing", 1, cast.agent.id, queries.last_id("thing", 1))


def test_CM20_list_of_entries_for_outsiders_is_the_same_before_and_after_a_note(cast: Cast) -> None:
    actions.comment("thing", 1, cast.employee, "Hola", False, NOW)
    before = [(entry.public_id, entry.at) for entry in queries.entries("thing", 1, False)]
    actions.comment("thing", 1, cast.agent, "Una nota", True, NOW + timedelta(hours=1))
    assert [(entry.public_id, entry.at) for entry in queries.entries("thing", 1, False)] == before


def test_RE10_key_of_another_person_thing_or_hand_is_no_key(app: Flask, cast: Cast) -> None:
    signed = queries.new_send_key("thing", 1, cast.employee)
    assert queries.read_send_key(signed, "thing", 1, cast.employee)
    for kind, id_, person in (("thing", 2, cast.employee), ("other", 1, cast.employee), ("thing", 1, cast.agent)):
        assert queries.read_send_key(signed, kind, id_, person) is None
    assert queries.read_send_key("", "thing", 1, cast.employee) is None
    assert queries.read_send_key(signed[:-2] + "xx", "thing", 1, cast.employee) is None


def test_texts_are_not_read_with_lists_of_comments(cast: Cast) -> None:
    actions.comment("thing", 1, cast.employee, "Un texto largo", False, NOW)
    db.session.commit()
    found = db.session.scalars(select(Comment)).one()
    assert "text" not in found.__dict__


@race
def test_R12_parallel_sendings_with_one_key_make_one_comment(real_app: Flask) -> None:
    with real_app.app_context():
        person_id = build().employee.id
        db.session.commit()
    for number in range(ROUNDS):
        made = send_together(real_app, person_id, f"key-{number}", 4)
        assert len(made) == 4
        assert len(set(made)) == 1


def send_together(app: Flask, person_id: int, key: str, hands: int) -> list[int]:
    together = threading.Barrier(hands)
    made = []

    def send() -> None:
        with app.app_context():
            together.wait()
            with transaction():
                person = db.session.get_one(Person, person_id)
                made.append(actions.comment("thing", 1, person, "Hola", False, NOW, send_key=key).id)

    threads = [threading.Thread(target=send) for _ in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return made
