"""What happens to mail."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FuseBlown:
    """One person was to get too many mails, about one thing or in all (then the kind is empty)."""

    fuse_id: int
    recipient_id: int
    kind: str
    subject_id: int
