"""What is decided on: the sealed hash of the content, what it stood for, and how it differs from what stands now (AP-12)."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

from portal.approvals.models import Approval, ApprovalContent
from portal.core import language, subjects
from portal.core.db import db


@dataclass(frozen=True)
class Change:
    """One answer that is not what it was."""

    label: str
    before: str
    after: str


def seal(kind: str, row: Any, salt: str) -> str:
    """Return the hash of the subject's content under the secret of its approval."""
    content_hash = subjects.of_kind(kind).content_hash
    assert content_hash is not None, f"{kind} can be approved, so it needs a content hash"  # noqa: S101 - a programmer's mistake
    return hashlib.sha256(f"{salt}\0{content_hash(row)}".encode()).hexdigest()


def keep(approval: Approval, row: Any, now: datetime) -> None:
    """Store what the approval's hash stands for, once, as everybody may read it."""
    known = select(ApprovalContent.id).where(
        ApprovalContent.approval_id == approval.id, ApprovalContent.content_hash == approval.content_hash
    )
    if db.session.scalar(known) is None:
        db.session.add(
            ApprovalContent(
                approval_id=approval.id, content_hash=approval.content_hash, answers=in_all_languages(approval.kind, row), at=now
            )
        )
        db.session.flush()


def in_all_languages(kind: str, row: Any) -> dict[str, list[list[str]]]:
    """Return {language: [[key, label, value], …]} without anything confidential."""
    answers = subjects.of_kind(kind).answers
    found = {}
    for code in current_app.config["LANGUAGES"]:
        with force_locale(code):
            found[code] = [list(answer) for answer in answers(row, None)]
    return found


def differences(approval: Approval, seen: str, row: Any) -> list[Change]:
    """Return how the content differs from what a hash stood for; changes of confidential answers have no line."""
    stored = db.session.scalar(
        select(ApprovalContent.answers).where(ApprovalContent.approval_id == approval.id, ApprovalContent.content_hash == seen)
    )
    if stored is None:
        return []
    before = [subjects.Answer(*answer) for answer in stored.get(language.current(), [])]
    return list(_compare(before, list(subjects.of_kind(approval.kind).answers(row, None))))


def _compare(before: list[subjects.Answer], after: list[subjects.Answer]) -> Iterator[Change]:
    was, is_now = {answer.key: answer for answer in before}, {answer.key: answer for answer in after}
    for key in dict.fromkeys([*is_now, *was]):
        old, new = was.get(key), is_now.get(key)
        if (old.value if old else None) != (new.value if new else None):
            label = (new or old or subjects.Answer(key, key, "")).label
            yield Change(label, old.value if old else "", new.value if new else "")
