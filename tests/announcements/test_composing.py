"""The composer: nothing typed is lost, what cannot be published says why, and the budget is shown before it is spent."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.announcements import actions
from portal.announcements.models import Announcement, AnnouncementDraft
from portal.core import clock as told
from portal.core.db import db
from tests.announcements.conftest import words
from tests.cast.people import token_of

GOOD = {
    "title_es": "Nuevos turnos",
    "title_en": "New shifts",
    "body_es": "## Qué cambia\n\nDesde el **lunes**.",
    "body_en": "From Monday.",
    "kind": "news",
    "department": "human-resources",
    "audience": "department:customer-care",
    "access": "open",
    "level": "info",
}


@pytest.fixture
def composer(cast, visit):
    """A draft of the editor: `post(go="publish", **values)` and its address."""
    editor = visit(cast.editor)
    address = editor.post("/announcements/drafts").location

    def post(part="", **values):
        revision = db.session.scalars(select(AnnouncementDraft.revision).order_by(AnnouncementDraft.id.desc())).first()
        return editor.post(address, part, **({"revision": str(revision)} | GOOD | values))

    post.address, post.editor = address, editor
    return post


def published():
    return db.session.scalars(select(Announcement).order_by(Announcement.id.desc())).first()


def test_written_looked_at_and_published(cast, composer, visit, clock):
    assert composer(go="preview").status_code == 303
    page = composer.editor.get(composer.address).text
    assert "<strong>lunes</strong>" in page
    assert "Puede leerlo cualquiera que entre en el portal." in page
    answer = composer(go="publish")
    assert answer.status_code == 303
    text = visit(cast.employee).get(answer.location).text
    assert "<h2>Qué cambia</h2>" in text
    assert composer(go="publish").status_code == 404


@pytest.mark.parametrize("part", ["", "budget"], ids=["plain", "htmx"])
def test_the_budget_tells_how_many_people_and_who_can_read_it(cast, composer, clock, part):
    assert composer(part, access="confidential", people=cast.stranger.name).status_code == 303
    answer = composer.editor.get(composer.address, part)
    assert "5 personas" in answer.text
    assert "Solo pueden leerlo estas personas" in answer.text
    assert cast.stranger.name in answer.text
    assert ("<html" in answer.text) is not part


def test_AN8_the_third_to_confirm_within_a_week_needs_communications_and_a_reason(cast, composer, publish, visit, clock):
    for _ in range(2):
        publish(cast.employee, cast.colleague, level="to_confirm", department=cast.human_resources)
    both = {"level": "to_confirm", "go": "publish"}
    answer = composer(**both)
    assert answer.status_code == 422
    assert "4 personas, 2 de ellas ya tienen 2 pendientes" in answer.text
    assert "Nuevos turnos" in answer.text
    assert composer(**both, over_budget_reason="Cambia la ley").status_code == 303
    assert published().over_budget_reason == "Cambia la ley"


def test_AN8_an_administrator_does_not_exceed_the_budget_and_old_ones_do_not_count(cast, publish, clock):
    for _ in range(2):
        publish(cast.employee, level="to_confirm")
    with pytest.raises(actions.OverBudget):
        publish(cast.employee, level="to_confirm", by=cast.admin, over_budget_reason="Cambia la ley")
    publish(cast.employee, level="to_confirm", department=cast.it)
    clock.shift(8 * 86400)
    publish(cast.employee, level="to_confirm")


def test_what_was_confirmed_is_no_longer_in_the_budget(cast, publish, clock):
    for _ in range(2):
        actions.confirm(publish(cast.employee, level="to_confirm"), 1, cast.employee, told.now())
    publish(cast.employee, level="to_confirm")


def test_AN4_a_time_that_does_not_exist_is_asked(cast, composer, clock):
    answer = composer(publish_wall="2027-03-28T02:30", go="publish")
    assert answer.status_code == 422
    assert 'value="2027-03-28T01:59|"' in answer.text
    assert 'value="2027-03-28T03:00|"' in answer.text
    assert composer(publish_wall="2027-03-28T02:30", take_time="2027-03-28T03:00|").status_code == 303
    made = published()
    assert (made.publish_wall, made.zone) == ("2027-03-28T03:00", "Europe/Madrid")
    assert made.publish_at.isoformat() == "2027-03-28T01:00:00+00:00"


@pytest.mark.parametrize(("fold", "instant"), [("0", "2026-10-25T00:30"), ("1", "2026-10-25T01:30")])
def test_C2_a_time_that_comes_twice_is_asked(cast, composer, clock, fold, instant):
    assert composer(publish_wall="2026-10-25T02:30", go="publish").status_code == 422
    assert composer(publish_wall="2026-10-25T02:30", take_time=f"2026-10-25T02:30|{fold}").status_code == 303
    assert f"{published().publish_at:%Y-%m-%dT%H:%M}" == instant


BAD = [
    ({"audience": ""}, "0 personas"),
    ({"audience": "site:Nowhere"}, "0 personas"),
    ({"expire_on": "2026-03-01"}, "El último día es anterior"),
    ({"level": "to_confirm", "title_en": "", "body_en": ""}, "en los dos idiomas"),
    ({"title_es": "", "body_es": "", "title_en": "", "body_en": ""}, "Escribe un título y un texto"),
    ({"people": "Nadie Nunca"}, "Escribe la dirección de correo"),
    ({"expire_on": "mañana"}, "no es una fecha"),
    ({"publish_wall": "el lunes"}, "no es una fecha con hora"),
    ({"level": "to_confirm", "due_on": "2026-03-01"}, "anterior a la publicación"),
]


def test_what_cannot_be_published_comes_back_with_every_word(cast, composer, clock):
    for values, sentence in BAD:
        answer = composer(go="publish", **values)
        assert answer.status_code == 422, values
        assert sentence in answer.text, values
        assert values.get("body_es", "Desde el **lunes**.") in answer.text, values
        assert published() is None
        assert values.get("title_es", "Nuevos turnos") in composer.editor.get(composer.address).text, values


def test_one_language_is_enough_where_nobody_must_confirm(cast, composer, visit, clock):
    answer = composer(go="publish", title_en="", body_en="")
    assert answer.status_code == 303
    cast.employee.language = "en"
    assert "Nuevos turnos" in visit(cast.employee).get(answer.location).text


def test_C10_a_draft_saved_meanwhile_is_shown_beside_and_neither_is_lost(cast, composer, clock):
    composer(go="save", title_es="De la otra ventana")
    answer = composer(go="save", title_es="De esta ventana", revision="1")
    assert answer.status_code == 409
    assert "De la otra ventana" in answer.text
    assert "De esta ventana" in answer.text
    again = composer(go="save", title_es="De esta ventana")
    assert again.status_code == 303


def test_a_head_writes_and_communications_publishes(cast, visit, clock):
    head = visit(cast.head)
    address = head.post("/announcements/drafts").location
    draft = {"revision": "1", **GOOD, "department": "customer-care"}
    assert head.post(address, go="publish", **draft).status_code == 403
    assert visit(cast.editor).get(address).status_code == 404
    assert (
        head.post(
            address,
            go="hand_in",
            **draft,
        ).status_code
        == 303
    )
    assert visit(cast.stranger_head).get(address).status_code == 404
    editor = visit(cast.editor)
    assert "Nuevos turnos" in editor.get("/announcements/drafts").text
    assert editor.post(address, go="publish", **(draft | {"revision": "2"})).status_code == 303
    assert published().author_id == cast.head.id


def test_those_who_publish_nothing_write_nothing(cast, visit, clock):
    for person in (cast.employee, cast.agent, cast.partner, cast.auditor):
        assert visit(person).post("/announcements/drafts").status_code == 403


def test_AN6_a_file_is_for_those_who_may_read_the_announcement(cast, composer, visit, clock):
    data = {"file": (io.BytesIO(b"text"), "turnos.txt")}
    client = composer.editor.client
    assert client.post(f"{composer.address}/files", data=token_of(client) | data).status_code == 303
    page = composer(go="publish", access="confidential").location
    address = visit(cast.employee).get(page).text.partition('href="/files/')[2].partition('"')[0]
    with visit(cast.employee).get(f"/files/{address}") as answer:
        assert answer.status_code == 200
    assert visit(cast.stranger).get(f"/files/{address}").status_code == 404


def test_a_correction_goes_through_the_composer(cast, publish, visit, clock):
    made = publish(level="to_confirm")
    clock.shift(60)
    editor = visit(cast.editor)
    address = editor.post(f"/announcements/{made.public_id}/correction").location
    assert "Desde el lunes." in editor.get(address).text
    texts = {"title_es": "A", "body_es": "Desde el martes.", "title_en": "A", "body_en": "From Tuesday."}
    values = texts | {"seen": "1.0", "revision": "1", "go": "publish", "change": "substantial", "note_es": "Es el martes"}
    assert editor.post(address, **values).status_code == 303
    db.session.refresh(made)
    assert (made.version, made.edit) == (2, 0)
    assert "Es el martes" in visit(cast.employee).get(f"/announcements/{made.public_id}").text


def test_before_it_is_out_nothing_counts_as_a_version(cast, publish, clock):
    made = publish(level="to_confirm", at=told.now() + timedelta(days=1))
    actions.correct(made, words(body="Otra cosa."), True, None, (1, 0), cast.editor, told.now())
    assert (made.version, made.said.body["es"]) == (1, "Otra cosa.")


def test_two_corrections_of_the_same_text_do_not_overwrite_each_other(cast, publish, clock):
    made = publish()
    actions.correct(made, words(body="Una."), False, None, (1, 0), cast.editor, told.now())
    with pytest.raises(actions.Stale):
        actions.correct(made, words(body="Otra."), False, None, (1, 0), cast.editor, told.now())


def test_what_was_typed_when_the_session_had_ended_waits_in_the_draft(cast, composer, visit, clock):
    owner = composer.editor.get(composer.address).text.partition('name="owner" value="')[2].partition('"')[0]
    composer.editor.client.delete_cookie("session")
    composer.editor.client._cookies.clear()
    answer = composer(owner=owner, title_es="Antes de salir", go="publish")
    assert (answer.status_code, answer.location.startswith("/sign-in")) == (303, True)
    assert "Antes de salir" in visit(cast.editor).get(composer.address).text
    assert composer(owner="forged", title_es="Otra", go="publish").status_code == 400
