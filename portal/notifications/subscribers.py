"""What accounts report and their owners must know by mail (SE-18, SE-20, SE-22)."""

from portal.accounts.events import FactorChanged, PasswordChanged, RecoveryCodeUsed, ResetAsked
from portal.core import clock
from portal.core.db import public_id
from portal.core.events import subscribe
from portal.notifications import account, actions
from portal.people.events import PersonDeactivated


def install() -> None:
    """Listen to what happens to accounts."""
    subscribe(ResetAsked, reset_asked)
    subscribe(PasswordChanged, password_changed)
    subscribe(FactorChanged, factor_changed)
    subscribe(RecoveryCodeUsed, recovery_code_used)
    subscribe(PersonDeactivated, person_left)


def reset_asked(event: ResetAsked) -> None:
    """Mail the stored address a link."""
    _mail(event.person_id, account.RESET)


def password_changed(event: PasswordChanged) -> None:
    """Tell the owner."""
    _mail(event.person_id, account.PASSWORD_CHANGED, by_reset=event.by_reset)


def factor_changed(event: FactorChanged) -> None:
    """Tell the owner, whoever did it."""
    _mail(event.person_id, account.FACTOR_CHANGED, change=event.change)


def recovery_code_used(event: RecoveryCodeUsed) -> None:
    """Tell the owner."""
    _mail(event.person_id, account.RECOVERY_CODE_USED, left=event.left)


def person_left(event: PersonDeactivated) -> None:
    """Drop what waits for somebody whose access has ended (PE-12)."""
    actions.drop_unsent(event.person_id, clock.now())


def _mail(person_id: int, message: str, **data: object) -> None:
    actions.mail_about_account(person_id, message, f"{message}:{public_id()}", clock.now(), data)
