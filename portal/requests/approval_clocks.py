"""The clocks of approvals: one for each stage, from its opening to its outcome (service-levels.md 17).

A stage that waits for a correction waits with its clock, which goes on in the round that asks it again. A stage that is
asked about other content, or again by an administrator, is a new question with a clock of its own.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from portal.approvals.events import (
    ApprovalBlocked,
    ApprovalGranted,
    ApprovalReturned,
    ApprovalStageEnded,
    ApprovalStageOpened,
)
from portal.approvals.models import ApprovalStage
from portal.approvals.queries import Promised
from portal.core import clock
from portal.core.db import db
from portal.core.events import subscribe
from portal.people.models import Person
from portal.requests.clocks import KIND, facts_of
from portal.requests.models import Request
from portal.service_levels import actions, queries
from portal.service_levels.queries import About, Reading

APPROVAL = "approval"
RETURNED = "returned"


def install() -> None:
    """Listen to what happens to the stages of requests."""
    subscribe(ApprovalStageOpened, start)
    subscribe(ApprovalBlocked, start)
    subscribe(ApprovalReturned, pause)
    subscribe(ApprovalStageEnded, stop)
    subscribe(ApprovalGranted, stop_all)


def start(event: ApprovalStageOpened | ApprovalBlocked) -> None:
    """Start the clock of a stage in the hours of who is asked, or let it go on after a correction (17).

    One that finds nobody who may decide has its promise all the same, in the hours of the service.
    """
    if event.kind != KIND:
        return
    stage, about = db.session.get_one(ApprovalStage, event.stage_id), About(KIND, event.subject_id)
    now, waiting = clock.now(), _open_clock(about, stage.position)
    since = stage.opened_at or now
    if waiting is None:
        asked = event.asked_ids if isinstance(event, ApprovalStageOpened) else ()
        facts, part = facts_of(db.session.get_one(Request, event.subject_id)), f"{stage.position}.{stage.round}"
        actions.start(about, (APPROVAL,), facts, since, now, "stage_opened", part, _department_of(asked))
    elif waiting.intervals[-1].ended_at is not None:
        actions.resume(about, since, now, cause="resubmitted", kind=APPROVAL, part=waiting.clock.part)


def pause(event: ApprovalReturned) -> None:
    """Wait with the stage that was sent back for correction (17)."""
    if event.kind == KIND:
        now = clock.now()
        by = db.session.get_one(Person, event.by_id)
        actions.pause(About(KIND, event.subject_id), "correction", now, now, by, kind=APPROVAL)


def stop(event: ApprovalStageEnded) -> None:
    """Stop the clock of a stage that has its outcome; being sent back is none (17)."""
    if event.kind != KIND or event.why == RETURNED:
        return
    stage, about = db.session.get_one(ApprovalStage, event.stage_id), About(KIND, event.subject_id)
    found = _open_clock(about, stage.position)
    if found is not None:
        cause = "decided" if event.why in ("approved", "rejected") else event.why
        now = clock.now()
        actions.stop(about, (APPROVAL,), stage.ended_at or now, now, cause=cause, part=found.clock.part)


def stop_all(event: ApprovalGranted) -> None:
    """Let nothing wait for a decision any more: an administrator may go on while a stage waits for a correction (AP-10)."""
    about = About(event.kind, event.subject_id)
    if event.kind == KIND and any(not one.stopped for one in _clocks(about)):
        now = clock.now()
        actions.stop(about, (APPROVAL,), now, now, cause="overridden")


def open_clock(request_id: int) -> Reading | None:
    """Return the clock of the stage that is to be decided, or that waits for a correction."""
    return next((one for one in _clocks(About(KIND, request_id)) if not one.stopped), None)


def promised(ids: Collection[int], now: datetime) -> Mapping[int, Promised]:
    """Return by when the open stages of requests are to be decided, for approvals, which knows no clocks."""
    found = queries.clocks_of(KIND, ids, (APPROVAL,))
    open_ones = {id_: one for id_, readings in found.items() for one in readings if not one.stopped}
    return {id_: _promised(one, now) for id_, one in open_ones.items() if one.target is not None}


def _promised(reading: Reading, now: datetime) -> Promised:
    words = queries.clock_words(reading, now)
    return Promised(reading.at(now).due, words.text, words.kind, words.share)


def _open_clock(about: About, position: int) -> Reading | None:
    of_stage = (one for one in _clocks(about) if one.clock.part.split(".")[0] == str(position))
    return next((one for one in of_stage if not one.stopped), None)


def _clocks(about: About) -> list[Reading]:
    return queries.clocks_of(about.kind, [about.id], (APPROVAL,)).get(about.id, [])


def _department_of(asked_ids: Collection[int]) -> int | None:
    """Return the department of the first who is asked, whose hours count."""
    first = db.session.get(Person, next(iter(asked_ids))) if asked_ids else None
    return first.department_id if first else None
