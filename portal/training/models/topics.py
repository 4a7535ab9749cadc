"""The table of what is learned."""

from collections.abc import Mapping

from sqlalchemy import CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import LocalText, Model, PublicId

USUAL_SHARE = 80


class Topic(PublicId, Model):
    """What is learned, whatever the session."""

    __tablename__ = "topic"
    __table_args__ = (
        CheckConstraint("minimum_share BETWEEN 1 AND 100", name="minimum_share"),
        CheckConstraint("validity_months > 0", name="validity_months"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Mapping[str, str]] = mapped_column(LocalText)
    summary: Mapped[Mapping[str, str] | None] = mapped_column(LocalText)
    # The share of the minutes that makes somebody present, in per cent (rule 19).
    minimum_share: Mapped[int] = mapped_column(default=USUAL_SHARE, server_default=text("80"))
    # How long a completion is valid where no requirement says otherwise; None is for ever.
    validity_months: Mapped[int | None]
    retired: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
