"""Tables of announcements, pins and mails of several announcements."""

from portal.announcements.models.announcing import (
    Access,
    Announcement,
    AnnouncementAudience,
    AnnouncementConfirmation,
    AnnouncementDelivery,
    AnnouncementDraft,
    AnnouncementReading,
    AnnouncementRecipient,
    AnnouncementVersion,
    Kind,
    Level,
)
from portal.announcements.models.mailing import (
    AnnouncementPin,
    AnnouncementPreference,
    DigestItem,
    DigestRun,
    PinSlot,
)

__all__ = [
    "Access",
    "Announcement",
    "AnnouncementAudience",
    "AnnouncementConfirmation",
    "AnnouncementDelivery",
    "AnnouncementDraft",
    "AnnouncementPin",
    "AnnouncementPreference",
    "AnnouncementReading",
    "AnnouncementRecipient",
    "AnnouncementVersion",
    "DigestItem",
    "DigestRun",
    "Kind",
    "Level",
    "PinSlot",
]
