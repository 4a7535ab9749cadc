"""The blocks of the home page, offered by features in their `feature.py` (knowledge-and-home.md 14 to 16).

Two kinds: an `Errand` adds what waits for the person to the first block, "For you, now"; a `Block` is a part of the page of
its own. Each reads with one statement that is also the one of the list behind it, so that numbers agree (KH10).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for the person: by when, what to do in a verb, and what happens if they do nothing."""

    title: str
    url: str
    consequence: str
    action: str
    by: datetime | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Pile:
    """What waits of one sort: the most urgent things, how many there are in all, and the list behind them."""

    things: Sequence[Waiting]
    count: int
    url: str


@dataclass(frozen=True)
class Errand:
    """Something that people have to do. `load(person, now)` reads one pile; `label` names the list behind it."""

    name: str
    label: Any
    load: Callable[[Any, datetime], Pile]
    shown: Callable[[Any, datetime], bool] = lambda person, now: True


@dataclass(frozen=True)
class Block:
    """A part of the home page. `load(person, now)` reads what `template` draws as `content`; None leaves the block out.

    The template draws what stands under the heading. `more(content)` is the address and the label of the link beside it.
    """

    name: str
    title: Any
    position: int
    template: str
    load: Callable[[Any, datetime], Any]
    more: Callable[[Any], tuple[str, str]] | None = None
    aside: bool = False
    shown: Callable[[Any, datetime], bool] = lambda person, now: True


_blocks: dict[str, Block] = {}
_errands: dict[str, Errand] = {}


def register(block: Block | Errand) -> None:
    """Add a block or an errand; the last registration of a name counts."""
    if isinstance(block, Errand):
        _errands[block.name] = block
    else:
        _blocks[block.name] = block


def blocks_for(person: Any, now: datetime) -> list[Block]:
    """Return the blocks that the person has, in order."""
    return [block for block in sorted(_blocks.values(), key=lambda block: block.position) if block.shown(person, now)]


def errands_for(person: Any, now: datetime) -> list[Errand]:
    """Return the sorts of things that the person may have to do."""
    return [errand for errand in _errands.values() if errand.shown(person, now)]
