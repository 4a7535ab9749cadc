"""What a visitor's page shows of an item: at the first level only what harms nobody who lost or guessed a code (TR-11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core import language, security
from portal.tracking import words
from portal.tracking.course import NEWS_RECEIVED, Step
from portal.tracking.models import SECOND_LEVEL
from portal.tracking.queries import Story
from portal.tracking.touching import Touch

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """One checkpoint as it is drawn."""

    title: str
    icon: str
    at: datetime
    when: str
    place: str
    note: str
    corrected: bool
    counts: bool


@dataclass(frozen=True)
class Arrival:
    """The board: when it is expected, and why that changed."""

    day: str
    hour: str
    verdict: str
    first: str
    late: bool
    moves: Sequence[str]


@dataclass(frozen=True)
class Shown:
    """All that the page says of one item; the second level alone adds `item`."""

    title: str
    icon: str
    since: str
    since_at: datetime
    next_step: str
    ended: bool
    lines: Sequence[Line]
    arrival: Arrival | None
    touches: Sequence[Touch]
    seen: str


def shown(story: Story, level: int, touches: Sequence[Touch]) -> Shown:
    """Return the page of an item at a level."""
    course = story.course
    lines = [_line(step, story, level) for step in reversed(course.steps)]
    return Shown(
        title=words.state_words(course.state),
        icon=words.icon(course.state),
        since=words.moment(course.since, story.item.zone),
        since_at=course.since,
        next_step=words.next_step(course.state),
        ended=course.ended,
        lines=lines,
        arrival=None if course.ended else _arrival(story),
        touches=() if course.ended else touches,
        seen=seen(story, level, touches),
    )


def seen(story: Story, level: int, touches: Sequence[Touch]) -> str:
    """Return what tells this page from any other: revision, level, language, and what the clock alone has changed (TR-28)."""
    course = story.course
    clockwork = (course.state, course.since.isoformat(), len(course.steps), len(course.held), *(one.stamp for one in touches))
    return security.keyed("tracking seen", story.item.id, story.item.revision, level, language.current(), *clockwork).hex()[:20]


def _line(step: Step, story: Story, level: int) -> Line:
    row = story.checkpoints[step.fact.id]
    told = row.note if level == SECOND_LEVEL else ""
    reopened = words.NEWS_RECEIVED if step.reopened == NEWS_RECEIVED else step.reopened if level == SECOND_LEVEL else ""
    return Line(
        title=words.state_words(row.state),
        icon=words.icon(row.state),
        at=row.event_at,
        when=words.moment(row.event_at, row.zone),
        place=row.place if level == SECOND_LEVEL else words.coarse(row.place),
        note=" · ".join(text for text in (str(reopened), told) if text),
        corrected=row.supersedes_id is not None,
        counts=step.counts,
    )


def _arrival(story: Story) -> Arrival | None:
    if story.promise is None:
        return None
    zone, first, current = story.item.zone, story.promises[0].promise, story.promise.promise
    day, hour = words.arrival(current, zone)
    later = words.days_late(first, current, zone)
    late = later > timedelta() or story.course.state == "delayed"
    return Arrival(
        day=day,
        hour=hour,
        verdict=_verdict(later, late),
        first=_("promised first: %(day)s", day=words.arrival(first, zone)[0]) if len(story.promises) > 1 else "",
        late=late,
        moves=words.moves(list(story.promises), zone),
    )


def _verdict(later: timedelta, late: bool) -> str:
    if later >= DAY:
        return str(ngettext("%(num)d day late", "%(num)d days late", later // DAY))
    return str(_("Later than promised") if late else _("On course"))
