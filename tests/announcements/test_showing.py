"""What stands where: pins, the archive, filters and the first page."""

from datetime import date, datetime

import pytest

from tests.announcements.conftest import words


def pin(visit, who, made, until="2026-03-20", scope="company"):
    return visit(who).post(f"/announcements/{made.public_id}/pin", until_on=until, scope=scope)


def test_AN5_a_pin_ends_by_reading(cast, publish, visit, clock):
    made = publish()
    publish(words=words("Más nuevo"))
    assert pin(visit, cast.editor, made, "2026-03-20").status_code == 303
    reader = visit(cast.employee)
    assert reader.get("/announcements").text.index("Nuevos turnos") < reader.get("/announcements").text.index("Más nuevo")
    clock.move_to(datetime.fromisoformat("2026-03-20T23:59:00+01:00"))
    assert "Fijados" in visit(cast.employee).get("/announcements").text
    clock.move_to(datetime.fromisoformat("2026-03-21T00:00:00+01:00"))
    page = visit(cast.employee).get("/announcements").text
    assert "Fijados" not in page
    assert "Nuevos turnos" in page


def test_a_pin_needs_an_end_within_30_days(cast, publish, visit, clock):
    made = publish()
    for until in ("", "2026-03-01", "2026-04-02", "nunca"):
        assert pin(visit, cast.editor, made, until).status_code == 422, until


def test_AN10_the_fourth_pin_is_refused_naming_the_three(cast, publish, visit, clock):
    three = [publish(words=words(f"Número {number}")) for number in range(3)]
    for each in three:
        assert pin(visit, cast.editor, each).status_code == 303
    fourth = publish(words=words("Cuarto"))
    answer = pin(visit, cast.admin, fourth)
    assert answer.status_code == 409
    for number in range(3):
        assert f"Número {number}" in answer.text
    assert pin(visit, cast.editor, fourth, scope="department").status_code == 303
    assert pin(visit, cast.editor, publish(words=words("Quinto")), scope="department").status_code == 409
    assert visit(cast.editor).post(f"/announcements/{three[0].public_id}/pin/removal").status_code == 303
    assert pin(visit, cast.editor, publish()).status_code == 303
    assert pin(visit, cast.head, fourth).status_code == 403


def test_the_page_of_a_department_has_its_own_pin(cast, publish, visit, clock):
    made = publish(words=words("Fijado aquí"))
    publish(words=words("De Informática"), department=cast.it)
    assert pin(visit, cast.editor, made, scope="department").status_code == 303
    page = visit(cast.employee).get("/announcements?department=customer-care").text
    assert "Fijados" in page
    assert "De Informática" not in page
    assert "Fijados" not in visit(cast.employee).get("/announcements").text
    assert visit(cast.employee).get("/announcements?department=nowhere").status_code == 400


def test_expired_goes_to_the_archive_and_stays_findable_and_marked(cast, publish, visit, clock):
    made = publish(expire_on=date(2026, 3, 4))
    clock.move_to(datetime.fromisoformat("2026-03-05T00:00:00+01:00"))
    reader = visit(cast.employee)
    assert "Nuevos turnos" not in reader.get("/announcements").text
    assert "Nuevos turnos" not in reader.get("/").text
    assert "Nuevos turnos" in reader.get("/announcements?show=archive").text
    found = reader.get("/search?q=turnos").text
    assert "Nuevos turnos" in found
    assert "Caducado" in found
    assert "ya no está vigente" in reader.get(f"/announcements/{made.public_id}").text


@pytest.mark.parametrize("part", ["", "announcement_list"], ids=["plain", "htmx"])
def test_filters(cast, publish, visit, clock, part):
    publish(kind="story", words=words("Una clienta contenta"))
    publish(kind="vacancy", words=words("Buscamos a alguien"))
    answer = visit(cast.employee).get("/announcements?kind=story", part)
    assert "Una clienta contenta" in answer.text
    assert "Buscamos a alguien" not in answer.text
    assert ("<html" in answer.text) is not part
    assert visit(cast.employee).get("/announcements?show=coming").status_code == 403
    assert visit(cast.employee).get("/announcements?show=anything").status_code == 400


def test_home_shows_what_is_important_until_it_is_read_and_to_confirm_until_it_is_confirmed(cast, publish, visit, clock):
    made = {
        level: publish(cast.employee, level=level, words=words(f"Nivel {level}")) for level in ("info", "important", "to_confirm")
    }
    reader = visit(cast.employee)
    assert all(f"Nivel {level}" in reader.get("/").text for level in made)
    for each in made.values():
        reader.get(f"/announcements/{each.public_id}")
    home = reader.get("/").text
    assert [level for level in made if f"Nivel {level}" in home] == ["to_confirm"]
    reader.post(f"/announcements/{made['to_confirm'].public_id}/confirmation", version="1")
    assert "Nivel" not in reader.get("/").text
