"""What happens to teams. `by_id` is None where the portal itself did it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class TeamChanged:
    """A team was made, or has another name or other people."""

    team_id: int
    by_id: int | None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TeamEnded:
    """A team is no more: what it holds is nobody's in particular."""

    team_id: int
    by_id: int | None
    at: datetime
