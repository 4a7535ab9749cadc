"""Reading and confirming: who sees what, and what the button under the text keeps."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from portal.announcements import actions, numbers, queries
from portal.announcements.models import AnnouncementConfirmation, AnnouncementRecipient
from portal.core import clock as told
from portal.core.db import db


def confirmed_by(announcement):
    joined = select(AnnouncementConfirmation).join(
        AnnouncementRecipient, AnnouncementRecipient.id == AnnouncementConfirmation.recipient_id
    )
    return db.session.scalars(joined.where(AnnouncementRecipient.announcement_id == announcement.id)).all()


def test_an_announcement_reaches_the_list_and_is_confirmed_under_its_text(cast, publish, visit, clock):
    made = publish(level="to_confirm")
    reader = visit(cast.employee)
    assert "Nuevos turnos" in reader.get("/announcements").text
    page = reader.get(f"/announcements/{made.public_id}")
    assert "Desde el lunes." in page.text
    answer = reader.post(f"/announcements/{made.public_id}/confirmation", version="1")
    assert (answer.status_code, answer.location.partition("#")[0]) == (303, f"/announcements/{made.public_id}")
    assert "Lo confirmaste" in reader.get(f"/announcements/{made.public_id}").text
    row = confirmed_by(made)[0]
    assert (row.version, row.channel, row.at) == (1, "page", told.now())


def test_confirming_with_htmx_gives_the_fragment(cast, publish, visit, clock):
    made = publish(level="to_confirm")
    reader, address = visit(cast.employee), f"/announcements/{made.public_id}"
    assert reader.post(f"{address}/confirmation", part="confirm", version="1").status_code == 303
    answer = reader.get(address, part="confirm")
    assert "Lo confirmaste" in answer.text
    assert "<html" not in answer.text


def test_AN2_opened_ten_times_and_not_pressed_is_pending(cast, publish, visit, clock):
    made = publish(cast.employee, level="to_confirm")
    for _ in range(10):
        visit(cast.employee).get(f"/announcements/{made.public_id}")
    found = numbers.report(made, told.now()).total
    assert (found.addressed, found.confirmed, found.pending) == (1, 0, 1)


def test_AN9_confirmed_twice_keeps_the_first_time(cast, publish, clock):
    made = publish(level="to_confirm")
    first = told.now()
    actions.confirm(made, 1, cast.employee, first)
    actions.confirm(made, 1, cast.employee, first + timedelta(minutes=5))
    assert [row.at for row in confirmed_by(made)] == [first]


@pytest.mark.parametrize("part", ["", "confirm"], ids=["plain", "htmx"])
def test_AN11_a_new_meaning_between_opening_and_confirming_shows_the_new_text(cast, publish, visit, clock, part):
    from tests.announcements.conftest import words

    made = publish(level="to_confirm")
    clock.shift(60)
    actions.correct(made, words(body="Desde el martes."), True, None, (1, 0), cast.editor, told.now())
    db.session.commit()
    answer = visit(cast.employee).post(f"/announcements/{made.public_id}/confirmation", part=part, version="1")
    assert answer.status_code == 409
    assert "Desde el martes." in answer.text
    assert 'name="version" value="2"' in answer.text
    assert ("<html" in answer.text) is not part
    assert not confirmed_by(made)


def test_AN1_a_slip_of_the_pen_keeps_the_confirmations_and_a_new_meaning_asks_again(cast, publish, clock):
    from tests.announcements.conftest import words

    made = publish(level="to_confirm")
    for person in (cast.employee, cast.colleague):
        actions.confirm(made, 1, person, told.now())
    clock.shift(60)
    actions.correct(made, words(body="Desde el lunes 2."), False, None, (1, 0), cast.editor, told.now())
    assert numbers.report(made, told.now()).total.confirmed == 2
    clock.shift(60)
    actions.correct(made, words(body="Desde el martes."), True, None, (1, 1), cast.editor, told.now())
    total = numbers.report(made, told.now()).total
    assert (total.confirmed, total.earlier, made.version) == (0, 2, 2)
    assert queries.standing(made, cast.employee, told.now()).confirmed_before.version == 1


def test_confirmations_are_never_edited_or_removed(cast, publish, clock):
    made = publish(level="to_confirm")
    actions.confirm(made, 1, cast.employee, told.now())
    db.session.commit()
    for change in (update(AnnouncementConfirmation).values(version=9), delete(AnnouncementConfirmation)):
        with pytest.raises(DatabaseError):
            db.session.execute(change)
        db.session.rollback()


def test_others_read_what_is_open_and_confirm_nothing(cast, publish, visit, clock):
    made = publish(cast.employee, level="to_confirm")
    stranger, address = visit(cast.stranger), f"/announcements/{made.public_id}"
    assert "Confirmar" not in stranger.get(address).text
    answer = stranger.post(f"{address}/confirmation", version="1")
    assert answer.status_code == 403
    assert "no va dirigido a ti" in answer.text


def test_AN6_what_is_confidential_is_nowhere_for_those_outside(cast, publish, visit, clock):
    made = publish(cast.employee, access="confidential", words=None)
    outside, inside = visit(cast.stranger), visit(cast.employee)
    address = f"/announcements/{made.public_id}"
    assert inside.get(address).status_code == 200
    assert outside.get(address).data == outside.get("/announcements/zzzzzzzzzzzz").data
    assert outside.get(address).status_code == 404
    for page in ("/announcements", "/search?q=turnos", "/"):
        assert "Nuevos turnos" not in outside.get(page).text
    assert "Nuevos turnos" in inside.get("/announcements").text
