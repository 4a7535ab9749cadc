"""Searching: what a person may find, in groups, the best first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, literal, select, union_all

from portal.core.db import db
from portal.core.text import fold
from portal.people.models import Person
from portal.search import analysis, ranking, terms
from portal.search.kinds import Source, sources
from portal.search.models import Entry, Miss, Spelling

LONGEST_TEXT = 200
MOST_WORDS = 12
SHORTEST = 2
CANDIDATES, AT_A_GLANCE = 50, 20
NEIGHBOURS = 5
FREQUENT = 3
WEEKS_OF_MISSES = timedelta(weeks=5)
MOST_MISSES = 200
TITLE, ANYWHERE = 0, 1


@dataclass(frozen=True)
class Hit:
    """One thing found: its entry, and what its source reads about it to draw it."""

    entry: Any
    row: Any


@dataclass(frozen=True)
class Place:
    """A source, what the person may see of it, and which part of the index is looked through."""

    source: Source
    visible: Select[Any]
    scope: terms.Scope


@dataclass(frozen=True)
class Group:
    """The hits of one source, `more` than are shown perhaps, and `beyond` what was counted."""

    source: Source
    hits: Sequence[Hit]
    count: int
    more: bool
    beyond: bool


@dataclass(frozen=True)
class Results:
    """What was found. `about` says that nothing has the typed words, but similar ones."""

    groups: Sequence[Group]
    about: bool

    @property
    def beyond(self) -> bool:
        """Return whether there are more than were counted."""
        return any(group.beyond for group in self.groups)

    @property
    def total(self) -> int:
        """Return how many things were found, each group counted up to its limit."""
        return sum(group.count for group in self.groups)


def is_searchable(text: str) -> bool:
    """Return whether the text can be looked for: not only signs, not too long (rule 20)."""
    typed = analysis.words(text)
    return len(text) <= LONGEST_TEXT and len(typed) <= MOST_WORDS and sum(map(len, typed)) >= SHORTEST


def search(person: Person, text: str, now: datetime, size: int = 6, kind: str = "") -> Results:
    """Find what the person may see, first with all words as typed, else with small typos forgiven, else with any of them.

    Looked at are up to `CANDIDATES` entries of one kind, or `AT_A_GLANCE` of each: nothing is counted further.
    One statement finds the entries of all sources by their titles, one by anything, and one more for each kind found reads
    what its hits show; a search without a hit asks three times more, whatever there is.
    """
    typed, most = _typed_words(text), CANDIDATES if kind else AT_A_GLANCE
    asked = [source for source in sources() if kind in ("", source.kind)]
    places = [place for source in asked for place in _places(person, source, now)]
    strict = terms.Question([_as_typed(word, last=word == typed[-1]) for word in typed])
    found = _candidates(places, [strict], most)
    if about := not found:
        near = [_with_neighbours(word, others) for word, others in zip(strict.words, _neighbours(typed), strict=True)]
        found = _candidates(places, [terms.Question(near), terms.Question(near, all=False)], most)
    groups = [_group(person, source, found.get(source.kind, []), text, size, most, now) for source in asked]
    return Results([group for group in groups if group.hits], about and bool(found))


def frequent_misses(now: datetime) -> Sequence[Any]:
    """Return what was looked for in vain at least three times in one of the last weeks, the newest week first (rule 21)."""
    frequent = select(Miss.week, Miss.text, Miss.count)
    frequent = frequent.where(Miss.week > now.date() - WEEKS_OF_MISSES, Miss.count >= FREQUENT)
    return db.session.execute(frequent.order_by(Miss.week.desc(), Miss.count.desc(), Miss.text).limit(MOST_MISSES)).all()


def _places(person: Person, source: Source, now: datetime) -> list[Place]:
    visible, circles = source.visible_to(person, now), source.circles_of(person, now)
    if circles is None:
        return [Place(source, visible, terms.Scope(source.kind))]
    scopes = (terms.Scope(source.kind, circles=circles.names), terms.Scope(source.kind, ids=circles.besides))
    return [Place(source, visible, scope) for scope in scopes]


def _typed_words(text: str) -> list[str]:
    typed = analysis.words(text)
    common = analysis.STOP | {prefix for source in sources() for prefix in analysis.exact_terms(source.prefix())}
    return [word for word in typed if word not in common] or typed


def _as_typed(word: str, last: bool) -> terms.Word:
    forms = analysis.forms(word)
    return terms.Word(forms, beginning=forms[0] if last and len(forms[0]) >= SHORTEST else "")


def _with_neighbours(word: terms.Word, neighbours: Sequence[str]) -> terms.Word:
    forms = dict.fromkeys([*word.terms, *(form for near in neighbours for form in analysis.forms(near))])
    return terms.Word(list(forms), word.beginning)


def _neighbours(typed: Sequence[str]) -> list[list[str]]:
    """Return for each word the known ones that it may be a slip of, the nearest first."""
    folded = [fold(word) for word in typed]
    keys = {key for word in folded for key in analysis.spellings(word)}
    known = db.session.execute(select(Spelling.key, Spelling.word).where(Spelling.key.in_(keys))).all()
    by_key: dict[str, set[str]] = {}
    for key, word in known:
        by_key.setdefault(key, set()).add(word)
    return [_nearest(word, {near for key in analysis.spellings(word) for near in by_key.get(key, ())}) for word in folded]


def _nearest(word: str, others: set[str]) -> list[str]:
    near = [other for other in others if analysis.is_near(word, other)]
    return sorted(near, key=lambda other: (analysis.distance(word, other), other))[:NEIGHBOURS]


def _candidates(places: Sequence[Place], questions: Sequence[terms.Question], most: int) -> Mapping[str, list[Any]]:
    """Return by kind the entries that answer the first question that has an answer, each once, title matches first.

    Where enough have the words in their titles, nobody looks further: that is what keeps a common word cheap.
    """
    rows = _answers(places, questions, most, TITLE)
    numbers = Counter(kind for kind, _subject in {(row.kind, row.subject_id) for row in rows})
    rows += _answers([place for place in places if numbers[place.source.kind] <= most], questions, most, ANYWHERE)
    answered = min((row.question for row in rows), default=0)
    found: dict[str, dict[int, Any]] = {}
    for row in rows:
        if row.question == answered:
            found.setdefault(row.kind, {}).setdefault(row.subject_id, row)
    return {kind: list(entries.values()) for kind, entries in found.items()}


def _answers(places: Sequence[Place], questions: Sequence[terms.Question], most: int, tier: int) -> list[Any]:
    """Read the entries that answer the questions in their titles or anywhere, in one statement for all places."""
    parts = [
        select(_part(place, question, number, tier, most).subquery())
        for place in places
        for number, question in enumerate(questions)
    ]
    if not parts:
        return []
    answers = union_all(*parts).subquery()
    columns = (Entry.id, Entry.kind, Entry.subject_id, Entry.title, Entry.note, Entry.reference, Entry.place)
    shown = select(*columns, answers.c.question, answers.c.tier).join(answers, answers.c.rowid == Entry.id)
    return list(db.session.execute(shown))


def _part(place: Place, question: terms.Question, number: int, tier: int, most: int) -> Select[*tuple[Any, ...]]:
    """Select the newest visible entries that answer one question, up to one more than `most`: rights and match in one (C6).

    The rights are asked of one match after the other until there are enough.
    """
    matching = terms.matching(place.scope, question, title_only=tier == TITLE)
    may_see = place.visible.with_only_columns(literal(1)).where(place.source.model.id == matching.c.subject).correlate(matching)
    return (
        select(matching.c.rowid, literal(number).label("question"), literal(tier).label("tier"))
        .where(terms.fenced(may_see).exists())
        .order_by(matching.c.rowid.desc())
        .limit(most + 1)
    )


def _group(person: Person, source: Source, entries: Sequence[Any], text: str, size: int, most: int, now: datetime) -> Group:
    best = ranking.ranked(entries, text, source.newest_first)[:most]
    shown = best[:size]
    rows = source.rows(person, [entry.subject_id for entry in shown], now) if shown else {}
    hits = [Hit(entry, rows.get(entry.subject_id)) for entry in shown]
    return Group(source, hits, len(best), more=len(entries) > len(shown), beyond=len(entries) > most)
