"""The Spanish catalogue has every text of code and templates, with the same placeholders."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.architecture.source import PORTAL, TEMPLATES

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "lazy_ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
METHODS = [("**/migrations/**", "ignore"), ("**.py", "python")]
CATALOGUES = sorted((PORTAL / "translations" / "es").glob("*.po"))

Text = str | tuple[str, ...]


def used() -> Iterator[tuple[str, int, Text]]:
    for folder, methods in ((PORTAL, METHODS), (TEMPLATES, [("**.html", "jinja2"), ("**.txt", "jinja2")])):
        found = extract_from_dir(str(folder), method_map=methods, keywords=KEYWORDS, options_map={"**": {"silent": "false"}})
        for path, line, message, _comments, _context in found:
            yield path, line, message


@cache
def spanish() -> dict[str, Message]:
    found: dict[str, Message] = {}
    for path in CATALOGUES:
        with path.open("rb") as file:
            found |= {key(message.id): message for message in read_po(file, locale="es") if message.id}
    return found


def key(text: Text) -> str:
    return text if isinstance(text, str) else text[0]


def test_every_text_is_in_the_spanish_catalogue():
    missing = {f"{path}:{line} {key(text)!r}" for path, line, text in used() if key(text) not in spanish()}
    assert not missing, "\n".join(sorted(missing))


def test_no_translation_is_empty_or_a_guess():
    bad = [name for name, message in spanish().items() if not all(texts(message.string)) or message.fuzzy]
    assert not bad, bad


def test_translations_keep_the_placeholders():
    for name, message in spanish().items():
        wanted = set(PLACEHOLDER.findall(texts(message.id)[-1]))
        for text in texts(message.string)[-1:]:
            assert set(PLACEHOLDER.findall(text)) == wanted, name


def texts(text: Text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_no_translation_is_left_over():
    wanted = {key(text) for _, _, text in used()}
    left = sorted(set(spanish()) - wanted)
    assert not left, left


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: Path(path).stem)
def test_catalogues_do_not_contradict_each_other(path):
    with path.open("rb") as file:
        for message in read_po(file, locale="es"):
            if message.id:
                assert texts(message.string) == texts(spanish()[key(message.id)].string), message.id
