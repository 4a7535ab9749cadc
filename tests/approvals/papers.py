"""A tiny subject for the tests of approvals: a paper with a text, one confidential line, and a table of its own."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from portal.approvals import queries
from portal.approvals.actions import Facts
from portal.approvals.models import Route, RouteStage
from portal.core import subjects
from portal.core.db import db
from portal.people.models import Person
from tests.cast.people import Cast

KIND = "paper"


class Apart(DeclarativeBase):
    """Tables that no migration knows."""


class Paper(Apart):
    __tablename__ = "paper_of_tests"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    secret: Mapped[str]
    writer_id: Mapped[int]


def visible_to(person: Person, now: datetime) -> Select[Any]:
    return select(Paper).where(or_(Paper.writer_id == person.id, queries.asked(person, now, KIND, Paper.__table__.c.id)))


def answers(paper: Paper, person: Person | None) -> list[subjects.Answer]:
    shown = [subjects.Answer("text", "Text", paper.text)]
    if person is not None and person.id == paper.writer_id:
        shown.append(subjects.Answer("secret", "Secret", paper.secret))
    return shown


SUBJECT = subjects.Subject(
    kind=KIND,
    model=Paper,
    visible_to=visible_to,
    title=lambda paper: paper.title,
    address=lambda paper: f"/papers/{paper.id}",
    reference=lambda paper: f"PAP-{paper.id:06}",
    content_hash=lambda paper: hashlib.sha256(f"{paper.text}\0{paper.secret}".encode()).hexdigest(),
    answers=answers,
    is_confidential=lambda paper: bool(paper.secret),
)


def install() -> None:
    """Register the subject and make its table in the database of the present context."""
    subjects.register(SUBJECT)
    Apart.metadata.create_all(db.engine)


def remove() -> None:
    """Take both away again."""
    db.session.rollback()
    Apart.metadata.drop_all(db.engine)
    subjects._subjects.pop(KIND, None)


def write(writer: Person, text: str = "A desk lamp", title: str = "Lamp", hidden: str = "hidden words") -> Paper:
    paper = Paper(title=title, text=text, secret=hidden, writer_id=writer.id)
    db.session.add(paper)
    db.session.flush()
    return paper


def route(*stages: dict[str, Any], fallback: Person | None = None) -> Route:
    """Write a route; each stage is what differs from "any head of the requester's department"."""
    made = Route(fallback_id=fallback.id if fallback else None)
    for position, given in enumerate(stages, start=1):
        values: dict[str, Any] = {"name": {"es": f"Paso {position}", "en": f"Stage {position}"}, "rule": "requester_head"}
        made.stages.append(RouteStage(position=position, **(values | given)))
    db.session.add(made)
    db.session.flush()
    return made


def facts(cast: Cast, requester: Person, **others: Any) -> Facts:
    values: dict[str, Any] = {
        "requester_id": requester.id,
        "beneficiary_id": requester.id,
        "author_id": requester.id,
        "editor_id": requester.id,
        "requester_department_id": requester.department_id,
        "service_department_id": cast.it.id,
    }
    return Facts(**(values | others))
