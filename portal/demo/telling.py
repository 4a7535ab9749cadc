"""What the demo's people ask for and say: one case is one request with its conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """An example of a request.

    Answers are typed texts by the key of the question. A date is written "+9" (days after sending), a date and time
    "+2 10:00". `{person}`, `{desk}`, `{dock}`, `{plate}`, `{code}` and `{count}` stand for something different each time.
    """

    service: str  # by its Spanish name
    answers: Mapping[str, str | Sequence[str]]
    done: str
    ask: str = ""
    reply: str = ""
    note: str = ""
    again: str = ""
    refusal: str = ""
    correction: tuple[str, str] = ("", "")  # the question to correct, and why
    by: Sequence[str] = field(default=())
