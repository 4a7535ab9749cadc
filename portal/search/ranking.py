"""Which hit comes first: decided here and not by the database, so that both agree (rule 19)."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.core.text import fold
from portal.search import analysis


def ranked(entries: Sequence[Any], text: str, newest_first: bool) -> list[Any]:
    """Return the entries, the best first: its reference, its title, words as typed, words in the title, then the rest."""
    typed = analysis.words(text)
    return sorted(entries, key=lambda entry: _key(entry, typed, newest_first))


def _key(entry: Any, typed: Sequence[str], newest_first: bool) -> tuple[Any, ...]:
    titles = [analysis.words(title) for title in entry.title.values()] or [[]]
    best = min(_title_key(title, typed) for title in titles)
    age = -entry.id if newest_first else 0
    return (not is_reference(entry.reference, typed), entry.tier, *best, age, _first(entry.title), entry.id)


def is_reference(reference: str, typed: Sequence[str]) -> bool:
    """Return whether the typed words are the reference, with its prefix or without."""
    parts = analysis.words(reference)
    return bool(parts) and "".join(typed) in ("".join(parts), parts[-1])


def _title_key(title: Sequence[str], typed: Sequence[str]) -> tuple[bool, int, int, int, int]:
    folded, wanted = [fold(word) for word in title], [fold(word) for word in typed]
    return (
        folded != wanted,
        -sum(word in title for word in typed),
        -sum(word in folded for word in wanted),
        -sum(_alike(word, title) for word in typed),
        len(title),
    )


def _alike(word: str, title: Sequence[str]) -> bool:
    wanted = set(analysis.forms(word))
    return any(wanted & set(analysis.forms(other)) or other.startswith(word) for other in title)


def _first(title: Mapping[str, str]) -> str:
    return fold(next(iter(title.values()), ""))
