"""Keeping the index: what changes a thing indexes it in the same transaction (rule 19)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from portal.core.db import db
from portal.search import analysis, terms
from portal.search.kinds import Document, Source, Text, source
from portal.search.models import Entry, Miss, Spelling

BATCH = 500
PARAMETERS = 5000  # of one statement; databases have limits
SPOKEN_NUMBER = 6
LONGEST_MISS = 200


def index(kind: str, row: Any, now: datetime) -> None:
    """Make one thing findable as it is now."""
    index_all(kind, [row], now)


def index_all(kind: str, rows: Iterable[Any], now: datetime) -> None:
    """Make several things of a kind findable, a few hundred at a time."""
    documents = map(source(kind).document, rows)
    while batch := list(islice(documents, BATCH)):
        _store(kind, batch, now)


def remove(kind: str, subject_id: int) -> None:
    """Make one thing impossible to find."""
    _forget(Entry.kind == kind, Entry.subject_id == subject_id)


def rebuild(source: Source, now: datetime) -> int:
    """Index all things of a kind anew and return how many there are."""
    _forget(Entry.kind == source.kind)
    count = 0
    for rows in db.session.scalars(source.listed().execution_options(yield_per=BATCH)).partitions():
        index_all(source.kind, rows, now)
        count += len(rows)
    return count


def forget_spellings() -> None:
    """Forget all known words; a rebuild of everything learns them again."""
    db.session.execute(delete(Spelling))


def count_miss(text: str, now: datetime) -> None:
    """Count words that found nothing, without the person; what looks like an address or a number is not kept (rule 21)."""
    kept = " ".join(analysis.words(text))[:LONGEST_MISS]
    if not kept or "@" in text or sum(char.isdigit() for char in text) > SPOKEN_NUMBER:
        return
    day = now.date()
    monday = day - timedelta(days=day.weekday())
    added = _insert(Miss).values(week=monday, text=kept, count=1)
    db.session.execute(added.on_conflict_do_update(index_elements=["week", "text"], set_={"count": Miss.count + 1}))


def _store(kind: str, documents: Sequence[Document], now: datetime) -> None:
    ids = _store_entries(kind, documents, now)
    rows = [_terms_of(kind, ids[document.subject_id], document) for document in documents]
    terms.store(rows)
    learn({term for document in documents for term in _exact(document)})


def _store_entries(kind: str, documents: Sequence[Document], now: datetime) -> Mapping[int, int]:
    values = [
        {
            "kind": kind,
            "subject_id": document.subject_id,
            "title": _in_languages(document.title),
            "note": _in_languages(document.note),
            "reference": document.reference,
            "place": dict(document.place),
            "indexed_at": now,
        }
        for document in documents
    ]
    added = _insert(Entry)
    changed = {name: added.excluded[name] for name in ("title", "note", "reference", "place", "indexed_at")}
    upsert = added.on_conflict_do_update(index_elements=["kind", "subject_id"], set_=changed)
    returned = db.session.execute(upsert.returning(Entry.subject_id, Entry.id), values)
    return {row.subject_id: row.id for row in returned}


def _in_languages(text: Text) -> dict[str, str]:
    return {"": text} if isinstance(text, str) else dict(text)


def _terms_of(kind: str, entry_id: int, document: Document) -> terms.Terms:
    title = set(analysis.exact_terms(str(document.title)) if document.is_name else analysis.terms(document.title))
    reference = [*analysis.exact_terms(document.reference)]
    title |= {*reference, "".join(reference)} - {""}
    body = {term for part in document.texts if part for term in analysis.terms(part)}
    return terms.Terms(entry_id, document.subject_id, kind, frozenset(title), frozenset(body), document.circles)


def _exact(document: Document) -> Iterable[str]:
    for part in (document.title, *document.texts):
        for text in [part] if isinstance(part, str) else (part or {}).values():
            yield from analysis.exact_terms(text)


def learn(words: Collection[str]) -> None:
    """Know the words from now on, so that slips in typing them are forgiven."""
    spellable = {word: analysis.spellings(word) for word in words}
    spellable = {word: keys for word, keys in spellable.items() if keys}
    unknown = sorted(spellable.keys() - _known(spellable))
    rows = [{"key": key, "word": word} for word in unknown for key in sorted(spellable[word])]
    if rows:
        db.session.execute(_insert(Spelling).on_conflict_do_nothing(), rows)


def _known(words: Iterable[str]) -> set[str]:
    asked, known = iter(words), set[str]()
    while some := list(islice(asked, PARAMETERS)):
        known.update(db.session.scalars(select(Spelling.word).where(Spelling.key.in_(some), Spelling.key == Spelling.word)))
    return known


def _forget(*conditions: Any) -> None:
    entries = select(Entry.id).where(*conditions)
    db.session.execute(terms.forget(terms.SEARCH_TERMS.c.rowid.in_(entries)))
    db.session.execute(delete(Entry).where(*conditions))


def _insert(model: type[Any]) -> Any:
    return sqlite.insert(model) if terms.is_sqlite() else postgresql.insert(model)
