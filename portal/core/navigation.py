"""The entries of the main navigation, offered by features in their `feature.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from sqlalchemy import ColumnElement, select

from portal.core import language
from portal.core.db import db
from portal.core.security import current_endpoint


@dataclass(frozen=True)
class Entry:
    """One place to go. `shown(person)` decides who sees it; `reads(person)` selects one value, all of them in one statement.

    `count(person, value)` makes of that value how much waits there; None hides the entry. `phone` lets it stand in the bar
    of phones; `minor` entries stand under "More" on every screen.

    Groups: main, role (work of a role), tool (an icon of the top bar), own (the own menu), foot, public (pages
    of everybody outside, whose address bears the language as `lang`).
    """

    endpoint: str
    label: Any
    icon: str
    position: int
    group: str = "main"
    phone: bool = True
    minor: bool = False
    shown: Callable[[Any], bool] = lambda person: True
    reads: Callable[[Any], ColumnElement[Any]] | None = None
    count: Callable[[Any, Any], int | None] = lambda person, value: value
    values: Callable[[Any], dict[str, str]] = lambda person: {}


@dataclass(frozen=True)
class Shown:
    """An entry as the layout draws it."""

    key: str
    label: str
    url: str
    icon: str
    group: str
    count: int | None
    current: bool
    phone: bool
    minor: bool


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Add an entry; one per endpoint."""
    _entries[entry.endpoint] = entry


def entries_for(person: Any) -> list[Shown]:
    """Return what the person sees, in order."""
    inside = sorted((entry for entry in _entries.values() if entry.group != "public"), key=lambda entry: entry.position)
    shown = [entry for entry in inside if entry.shown(person)]
    counts = _counts(shown, person)
    return [_draw(entry, person, counts.get(entry.endpoint)) for entry in shown if counts.get(entry.endpoint, 0) is not None]


def _counts(entries: Sequence[Entry], person: Any) -> dict[str, int | None]:
    """Return how much waits at the entries that tell it, read together."""
    counted = [(entry, entry.reads(person)) for entry in entries if entry.reads]
    values = db.session.execute(select(*(read for _entry, read in counted))).one() if counted else ()
    return {entry.endpoint: entry.count(person, value) for (entry, _read), value in zip(counted, values, strict=True)}


def _draw(entry: Entry, person: Any, count: int | None, **values: Any) -> Shown:
    return Shown(
        key=entry.endpoint.replace(".", "_"),
        label=str(entry.label),
        url=url_for(entry.endpoint, **dict[str, Any](entry.values(person)), **values),
        icon=entry.icon,
        group=entry.group,
        count=count,
        current=_is_here(entry, g.get("stands_at") or current_endpoint()),
        phone=entry.phone,
        minor=entry.minor,
    )


def stand_at(endpoint: str) -> None:
    """Say at which entry the page of this answer stands, where its address does not tell."""
    g.stands_at = endpoint


def public_entries(lang: str | None = None) -> list[Shown]:
    """Return the places of everybody outside, in the language of the page or another; nobody is asked for (group `public`)."""
    entries = sorted((entry for entry in _entries.values() if entry.group == "public"), key=lambda entry: entry.position)
    return [_draw(entry, None, None, lang=lang or language.current()) for entry in entries]


_warnings: list[Callable[[Any], Any]] = []


def warn_with(warning: Callable[[Any], Any]) -> None:
    """Let a package put a sentence above every page of those whom it concerns; it returns nothing for the others."""
    if warning not in _warnings:
        _warnings.append(warning)


def warnings_for(person: Any) -> list[str]:
    """Return the sentences that stand above the person's pages now."""
    found = (warning(person) for warning in _warnings)
    return [str(sentence) for sentence in found if sentence]


def _is_here(entry: Entry, here: str) -> bool:
    if here == entry.endpoint:
        return True
    package, _, page = entry.endpoint.partition(".")
    return page == "index" and here.startswith(f"{package}.") and here not in _entries
