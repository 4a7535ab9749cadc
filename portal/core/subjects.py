"""Things that can be approved, discussed or carry files, reached by (kind, id) from packages that stand below them (PE-15)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, cast

from sqlalchemy import Select, String, and_, literal, select, union_all
from sqlalchemy.orm import aliased
from werkzeug.exceptions import NotFound

from portal.core.db import db


class Answer(NamedTuple):
    """One answer of a subject's content, in the language of the reader and the same on every day.

    Its key is empty where it follows from the others, as a sum does: nobody can be asked to correct it.
    """

    key: str
    label: str
    value: str


@dataclass(frozen=True)
class Subject:
    """What a feature tells about one kind of thing.

    `visible_to(person, now)` selects the rows a person may see; `title`, `address` and `reference` take one row;
    `content_hash` is what an approval holds for; `summary` is the template that shows it to a decider.
    `is_confidential(row)` says whether some of it is not for everybody who sees the row: yes unless the feature says no.
    `may_read_internal(person, row, now)` and `may_read_field(person, row, field_key, now)` say no unless the feature
    says otherwise. `may_read_words(person, row, author_id, now)` says no to what some author said about a row that the person
    sees. `lock_first(id)` locks what a decision competes for, such as seats, before the approval (C3).

    `message_context(row, data, recipient, now)` adds to what a message's template can use, read when it
    is sent or shown; `data` is what `notify` was given. `answers(row, person)` lists the content as that person may read
    it; None stands for everybody who may see the row, so nothing confidential is in it (forms.md 24). `quantities(rows)`
    tells by id what each of several rows asks for, and how many of it.
    """

    kind: str
    model: type[Any]
    visible_to: Callable[[Any, datetime], Select[Any]]
    title: Callable[[Any], str]
    address: Callable[[Any], str]
    reference: Callable[[Any], str]
    summary: str = ""
    content_hash: Callable[[Any], str] | None = None
    is_confidential: Callable[[Any], bool] = lambda row: True
    may_read_internal: Callable[[Any, Any, datetime], bool] = lambda person, row, now: False
    may_read_field: Callable[[Any, Any, str, datetime], bool] = lambda person, row, field_key, now: False
    may_read_words: Callable[[Any, Any, int, datetime], bool] = lambda person, row, author_id, now: True
    message_context: Callable[[Any, Mapping[str, Any], Any, datetime], Mapping[str, Any]] = lambda row, data, person, now: {}

    answers: Callable[[Any, Any], Sequence[Answer]] = lambda row, person: ()
    lock_first: Callable[[int], None] = lambda id_: None
    quantities: Callable[[Sequence[Any]], Mapping[int, tuple[str, Decimal]]] = lambda rows: {}


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Offer a kind of thing to the shared services. The last registration of a kind counts."""
    _subjects[subject.kind] = subject


def of_kind(kind: str) -> Subject:
    """Return the registered kind; an unknown one is as if it did not exist."""
    try:
        return _subjects[kind]
    except KeyError:
        raise NotFound from None


def load(kind: str, id_: int) -> Any:
    """Return the row whoever may see it: for actions and messages, never for pages."""
    return db.session.get_one(of_kind(kind).model, id_)


def visible_among(about: Iterable[tuple[str, int]], person: Any, now: datetime) -> dict[tuple[str, int], Any]:
    """Return those of the things (kind, id) that the person may see, in one statement whatever their kinds (PE-18, PE-20)."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, id_ in about:
        wanted[kind].add(id_)
    if not wanted:
        return {}
    ids = [_ids(of_kind(kind), each, person, now) for kind, each in wanted.items()]
    there = union_all(*ids).subquery()
    models = [aliased(of_kind(kind).model) for kind in wanted]
    found = select(there.c.kind, *models).select_from(there)
    for kind, model in zip(wanted, models, strict=True):
        found = found.outerjoin(model, and_(there.c.kind == kind, model.id == there.c.id))
    pairs = ((row.kind, next(thing for thing in row[1:] if thing is not None)) for row in db.session.execute(found))
    return {(kind, thing.id): thing for kind, thing in pairs}


def _ids(subject: Subject, ids: Collection[int], person: Any, now: datetime) -> Select[Any]:
    visible = subject.visible_to(person, now).where(subject.model.id.in_(ids))
    return cast("Select[Any]", visible.with_only_columns(literal(subject.kind, String).label("kind"), subject.model.id))


def visible(kind: str, id_: int, person: Any, now: datetime) -> Any | None:
    """Return the row if the person may see it, else None."""
    subject = of_kind(kind)
    return db.session.scalar(subject.visible_to(person, now).where(subject.model.id == id_))
