"""Priority from impact and urgency, with every weight visible (34). Nothing else weighs."""

from dataclasses import dataclass
from enum import StrEnum


class Impact(StrEnum):
    """Who is held up."""

    PERSON = "person"
    GROUP = "group"
    WIDE = "wide"


class Urgency(StrEnum):
    """How soon it hurts."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


IMPACTS, URGENCIES = tuple(Impact), tuple(Urgency)
PRIORITIES = ("P1", "P2", "P3", "P4", "P5")


@dataclass(frozen=True)
class Assessment:
    """The reported impact, the tick and the urgency; effective impact and priority follow (34)."""

    impact: Impact
    urgency: Urgency
    external: bool = False

    @property
    def effective(self) -> Impact:
        """Return the impact, raised by one step when external customers are affected, at most to wide."""
        return IMPACTS[min(IMPACTS.index(self.impact) + self.external, len(IMPACTS) - 1)]

    @property
    def raised(self) -> bool:
        """Return whether the tick made a difference."""
        return self.effective != self.impact

    @property
    def priority(self) -> str:
        """Return P1 to P5."""
        steps_down = (len(IMPACTS) - 1 - IMPACTS.index(self.effective)) + (len(URGENCIES) - 1 - URGENCIES.index(self.urgency))
        return PRIORITIES[steps_down]
