"""What an answer can be, what is known when it is read, and how a reading fails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from flask_babel import lazy_gettext as _

Message = Any
"""A lazy sentence of Flask-Babel, or a plain string."""


@dataclass(frozen=True)
class WallTime:
    """A wall time with its zone; `fold` 1 is the second of two equal times (C1, C2)."""

    wall: datetime
    zone: str
    fold: int = 0


@dataclass(frozen=True)
class FileRef:
    """A file that hangs on the draft: its opaque id, its name and its size in bytes."""

    id: str
    name: str
    size: int


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen: the value a browser sends and the words beside it."""

    value: str
    label: Message
    help: Message = ""
    selected: bool = False
    price: Message = ""


class Wrong(Exception):
    """The text is no answer; the phrase says what would be right, suggestions can be picked."""

    def __init__(self, right: Message, suggestions: Sequence[Choice] = ()) -> None:
        super().__init__()
        self.right = right
        self.suggestions = tuple(suggestions)


class Directory(Protocol):
    """What the requester may choose among people, departments and the like (FO rule 7)."""

    def choices(self) -> Sequence[Choice]:
        """Return what the page can offer as a list; nothing when there are too many."""

    def find(self, text: str) -> Sequence[Choice]:
        """Return the visible things this text means: by exact id, else by name."""


@dataclass(frozen=True)
class Context:
    """All that reading answers depends on beside the form: no ambient clock, language or rights."""

    language: str
    today: date
    zone: str = "UTC"
    facts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    directories: Mapping[str, Directory] = field(default_factory=dict)
    files: Mapping[str, Sequence[FileRef]] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """One thing to put right: the field, what is right, and answers that can be picked."""

    key: str
    label: str
    right: Message
    suggestions: tuple[Choice, ...] = ()

    @property
    def anchor(self) -> str:
        """Return the id of the group on the page."""
        return "field_" + self.key.replace(".", "_")

    @property
    def question(self) -> str:
        """Return the key of the question; of the rows, for a cell."""
        return self.key.partition(".")[0]

    @property
    def at_field(self) -> str:
        """Return the sentence that stands at the field."""
        text = str(self.right)
        return text[:1].upper() + text[1:]

    @property
    def in_summary(self) -> str:
        """Return the sentence of the error summary: "Quantity: a whole number from 1 to 50" (FO rule 18)."""
        return str(_("%(label)s: %(right)s", label=self.label, right=self.right))
