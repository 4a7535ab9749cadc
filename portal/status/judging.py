"""When a check changes what it says: only after enough equal results, and then back to the first of them; pure (SP-5, SP-6)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.status.vocabulary import OPERATIONAL, UNKNOWN

GAP = 3


@dataclass(frozen=True)
class Run:
    """What a check has confirmed, and the run of equal results that may change it."""

    confirmed: str = UNKNOWN
    ok: bool | None = None
    length: int = 0
    since: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True)
class Rule:
    """After how many failures and successes something is believed, and what a failure means."""

    failures: int = 3
    successes: int = 2
    failing: str = "major_outage"


@dataclass(frozen=True)
class Change:
    """A status confirmed now, in force since the first result of its run."""

    status: str
    since: datetime


def judge(run: Run, ok: bool, at: datetime, rule: Rule) -> tuple[Run, Change | None]:
    """Take one more result; return how it stands now, and the change if it confirms one."""
    same = run.ok is ok
    grown = replace(run, ok=ok, length=run.length + 1 if same else 1, since=run.since if same and run.since else at, last_at=at)
    wanted = OPERATIONAL if ok else rule.failing
    enough = grown.length >= (rule.successes if ok else rule.failures)
    first = run.confirmed == UNKNOWN and ok  # nothing was known: the first success is something to go by
    if grown.confirmed == wanted or not (enough or first):
        return grown, None
    return replace(grown, confirmed=wanted), Change(wanted, grown.since or at)


def after_gap(run: Run, at: datetime, interval: timedelta) -> tuple[Run, Change | None]:
    """Forget what was known when nothing was heard for three intervals: unknown since the last check (SP-6)."""
    if run.last_at is None or at - run.last_at <= GAP * interval or run.confirmed == UNKNOWN:
        return run, None
    return Run(last_at=run.last_at), Change(UNKNOWN, run.last_at)
