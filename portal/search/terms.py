"""The table of terms, `search_terms`: an FTS5 table on SQLite, a `tsvector` with a GIN index on PostgreSQL.

Both hold the same terms, made by `analysis`, in three parts: kind, title, body. Both are asked the same question, written
in their own notation from words that consist of letters and digits only (KH4). The kind is a term too: `_people` cannot be
typed, since typed words have no underscore, and the index intersects it with the rest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Delete,
    Select,
    String,
    Subquery,
    bindparam,
    cast,
    column,
    delete,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from portal.core.db import db
from portal.search.models import Entry

Columns = TypeVarTuple("Columns")
SEARCH_TERMS = table("search_terms", column("rowid"), column("subject"), column("terms"))

INSERT_SQLITE = text(
    "INSERT OR REPLACE INTO search_terms (rowid, subject, kind, title, body) VALUES (:id, :subject, :kind, :title, :body)"
)
INSERT_POSTGRESQL = text(
    "INSERT INTO search_terms (rowid, subject, terms) VALUES (:id, :subject, CAST(:terms AS tsvector))"
    " ON CONFLICT (rowid) DO UPDATE SET terms = excluded.terms"
)


@dataclass(frozen=True)
class Terms:
    """The terms of one entry."""

    entry_id: int
    subject_id: int
    kind: str
    title: frozenset[str]
    body: frozenset[str]
    circles: Sequence[str] = ()

    @property
    def marks(self) -> list[str]:
        """Return the terms that nobody can type: of the kind and of the circles."""
        return [f"_{name}" for name in (self.kind, *self.circles)]


@dataclass(frozen=True)
class Word:
    """One typed word: the terms that stand for it, and what it may be the beginning of."""

    terms: Sequence[str]
    beginning: str = ""


@dataclass(frozen=True)
class Question:
    """Typed words, all of which must be there, or any of them."""

    words: Sequence[Word]
    all: bool = True


@dataclass(frozen=True)
class Scope:
    """What is looked through: a kind, of it perhaps only what belongs to some circles, or only some ids."""

    kind: str
    circles: Sequence[str] = ()
    ids: CompoundSelect[int] | None = None


def is_sqlite() -> bool:
    """Return whether the embedded database is in use."""
    return db.engine.dialect.name == "sqlite"


def store(rows: Sequence[Terms]) -> None:
    """Write the terms of some entries in place of those they had."""
    if is_sqlite():
        db.session.execute(INSERT_SQLITE, [_for_sqlite(row) for row in rows])
    else:
        db.session.execute(INSERT_POSTGRESQL, [_for_postgresql(row) for row in rows])


def forget(entry_ids: ColumnElement[bool]) -> Delete:
    """Return the statement that removes the terms whose `rowid` meets the condition."""
    return delete(SEARCH_TERMS).where(entry_ids)


def _for_sqlite(row: Terms) -> dict[str, object]:
    return {
        "id": row.entry_id,
        "subject": row.subject_id,
        "kind": " ".join(row.marks),
        "title": " ".join(sorted(row.title)),
        "body": " ".join(sorted(row.body)),
    }


def _for_postgresql(row: Terms) -> dict[str, object]:
    weighted = [f"'{term}':1A" for term in sorted(row.title)]
    weighted += [f"'{term}':2" for term in sorted(row.body - row.title)]
    marks = [f"'{mark}':3" for mark in row.marks]
    return {"id": row.entry_id, "subject": row.subject_id, "terms": " ".join([*marks, *weighted])}


def matching(scope: Scope, question: Question, title_only: bool) -> Subquery:
    """Return `rowid` and `subject` of the entries in the scope that answer the question, in the title or anywhere, newest first.

    PostgreSQL must begin with the index of terms and then sort, for which it needs two fences: else it tries each entry,
    once the plan is prepared for any question.
    """
    ask = _ask_sqlite if is_sqlite() else _ask_postgresql
    asked = bindparam("asked", ask(scope, question, title_only), String, unique=True)
    found = select(SEARCH_TERMS.c.rowid, SEARCH_TERMS.c.subject)
    if scope.ids is not None:
        found = found.where(_rowid().in_(select(Entry.id).where(Entry.kind == scope.kind, Entry.subject_id.in_(scope.ids))))
    if is_sqlite():
        return found.where(literal_column("search_terms").op("MATCH", is_comparison=True)(asked)).subquery()
    matches = fenced(found.where(SEARCH_TERMS.c.terms.op("@@", is_comparison=True)(cast(asked, TSQUERY)))).subquery()
    return fenced(select(matches).order_by(matches.c.rowid.desc())).subquery()


def _rowid() -> ColumnElement[int]:
    """Return the number of an entry; with its sign, SQLite does not ask the whole question anew for each number."""
    return literal_column("+search_terms.rowid") if is_sqlite() else SEARCH_TERMS.c.rowid


def fenced(query: Select[*Columns]) -> Select[*Columns]:
    """Return the query as PostgreSQL must run it by itself, not as a part of what stands around it."""
    return query if is_sqlite() else query.offset(0)


def _ask_sqlite(scope: Scope, question: Question, title_only: bool) -> str:
    def one(word: Word) -> Iterable[str]:
        yield from (f'"{term}"' for term in word.terms)
        if word.beginning:
            yield f'"{word.beginning}"*'

    asked = _join(question, ("AND", "OR"), [" OR ".join(one(word)) for word in question.words])
    circles = " OR ".join(f'"_{name}"' for name in scope.circles)
    marked = f'"_{scope.kind}" AND ({circles})' if circles else f'"_{scope.kind}"'
    return f"kind : ({marked}) AND {'title' if title_only else '{title body}'} : ({asked})"


def _ask_postgresql(scope: Scope, question: Question, title_only: bool) -> str:
    weight = "A" if title_only else ""

    def one(word: Word) -> Iterable[str]:
        yield from (f"'{term}':{weight}" if weight else f"'{term}'" for term in word.terms)
        if word.beginning:
            yield f"'{word.beginning}':*{weight}"

    asked = _join(question, ("&", "|"), [" | ".join(one(word)) for word in question.words])
    circles = " | ".join(f"'_{name}'" for name in scope.circles)
    marked = f"'_{scope.kind}' & ({circles})" if circles else f"'_{scope.kind}'"
    return f"{marked} & ({asked})"


def _join(question: Question, operators: tuple[str, str], parts: list[str]) -> str:
    return f" {operators[0 if question.all else 1]} ".join(f"({part})" for part in parts)
