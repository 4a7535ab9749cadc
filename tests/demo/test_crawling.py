"""Everybody of the demo reads all they are led to: no page fails, and none is left in the other language."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from tests.architecture.source import PORTAL
from tests.demo.test_loading import SIGN_INS

HREF = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')
TAGS = re.compile(r"<script.*?</script>|<[^>]+>", re.DOTALL)
EACH = 3  # pages of one kind are enough
SHORTEST = 12


def sentences() -> list[str]:
    """Return the English texts of the interface that would stand out on a Spanish page."""
    found = []
    for path in (PORTAL / "translations" / "es").glob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="es"):
                if isinstance(message.id, str) and " " in message.id and len(message.id) > SHORTEST and "%" not in message.id:
                    found.append(message.id)
    return found


def words_of(page: str) -> str:
    return " ".join(unescape(TAGS.sub("\n", page)).split())


def pages(app: Flask, client: FlaskClient) -> Iterator[tuple[str, int, str]]:
    """Follow the links from home, some of each kind; yield address and who links to it, status and page."""
    addresses, known, of_kind = app.url_map.bind("localhost"), {"/"}, Counter[str]()
    waiting = deque([("/", "")])
    while waiting:
        address, origin = waiting.popleft()
        answer = client.get(address)
        yield f"{address} from {origin}", answer.status_code, answer.text if answer.mimetype == "text/html" else ""
        links = [answer.location] if answer.location else HREF.findall(answer.text) if answer.mimetype == "text/html" else []
        for link in links:
            target = urlsplit(urljoin(address, unescape(link)))
            target = target._replace(fragment="")
            if target.netloc not in ("", "localhost") or target.geturl() in known:
                continue
            try:
                endpoint, values = addresses.match(target.path, method="GET")
            except HTTPException:
                endpoint, values = "nowhere", {}
            if values.get("lang", "es") != "es" or "lang=en" in target.query:  # pages of everybody outside, in the other language
                continue
            of_kind[endpoint] += 1
            known.add(target.geturl())
            if of_kind[endpoint] <= EACH or endpoint == "nowhere":
                waiting.append((target._replace(scheme="", netloc="").geturl(), address))


@pytest.mark.parametrize("key", SIGN_INS)
@pytest.mark.sqlite_only
def test_every_page_that_one_is_led_to_can_be_read_in_spanish(
    loaded: Flask, enter: Callable[[str], FlaskClient], key: str
) -> None:
    english = sentences()
    faults, seen = [], 0
    for address, status, page in pages(loaded, enter(key)):
        seen += 1
        words = words_of(page)
        faults += [f"{address}: {status}"] if status not in (200, 303) else []
        if not address.startswith("/admin/catalogue") and "/edit " not in address:  # who edits sees the English texts too
            faults += [f"{address}: says {sentence!r}" for sentence in english if sentence in words]
    assert not faults, "\n".join(faults)
    assert seen > 8  # home, and the pages of the bar at least


def test_services_are_found_by_typing(enter: Callable[[str], FlaskClient]) -> None:
    page = enter("employee").get("/search?q=portátil")
    assert page.status_code == 200
    assert "Portátil nuevo" in page.text
