"""What happens to accounts. `network` and `device` say from where, where a browser did it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SignedIn:
    """A person has begun a session; `factor` says whether a second factor was checked.

    `target` is the signed page that the person returns to, so that what had to wait for the sign-in can be done.
    """

    person_id: int
    network: str
    device: str
    factor: bool
    target: str


@dataclass(frozen=True)
class SignInRefused:
    """A password or code was wrong. `person_id` is None when there is no such account."""

    person_id: int | None
    network: str


@dataclass(frozen=True)
class SignedOut:
    """A person has ended one session of their own."""

    person_id: int


@dataclass(frozen=True)
class SessionsEnded:
    """All sessions of a person have ended."""

    person_id: int
    by_id: int | None


@dataclass(frozen=True)
class PasswordChanged:
    """A person has a new password; `by_reset` when a mailed link was used."""

    person_id: int
    by_reset: bool


@dataclass(frozen=True)
class FactorChanged:
    """A second factor was added ("added"), taken away ("removed"), or its recovery codes were renewed ("codes")."""

    person_id: int
    by_id: int
    change: str


@dataclass(frozen=True)
class RecoveryCodeUsed:
    """A recovery code stood in for the second factor; the person is told by mail (SE-18)."""

    person_id: int
    left: int


@dataclass(frozen=True)
class ResetAsked:
    """Somebody asked for a new password of this account: mail its stored address a link (SE-20, SE-21).

    Whoever composes the mail calls `accounts.actions.issue_reset_token(person_id, now)` when it is sent.
    """

    person_id: int
