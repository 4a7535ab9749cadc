"""The plainest page in a real browser: the proof that server, policy, style and script work together."""

import pytest
from playwright.sync_api import Page

from tests.live import assert_no_violations


@pytest.mark.parametrize("locale", ["es", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_sign_in_page_has_no_violations(page: Page, locale: str, scheme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.goto("/sign-in")
    assert page.locator("html").get_attribute("lang") == locale
    assert_no_violations(page)


def test_faults_of_a_page_fail_its_test(page: Page, faults: list[str]) -> None:
    page.goto("/sign-in")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')")
    page.evaluate("setTimeout(() => { throw new Error('broken script') })")
    page.evaluate("document.head.append(Object.assign(document.createElement('img'), {src: '/missing.png'}))")
    page.wait_for_event("response", lambda answer: answer.url.endswith("missing.png"))
    found = "\n".join(faults)
    faults.clear()
    assert "Content Security Policy" in found
    assert "broken script" in found
    assert "404" in found
