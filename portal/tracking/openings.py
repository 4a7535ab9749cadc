"""How often a code is opened on a day, without address or browser: an observation (TR-6, TR-17)."""

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from portal.core.db import db
from portal.tracking.models import TrackingOpening


def count(code_id: int, now: datetime) -> None:
    """Count one opening of a code."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    row = dialect.insert(TrackingOpening).values(code_id=code_id, day=now.date(), count=1)
    raised = {"count": TrackingOpening.count + 1}
    db.session.execute(row.on_conflict_do_update(index_elements=["code_id", "day"], set_=raised))
