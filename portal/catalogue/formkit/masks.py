r"""Patterns in words of their own instead of regular expressions: linear in the text, and writable by anybody.

`9` is a digit, `A` a letter, `X` a letter or digit, `\` takes the next mark literally, everything else stands for
itself without regard to case; `+` after a mark means one or more, `?` means none or one. "CC-9999" takes "cc-0412".
Matching follows all possible positions at once, so its time grows linearly with the text (SE-42).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

MOST_MARKS = 100
_CLASSES: Mapping[str, Callable[[str], bool]] = {"9": str.isdecimal, "A": str.isalpha, "X": str.isalnum}


@dataclass(frozen=True)
class _Mark:
    takes: Callable[[str], bool]
    optional: bool = False
    repeated: bool = False


def matches(pattern: str, text: str) -> bool:
    """Say whether the whole text has the shape of the pattern."""
    marks = list(_marks(pattern))
    places = _reachable({0}, marks)
    for letter in text:
        taken = {place for place in places if place < len(marks) and marks[place].takes(letter)}
        ahead = {place + 1 for place in taken} | {place for place in taken if marks[place].repeated}
        places = _reachable(ahead, marks)
    return len(marks) in places


def is_pattern(pattern: str) -> bool:
    """Say whether a pattern can be read: not too long, no repetition without a mark, no open escape."""
    try:
        return len(list(_marks(pattern))) <= MOST_MARKS
    except ValueError:
        return False


def _reachable(places: set[int], marks: list[_Mark]) -> set[int]:
    reached = set(places)
    for place in sorted(places):
        step = place
        while step < len(marks) and marks[step].optional:
            step += 1
            reached.add(step)
    return reached


def _marks(pattern: str) -> Iterator[_Mark]:
    place = 0
    while place < len(pattern):
        takes, place = _one(pattern, place)
        suffix = pattern[place : place + 1]
        place += suffix in ("+", "?")
        yield _Mark(takes, optional=suffix == "?", repeated=suffix == "+")


def _one(pattern: str, place: int) -> tuple[Callable[[str], bool], int]:
    mark = pattern[place]
    if mark == "\\" and place + 1 < len(pattern):
        return _literal(pattern[place + 1]), place + 2
    if mark in "\\+?":
        raise ValueError(pattern)
    return _CLASSES.get(mark) or _literal(mark), place + 1


def _literal(mark: str) -> Callable[[str], bool]:
    return lambda letter: letter.casefold() == mark.casefold()
