"""The course of an item: its state computed from its checkpoints, promises and the clock (TR-19 to TR-25).

Pure: the same facts at the same time are the same course, in whatever order they came. Nothing here reads or writes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.tracking.promises import Promise
from portal.tracking.states import TERMINAL, State, may_follow

SILENCE = timedelta(days=30)
TOO_EARLY = timedelta(minutes=10)
NEWS_RECEIVED = "news received"


@dataclass(frozen=True)
class Fact:
    """One checkpoint, as far as the state follows from it. `reopening` is the reason of an explicit reopening."""

    id: int
    state: State
    at: datetime
    rank: int
    received_at: datetime
    reopening: str = ""


@dataclass(frozen=True)
class Change:
    """From `at` on, this is promised."""

    at: datetime
    promise: Promise | None


@dataclass(frozen=True)
class Step:
    """A checkpoint at its place: whether it counts for the state, and why a closed item was open again."""

    fact: Fact
    counts: bool
    reopened: str = ""


@dataclass(frozen=True)
class Course:
    """Where an item stands, and how it came there. `closes_at` is when it ended, or will without any news."""

    state: State
    since: datetime
    steps: Sequence[Step]
    held: Sequence[Fact]
    closes_at: datetime

    @property
    def ended(self) -> bool:
        """Return whether nothing more is expected."""
        return self.state in TERMINAL


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Return the facts by their own time; on a tie the more trusted source comes later, then by receipt (TR-20)."""
    return sorted(facts, key=lambda fact: (fact.at, fact.rank, fact.received_at, fact.id))


def follow(facts: Iterable[Fact], changes: Iterable[Change], zone: str, registered_at: datetime, now: datetime) -> Course:
    """Return the course up to now; what lies more than ten minutes ahead is kept back (TR-22)."""
    ordered = in_order(facts)
    held = [fact for fact in ordered if fact.at > now + TOO_EARLY]
    happened: list[Fact | Change] = [fact for fact in ordered if fact.at <= now + TOO_EARLY]
    happened += [change for change in changes if change.at <= now]
    happened.sort(key=lambda one: (one.at, isinstance(one, Fact)))
    begun = min([registered_at, *(one.at for one in happened)])
    walk = _Walk(zone, since=begun, news=begun)
    for one in happened:
        walk.let_pass(one.at)
        walk.take(one)
    walk.let_pass(now + timedelta(microseconds=1))
    return walk.course(held)


@dataclass
class _Walk:
    zone: str
    since: datetime
    news: datetime
    state: State | None = None
    late_since: datetime | None = None
    silent: bool = False
    promise: Promise | None = None
    promised_at: datetime | None = None
    spent: bool = False
    steps: list[Step] = field(default_factory=list)

    def let_pass(self, until: datetime) -> None:
        """Let the clock do what it does by itself before `until`: first what comes first (TR-24)."""
        for moment, happen in sorted(self._ahead(), key=lambda one: one[0]):
            if moment < until and self.state not in TERMINAL:
                happen(moment)

    def _ahead(self) -> Iterator[tuple[datetime, Callable[[datetime], None]]]:
        yield self.news + SILENCE, self._fall_silent
        if self.promise is not None and not self.spent and self.promised_at is not None:
            yield max(self.promise.passes_at(self.zone), self.promised_at), self._be_late

    def _be_late(self, moment: datetime) -> None:
        self.late_since, self.spent = moment, True

    def _fall_silent(self, moment: datetime) -> None:
        self.state, self.since, self.silent, self.late_since = State.EXPIRED, moment, True, None

    def take(self, one: Fact | Change) -> None:
        """Go on by one checkpoint or one promise."""
        if isinstance(one, Fact):
            self._take_fact(one)
        else:
            self.promise, self.promised_at, self.spent, self.late_since = one.promise, one.at, False, None
            self.news = self.news if self.silent else max(self.news, one.at)

    def _take_fact(self, fact: Fact) -> None:
        reopened = NEWS_RECEIVED if self.silent else (fact.reopening if self.state in TERMINAL else "")
        counts = bool(reopened) or self._fits(fact.state)
        self.steps.append(Step(fact, counts, reopened))
        self.news = max(self.news, fact.at)
        if not counts:
            return
        if fact.state != self.state or self.late_since is not None:
            self.since = fact.at
        self.state, self.silent, self.late_since = fact.state, False, None

    def _fits(self, state: State) -> bool:
        if self.state is None or may_follow(self.state, state):
            return True
        return self.late_since is not None and may_follow(State.DELAYED, state)

    def course(self, held: Sequence[Fact]) -> Course:
        """Return where the walk has come to."""
        state = self.state or State.RECEIVED
        closes = self.since if state in TERMINAL else self.news + SILENCE
        if self.late_since is not None:
            return Course(State.DELAYED, self.late_since, self.steps, held, closes)
        return Course(state, self.since, self.steps, held, closes)
