"""The form builder in a real browser: every change is saved and shown at once, nothing typed is lost."""

import pytest
from playwright.sync_api import Page, expect

from portal.catalogue import queries, versions
from portal.catalogue.models import Service
from portal.core.db import db, transaction
from tests.cast.people import PASSWORD, build
from tests.factories import catalogue
from tests.live import LiveServer, assert_no_violations


@pytest.fixture
def builder(page: Page, live_server: LiveServer) -> str:
    """The address of a form, opened by the head of IT."""
    with live_server.app.app_context(), transaction():
        address = f"/admin/catalogue/{catalogue.service(build().it).public_id}/form"
    page.goto("/sign-in")
    page.fill("[name=name]", "head2@demo.example")
    page.fill("[name=password]", PASSWORD)
    page.click("form[action='/sign-in'] button")
    page.goto(address)
    return address


def test_form_is_built_and_published(page: Page, live_server: LiveServer, builder: str) -> None:
    page.evaluate("window.same = true")
    page.get_by_role("link", name="Nombre y apellidos").click()
    page.get_by_label("Pregunta (español)").fill("Quién empieza")
    page.get_by_label("Ayuda (español)", exact=False).fill("Nombre y apellidos")
    page.get_by_label("Mínimo", exact=False).fill("3")
    expect(page.locator("#preview").get_by_text("Quién empieza", exact=True)).to_have_count(1)
    page.get_by_label("Máximo", exact=False).fill("40")
    page.keyboard.press("Tab")
    expect(page.locator("#preview .hint", has_text="Nombre y apellidos")).to_be_visible()
    expect(page.get_by_text("Borrador, versión 2")).to_be_visible()
    page.get_by_label("Pregunta nueva").fill("Centro de coste")
    page.get_by_label("Tipo de respuesta").select_option("one_of")
    page.get_by_role("button", name="Añadir la pregunta").click()
    page.get_by_label("Opción nueva (español)").fill("Almacén")
    page.get_by_role("button", name="Añadir la opción").click()
    expect(page.locator("#preview").get_by_label("Almacén")).to_be_visible()
    page.get_by_role("button", name="Bajar: Centro de coste").click()
    expect(page.locator("#questions li").nth(3)).to_contain_text("Centro de coste")
    assert page.evaluate("window.same") is True, "the page was never left"
    page.get_by_role("button", name="Publicar la versión 2").click()
    expect(page.get_by_text("La versión 2 está publicada.")).to_be_visible()
    with live_server.app.app_context():
        service = db.session.query(Service).one()
        form = queries.form_of(queries.published_version(service.id))
    assert [each.key for each in form.fields][:3] == ["name", "first_day", "centro_de_coste"]
    name = form.by_key["name"]
    assert (name.label["es"], name.rules.minimum, name.rules.maximum) == ("Quién empieza", "3", "40")


def test_question_is_moved_by_keyboard_and_keeps_the_focus(page: Page, builder: str) -> None:
    keys = page.locator("#questions li").evaluate_all("rows => rows.map(row => row.id)")
    here = keys.index("row_mentor")
    page.get_by_role("button", name="Bajar: Quién le acompaña").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#questions li").nth(here + 1)).to_have_id("row_mentor")
    assert page.evaluate("document.activeElement.id") == "question_down_mentor"
    page.keyboard.press("Enter")
    expect(page.locator("#row_mentor")).to_be_visible()


def test_preview_can_be_tried(page: Page, builder: str) -> None:
    expect(page.locator("#preview").get_by_text("Línea nueva")).to_have_count(0)
    page.locator("#preview").get_by_label("Teléfono", exact=True).check()
    expect(page.locator("#preview").get_by_text("Línea nueva")).to_be_visible()
    assert_no_violations(page)


def test_FO8_R28_second_editor_sees_both_texts(page: Page, live_server: LiveServer, builder: str) -> None:
    page.goto(f"{builder}?question=name")
    other = page.context.new_page()
    other.goto(f"{builder}?question=name")
    other.get_by_label("Pregunta (español)").fill("Nombre de ella")
    other.keyboard.press("Tab")
    expect(other.locator("#preview").get_by_text("Nombre de ella")).to_be_visible()
    page.get_by_label("Pregunta (español)").fill("Nombre de él")
    page.keyboard.press("Tab")
    expect(page.get_by_role("heading", name="Dos personas a la vez")).to_be_visible()
    expect(page.get_by_role("cell", name="Nombre de ella")).to_be_visible()
    expect(page.get_by_role("cell", name="Nombre de él")).to_be_visible()
    page.get_by_role("button", name="Guardar lo mío encima").click()
    expect(page.locator("#preview").get_by_text("Nombre de él")).to_be_visible()
    with live_server.app.app_context():
        service = db.session.query(Service).one()
        assert versions.working_form(service.id).by_key["name"].label["es"] == "Nombre de él"
