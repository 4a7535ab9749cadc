"""How sessions are found by typing: title, topic, what it is about, place and trainer."""

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core import clock
from portal.search.kinds import Document, Source
from portal.training.models import TrainingSession
from portal.training.queries import KIND, visible_to


def document(session: TrainingSession) -> Document:
    """Return what the index holds of a session."""
    note = " · ".join(part for part in (f"{session.first_starts_at:%Y-%m-%d}", session.place) if part)
    return Document(
        subject_id=session.id,
        title=session.title,
        texts=[session.topic.name if session.topic else None, session.description, session.place, session.taught_by],
        note=note,
        place={"public_id": session.public_id},
    )


SOURCE = Source(
    kind=KIND,
    label=_("Sessions"),
    position=60,
    model=TrainingSession,
    visible_to=lambda person, now: visible_to(person, now).where(TrainingSession.last_ends_at > now),
    listed=lambda: (
        select(TrainingSession)
        .where(TrainingSession.cancelled_at.is_(None), TrainingSession.last_ends_at > clock.now())
        .options(joinedload(TrainingSession.topic))
    ),
    document=document,
    endpoint="training.show",
    icon="school",
)
