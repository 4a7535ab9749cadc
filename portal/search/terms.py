"""The table of terms, `search_terms`: an FTS5 table on SQLite, a `tsvector` with a GIN index on PostgreSQL.

Both hold the same terms, made by `analysis`, in three parts: kind, title, body. Both are asked the same question, written
in their own notation from words that consist of letters and digits only (KH4). The kind is a term too: `_people` cannot be
typed, since typed words have no underscore, and the index intersects it with the rest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Delete,
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
        "kind": f"_{row.kind}",
        "title": " ".join(sorted(row.title)),
        "body": " ".join(sorted(row.body)),
    }


def _for_postgresql(row: Terms) -> dict[str, object]:
    weighted = [f"'{term}':1A" for term in sorted(row.title)]
    weighted += [f"'{term}':2" for term in sorted(row.body - row.title)]
    return {"id": row.entry_id, "subject": row.subject_id, "terms": " ".join([f"'_{row.kind}':3", *weighted])}


def matching(kind: str, question: Question, title_only: bool) -> Subquery:
    """Return `rowid` and `subject` of the entries of the kind that answer the question, in the title or anywhere.

    PostgreSQL must begin with the index of terms: OFFSET 0 keeps the planner from trying each entry instead, which it does
    once the plan is prepared for any question.
    """
    ask = _ask_sqlite if is_sqlite() else _ask_postgresql
    asked = bindparam("asked", ask(kind, question, title_only), String, unique=True)
    found = select(SEARCH_TERMS.c.rowid, SEARCH_TERMS.c.subject)
    if is_sqlite():
        return found.where(literal_column("search_terms").op("MATCH", is_comparison=True)(asked)).subquery()
    return found.where(SEARCH_TERMS.c.terms.op("@@", is_comparison=True)(cast(asked, TSQUERY))).offset(0).subquery()


def _ask_sqlite(kind: str, question: Question, title_only: bool) -> str:
    def one(word: Word) -> Iterable[str]:
        yield from (f'"{term}"' for term in word.terms)
        if word.beginning:
            yield f'"{word.beginning}"*'

    asked = _join(question, ("AND", "OR"), [" OR ".join(one(word)) for word in question.words])
    return f'kind : "_{kind}" AND {"title" if title_only else "{title body}"} : ({asked})'


def _ask_postgresql(kind: str, question: Question, title_only: bool) -> str:
    weight = "A" if title_only else ""

    def one(word: Word) -> Iterable[str]:
        yield from (f"'{term}':{weight}" if weight else f"'{term}'" for term in word.terms)
        if word.beginning:
            yield f"'{word.beginning}':*{weight}"

    asked = _join(question, ("&", "|"), [" | ".join(one(word)) for word in question.words])
    return f"'_{kind}' & ({asked})"


def _join(question: Question, operators: tuple[str, str], parts: list[str]) -> str:
    return f" {operators[0 if question.all else 1]} ".join(f"({part})" for part in parts)
