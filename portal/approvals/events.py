"""What approvals tell the packages above: facts in the past tense, with ids."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ApprovalStarted:
    """An approval of a subject has begun."""

    kind: str
    subject_id: int
    approval_id: int
    by_id: int


@dataclass(frozen=True)
class ApprovalStageOpened:
    """A stage asks people now."""

    kind: str
    subject_id: int
    stage_id: int
    asked_ids: tuple[int, ...]


@dataclass(frozen=True)
class ApprovalStageEnded:
    """A stage has its outcome: approved, rejected, returned, or ended by something else. Its clock stops (service-levels 17)."""

    kind: str
    subject_id: int
    stage_id: int
    why: str


@dataclass(frozen=True)
class ApprovalBlocked:
    """A stage finds nobody who may decide; administrators are informed (AP-8)."""

    kind: str
    subject_id: int
    stage_id: int
    why: str


@dataclass(frozen=True)
class ApprovalDecided:
    """One person has decided, perhaps on behalf of another."""

    kind: str
    subject_id: int
    decision_id: int
    outcome: str
    by_id: int
    on_behalf_of_id: int | None


@dataclass(frozen=True)
class ApprovalGranted:
    """All stages are approved, or an administrator went on without them: the subject may be fulfilled."""

    kind: str
    subject_id: int
    by_id: int


@dataclass(frozen=True)
class ApprovalRejected:
    """A stage was rejected; the approval is over."""

    kind: str
    subject_id: int
    by_id: int
    reason: str


@dataclass(frozen=True)
class ApprovalReturned:
    """The requester is asked to correct some fields (AP-14)."""

    kind: str
    subject_id: int
    by_id: int
    fields: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class ApprovalResubmitted:
    """The corrected content is asked about again."""

    kind: str
    subject_id: int
    by_id: int


@dataclass(frozen=True)
class ApprovalReset:
    """A new round asks again: the content changed, or an administrator opened it with a reason (AP-13, AP-18)."""

    kind: str
    subject_id: int
    by_id: int
    reason: str


@dataclass(frozen=True)
class ApprovalReopened:
    """An approval that was rejected waits again, because an administrator removed a stage or opened a round (AP-18)."""

    kind: str
    subject_id: int
    by_id: int
    reason: str


@dataclass(frozen=True)
class ApprovalReminded:
    """Somebody was reminded of an open seat (AP-25)."""

    kind: str
    subject_id: int
    seat_id: int
    person_id: int


@dataclass(frozen=True)
class ApprovalEscalated:
    """The next level is asked as an alternative to a seat that waits too long (AP-25)."""

    kind: str
    subject_id: int
    seat_id: int
    person_id: int
