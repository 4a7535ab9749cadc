"""What happens to announcements."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AnnouncementPublished:
    """It is out, or will be at its time."""

    announcement_id: int
    by_id: int


@dataclass(frozen=True)
class AnnouncementCorrected:
    """Its text was corrected and means the same."""

    announcement_id: int
    by_id: int


@dataclass(frozen=True)
class AnnouncementVersionPublished:
    """Its meaning was changed: people are asked again."""

    announcement_id: int
    number: int
    by_id: int


@dataclass(frozen=True)
class AnnouncementConfirmed:
    """A person has read a version."""

    announcement_id: int
    person_id: int
    version: int


@dataclass(frozen=True)
class AnnouncementPinned:
    """It stands above the others for a time."""

    announcement_id: int
    pin_id: int
    by_id: int


@dataclass(frozen=True)
class AnnouncementWithdrawn:
    """It is gone from view."""

    announcement_id: int
    by_id: int
