"""Texts in several languages, and what people type on one line or several (C13, SE-37)."""

from collections.abc import Mapping
from typing import TypeAlias

from portal.core.forms import clean

Words: TypeAlias = Mapping[str, str]


def borrowed(words: Words, language: str) -> str | None:
    """Return the language that stands in for a missing one, so that the page can mark it (C13)."""
    if words.get(language):
        return None
    return next((other for other, text in words.items() if text), None)


def clean_line(text: str) -> str:
    """Return one line: breaks, tabs and runs of blanks become one space, control characters go (SE-37)."""
    return " ".join(clean(text).split())


def clean_text(text: str) -> str:
    """Return a long text with plain line ends and without control characters (SE-37)."""
    return clean(text).strip()
