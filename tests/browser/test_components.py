"""The look in a real browser: every component without violations, on every width; menus, dialogs and ticks work."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cast import people
from tests.live import LiveServer, assert_no_violations

PAGE = "/admin/components"


@pytest.fixture
def components(page: Page, live_server: LiveServer) -> Page:
    """The page of components, seen by an administrator."""
    with live_server.app.app_context():
        people.build()
        people.db.session.commit()
    people.sign_in_page(page, live_server, "admin@demo.example")
    page.goto(PAGE)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_components_have_no_violations(components: Page, scheme: str, width: int) -> None:
    components.set_viewport_size({"width": width, "height": 800})
    components.emulate_media(color_scheme=scheme)
    assert_no_violations(components)


def test_no_width_makes_the_page_scroll_sideways(components: Page) -> None:
    for width in (320, 360, 390, 640, 768, 992, 1280, 1920):
        components.set_viewport_size({"width": width, "height": 800})
        wide = components.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, width


def test_error_summary_takes_the_focus_and_leads_to_the_field(components: Page) -> None:
    expect(components.locator("#error_summary")).to_be_focused()
    components.locator("#error_summary a").first.click()
    expect(components.locator("#name")).to_be_focused()


def test_menu_opens_and_closes_by_keyboard(components: Page) -> None:
    summary = components.locator("#buttons details.menu > summary")
    summary.press("Enter")
    expect(components.locator("#buttons .pop")).to_be_visible()
    components.keyboard.press("Escape")
    expect(components.locator("#buttons .pop")).to_be_hidden()
    expect(summary).to_be_focused()


def test_slash_goes_to_the_search_box(components: Page) -> None:
    components.locator("#buttons button").first.focus()
    components.keyboard.press("/")
    expect(components.locator("[data-slash]")).to_be_focused()


def test_bar_counts_what_is_ticked_and_goes_at_none(components: Page) -> None:
    form = components.locator("#tables form[data-batch]")
    bar = form.locator("[data-batch-bar]")
    expect(bar).to_contain_text("1 marcada")
    form.locator("[data-batch-item]").first.check()
    expect(bar).to_contain_text("2 marcadas")
    for box in form.locator("[data-batch-item]").all():
        box.uncheck()
    expect(bar).to_be_hidden()


def test_dialog_opens_instead_of_the_link_and_closes(components: Page) -> None:
    components.locator("[data-dialog=sample_dialog]").click()
    dialog = components.locator("#sample_dialog")
    expect(dialog).to_be_visible()
    dialog.locator("[data-close]").click()
    expect(dialog).to_be_hidden()


def test_message_can_be_put_away(components: Page) -> None:
    toasts = components.locator("#notices .toast")
    before = toasts.count()
    toasts.first.locator("[data-dismiss]").click()
    expect(toasts).to_have_count(before - 1)


def test_text_box_says_how_much_is_left(components: Page) -> None:
    components.locator("#text").fill("Hola")
    expect(components.locator("#text_remaining")).to_have_text("Quedan 596 caracteres")


def test_filter_sends_itself_when_a_choice_changes(components: Page) -> None:
    expect(components.locator("[data-behaviour=autosubmit] button")).to_be_hidden()
    components.locator("#sample_site").select_option("Getafe")
    components.wait_for_url("**?site=Getafe*")


def test_without_javascript_everything_can_be_reached(browser: Browser, live_server: LiveServer, components: Page) -> None:
    plain = browser.new_context(
        java_script_enabled=False, base_url=live_server.url, storage_state=components.context.storage_state()
    )
    page = plain.new_page()
    page.goto(PAGE)
    expect(page.locator("#tables [data-batch-bar]")).to_be_visible()
    expect(page.locator("[data-behaviour=autosubmit] button")).to_be_visible()
    page.locator("#buttons details.menu > summary").click()
    expect(page.locator("#buttons .pop")).to_be_visible()
    page.locator("[data-dialog=sample_dialog]").click()
    page.wait_for_url("**#decisions")
    plain.close()


def test_no_answer_is_said_in_a_sentence(components: Page, faults: list[str]) -> None:
    components.route("**/nowhere", lambda route: route.abort())
    components.evaluate("""() => {
        const button = document.createElement("button");
        button.setAttribute("hx-get", "/nowhere");
        button.id = "probe";
        button.textContent = "probe";
        document.querySelector("main").prepend(button);
        htmx.process(button);
    }""")
    components.locator("#probe").click()
    expect(components.locator("#messages")).to_contain_text("El portal no ha contestado")
    faults.clear()
