"""What counts as the same word: one analysis for both databases (knowledge-and-home.md 18, 19).

A word is kept as it is without case and accents (its exact form) and as its Spanish and English stems. The stemmer wants
the accents, so stems are taken first and lose them afterwards; they are also taken of the word without accents, since
people type that.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from threading import Lock

import snowballstemmer

from portal.core.text import fold

WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 40
LANGUAGES = {"es": "spanish", "en": "english"}
SPELLABLE = range(4, 25)
LONG_WORD = 8

# Too common to look for when other words are there.
STOP_WORDS = """
    a al algo and are at be como con cual de del do e el en eres es esta este for from has hay he how i in is it la las lo
    los me mi mis my necesito need no o of on or para por puedo que quiero se ser si sin su sus the this to tu un una uno
    want what where with y yo you
"""
STOP = frozenset(STOP_WORDS.split())

_stemmers = {code: snowballstemmer.stemmer(name) for code, name in LANGUAGES.items()}
_one_at_a_time = Lock()


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, accents kept. Signs are no words, so nothing typed is query language."""
    return [word[:LONGEST_WORD] for word in WORD.findall(text.casefold())]


def stems(word: str, language: str) -> frozenset[str]:
    """Return the stems of a word in one language, without accents."""
    with _one_at_a_time:  # a stemmer keeps its word in itself
        return frozenset(fold(_stemmers[language].stemWord(form)) for form in (word, fold(word)))


@lru_cache(maxsize=50_000)
def forms(word: str, languages: tuple[str, ...] = tuple(LANGUAGES)) -> tuple[str, ...]:
    """Return the exact form of a word, then its stems."""
    exact = fold(word)
    return (exact, *sorted(frozenset().union(*(stems(word, language) for language in languages)) - {exact}))


def terms(text: Mapping[str, str] | str) -> Iterator[str]:
    """Yield the forms of all words of a text; in a known language only that one's stems."""
    parts = {None: text} if isinstance(text, str) else text
    for language, part in parts.items():
        known = (language,) if language in LANGUAGES else tuple(LANGUAGES)
        for word in words(part or ""):
            yield from forms(word, known)


def exact_terms(text: str) -> Iterator[str]:
    """Yield the exact forms only: names are not inflected."""
    return (fold(word) for word in words(text))


# --- small typos ---------------------------------------------------------------------------------------------------------

SOUNDS = (
    (re.compile(r"(?<!c)h"), ""),
    (re.compile(r"ll"), "y"),
    (re.compile(r"qu(?=[ei])|c(?=[^eih]|$)"), "k"),
    (re.compile(r"c(?=[ei])|z"), "s"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"v"), "b"),
    (re.compile(r"(.)\1+"), r"\1"),
)


def sound(word: str) -> str:
    """Return how a folded word sounds in Spanish: names reach the front desk by telephone."""
    for pattern, replacement in SOUNDS:
        word = pattern.sub(replacement, word)
    return f"~{word}"


def spellings(word: str) -> set[str]:
    """Return the keys under which a folded word and its neighbours meet: itself, it short of one letter, its sound."""
    if len(word) not in SPELLABLE or any(char.isdigit() for char in word):
        return set()
    return {word, sound(word), *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def is_near(typed: str, known: str) -> bool:
    """Return whether the one may be the other mistyped: one slip, two in a long word, or the same sound."""
    return sound(typed) == sound(known) or distance(typed, known) <= (2 if len(typed) >= LONG_WORD else 1)


def distance(one: str, other: str) -> int:
    """Return how many slips lie between two words; two letters that changed places are one."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        before, above, row = row, before, [i]
        for j, opposite in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != opposite))
            if above and j > 1 and char == other[j - 2] and one[i - 2] == opposite:
                least = min(least, above[j - 2] + 1)
            row.append(least)
    return row[-1]
