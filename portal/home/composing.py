"""Putting the home page together, so that one block that fails leaves the others alone (KH9)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

import structlog
from flask import render_template
from markupsafe import Markup

from portal.core import blocks
from portal.core.blocks import Block, Errand, Pile, Waiting
from portal.core.db import db, within
from portal.people.models import Person

PATIENCE = 1.0
SHOWN = 7
A_DAY = timedelta(days=1)
LATEST = datetime.max.replace(tzinfo=UTC)
Found = TypeVar("Found")
log = structlog.get_logger()


@dataclass(frozen=True)
class Drawn:
    """A block ready to be shown; without a body it is not available at the moment."""

    block: Block
    body: Markup | None
    more: tuple[str, str] | None = None


@dataclass(frozen=True)
class ForYou:
    """The first block: what waits, the most urgent first; the lists with more than is shown; the sorts that failed."""

    first: Sequence[Waiting]
    folded: Sequence[Waiting]
    count: int
    longer: Sequence[tuple[Errand, Pile]]
    failed: Sequence[Errand]

    @property
    def seen(self) -> str:
        """Return what the page carries to ask whether this is still true."""
        things = [(thing.title, thing.url, str(thing.by)) for thing in (*self.first, *self.folded)]
        return sha256(repr((things, self.count, [errand.name for errand in self.failed])).encode()).hexdigest()[:16]


def for_you(person: Person, now: datetime) -> ForYou:
    """Read what waits for the person, each sort with one statement."""
    piles, failed = [], []
    for errand in blocks.errands_for(person, now):
        pile = attempt(errand.name, lambda errand=errand: errand.load(person, now))  # type: ignore[misc]  # bound at once
        if pile is None:
            failed.append(errand)
        else:
            piles.append((errand, pile))
    things = sorted((thing for _, pile in piles for thing in pile.things), key=_urgency)
    count = sum(pile.count for _, pile in piles)
    longer = [(errand, pile) for errand, pile in piles if pile.count > len(pile.things)]
    return ForYou(things[:SHOWN], things[SHOWN:], count, longer, failed)


def _urgency(thing: Waiting) -> datetime:
    """By deadline; what has none, but holds somebody up, should be done within a day."""
    return thing.by or (thing.since + A_DAY if thing.since else LATEST)


def drawn(person: Person, now: datetime, aside: bool) -> list[Drawn]:
    """Draw the blocks of one column."""
    found = (draw(block, person, now) for block in blocks.blocks_for(person, now) if block.aside == aside)
    return [one for one in found if one is not None]


def draw(block: Block, person: Person, now: datetime) -> Drawn | None:
    """Draw one block; None when the person has nothing in it."""
    result = attempt(block.name, lambda: _draw(block, person, now))
    if result is None:
        return Drawn(block, None)
    return result if result.body else None


def _draw(block: Block, person: Person, now: datetime) -> Drawn:
    content: Any = block.load(person, now)
    if content is None:
        return Drawn(block, Markup())
    body = Markup(render_template(block.template, content=content, block=block))  # noqa: S704 - a template escapes
    return Drawn(block, body, block.more(content) if block.more else None)


def attempt(name: str, load: Callable[[], Found]) -> Found | None:
    """Load, or log why it did not work, in good time, and return None; the transaction is fit for the next in any case."""
    try:
        with within(PATIENCE):
            return load()
    except Exception as error:
        log.error("block_failed", block=name, exc_info=error)
        db.session.rollback()  # this is a page that only reads, so nothing is lost
        return None
