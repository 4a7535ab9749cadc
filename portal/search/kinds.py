"""The kinds of things that can be found: features register theirs from `feature.py`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Select

from portal.people.models import Person

Text = Mapping[str, str] | str


@dataclass(frozen=True)
class Document:
    """What is found of one thing. Confidential answers, complaints and internal comments are never in it (rule 17).

    `title` and `note` are shown to whoever may see the thing; `texts` are only looked through. A title that is a `name` is
    not inflected. `place` holds the values of the address; `reference` is found first when it is typed. `circles` names the
    circles of people to whom the thing belongs, if its source has such.
    """

    subject_id: int
    title: Text
    texts: Sequence[Text | None] = ()
    note: Text = ""
    reference: str = ""
    place: Mapping[str, str] = field(default_factory=dict)
    is_name: bool = False
    circles: Sequence[str] = ()


@dataclass(frozen=True)
class Circles:
    """Where alone a search need look for what a person sees: in the circles `names`, and at the few ids of `besides`.

    Both may hold more than the person sees, since rights are always asked, but never less.
    """

    names: Sequence[str]
    besides: CompoundSelect[int]


@dataclass(frozen=True)
class Source:
    """One kind of thing that can be found.

    `visible_to(person, now)` selects the rows of `model` that a person may see and is part of every search (C6, PE-20);
    `listed` selects all rows that belong in the index, `document` makes one row's document. A hit is drawn by `template`
    with what `rows(person, ids, now)` found, one statement for all hits of the kind. `circles_of(person, now)` keeps the
    search of a large kind from asking for the rights of each match; None looks at all. `prefix()` is what all references of
    the kind begin with, too common to look for.
    """

    kind: str
    label: Any
    position: int
    model: type[Any]
    visible_to: Callable[[Person, datetime], Select[Any]]
    listed: Callable[[], Select[Any]]
    document: Callable[[Any], Document]
    endpoint: str
    icon: str
    newest_first: bool = False
    template: str = "search/_hit.html"
    rows: Callable[[Person, Sequence[int], datetime], Mapping[int, Any]] = lambda person, ids, now: {}
    prefix: Callable[[], str] = str
    circles_of: Callable[[Person, datetime], Circles | None] = lambda person, now: None


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Offer a kind of thing to the search. The last registration of a kind counts."""
    _sources[source.kind] = source


def source(kind: str) -> Source:
    """Return the source of a kind."""
    return _sources[kind]


def sources() -> list[Source]:
    """Return all sources in the order of their groups on the page."""
    return sorted(_sources.values(), key=lambda source: (source.position, source.kind))
