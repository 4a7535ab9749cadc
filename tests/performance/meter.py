"""What a page costs: the statements that it sends, and what goes over the wire."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from flask.testing import FlaskClient
from sqlalchemy import Engine, event

PACKED = {"Accept-Encoding": "gzip"}
ASSET = re.compile(r'(?:href|src)="(/static/[^"#]+)')
BEHAVIOUR = re.compile(r'data-behaviour="(\w+)"')
VERSION = re.compile(r"/static/js/app\.js(\?v=\w+)")


class Statement(NamedTuple):
    text: str
    parameters: Any


@contextmanager
def statements(engine: Engine) -> Iterator[list[Statement]]:
    """Collect the statements sent meanwhile; the beginnings of transactions are none."""
    found: list[Statement] = []

    def listen(*args: Any) -> None:
        if not args[2].startswith("BEGIN"):
            found.append(Statement(args[2], args[3]))

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def fragment(target: str) -> dict[str, str]:
    """Return the headers with which htmx asks for one fragment."""
    return {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": f"div#{target}"}


def on_the_wire(client: FlaskClient, address: str, headers: dict[str, str] | None = None) -> int:
    """Return how many bytes an answer takes, compressed, with its headers."""
    answer = client.get(address, headers=PACKED | (headers or {}))
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return len(answer.data) + sum(len(name) + len(value) + 4 for name, value in answer.headers)


def with_an_empty_cache(client: FlaskClient, address: str) -> int:
    """Return how many bytes a first visit takes: the page and all that it asks for, each once."""
    return on_the_wire(client, address) + sum(on_the_wire(client, asset) for asset in assets(client.get(address).text))


def assets(page: str) -> set[str]:
    """Return the addresses of the files that a browser fetches for a page; the font is among them as a preload."""
    found = set(ASSET.findall(page))
    version = VERSION.search(page)
    assert version
    return found | {f"/static/js/behaviours/{name}.js{version[1]}" for name in BEHAVIOUR.findall(page)}
