"""What happens in conversations."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Commented:
    """Somebody said something about a thing."""

    comment_id: int
    kind: str
    subject_id: int
    author_id: int
    internal: bool


@dataclass(frozen=True)
class WatcherAdded:
    """A person follows a thing from now on."""

    kind: str
    subject_id: int
    person_id: int
    by_id: int


@dataclass(frozen=True)
class WatcherLeft:
    """A person no longer follows a thing, by an own choice or by another's."""

    kind: str
    subject_id: int
    person_id: int
    by_id: int
