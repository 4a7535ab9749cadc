"""The second factor: codes of an authenticator app, and recovery codes (SE-15, SE-16, SE-18)."""

import base64
import hmac
import secrets
from datetime import datetime

import pyotp
from flask import current_app
from sqlalchemy import delete, func, select, update

from portal.accounts.models import RecoveryCode, TotpSecret
from portal.core import security
from portal.core.db import db
from portal.people.models import Person, Role
from portal.people.queries import grants_of

STEP_SECONDS = 30
DIGITS = 6
CODES = 10
CODE_BYTES = 10
REQUIRED_OF = {Role.ADMINISTRATOR, Role.AUDITOR, Role.COMMUNICATIONS}


def is_enforced() -> bool:
    """Return whether people of certain roles must have a second factor: everywhere but in the demo."""
    return bool(current_app.config["PORTAL_ENV"] != "demo")


def is_required(person: Person, now: datetime) -> bool:
    """Return whether the person's roles demand a second factor (SE-15)."""
    return is_enforced() and any(role in REQUIRED_OF for role, _ in grants_of(person, now))


def secret_of(person_id: int) -> TotpSecret | None:
    """Return the secret of the person's authenticator app, confirmed or not."""
    return db.session.get(TotpSecret, person_id)


def has_factor(person_id: int) -> bool:
    """Return whether the person signs in with a second factor."""
    confirmed = select(TotpSecret.person_id).where(TotpSecret.person_id == person_id, TotpSecret.confirmed_at.is_not(None))
    return db.session.scalar(confirmed) is not None


def begin(person: Person) -> TotpSecret:
    """Return a secret that waits to be confirmed: a new one, or the one begun before."""
    found = secret_of(person.id)
    if found is None:
        found = TotpSecret(person_id=person.id, secret=pyotp.random_base32(), last_step=0)
        db.session.add(found)
    return found


def address(person: Person, secret: TotpSecret) -> str:
    """Return the otpauth address that an authenticator app scans."""
    issuer = str(current_app.config["PORTAL_NAME"])
    return pyotp.TOTP(secret.secret).provisioning_uri(name=person.email, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the step that the code belongs to: this one, the one before or the next (SE-16)."""
    present = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    right = [step for step in (present - 1, present, present + 1) if hmac.compare_digest(totp.generate_otp(step), code)]
    return right[-1] if right else None


def accept_code(secret: TotpSecret, code: str, now: datetime) -> bool:
    """Accept a code of the app once: its step must be later than the last accepted one, also under races (SE-16)."""
    step = step_of(secret.secret, code, now)
    if step is None:
        return False
    later = update(TotpSecret).where(TotpSecret.person_id == secret.person_id, TotpSecret.last_step < step)
    return bool(db.session.execute(later.values(last_step=step)).rowcount)  # type: ignore[attr-defined]  # an update counts


def is_app_code(code: str) -> bool:
    """Return whether this looks like a code of the app rather than a recovery code."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()


def new_recovery_codes(person_id: int) -> list[str]:
    """Replace the person's recovery codes and return the new ones, which are shown once (SE-18)."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = [base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower() for _ in range(CODES)]
    db.session.add_all(RecoveryCode(person_id=person_id, digest=_digest(person_id, code)) for code in codes)
    return codes


def accept_recovery_code(person_id: int, code: str, now: datetime) -> bool:
    """Use a recovery code up; each works once."""
    unused = update(RecoveryCode).where(
        RecoveryCode.person_id == person_id, RecoveryCode.digest == _digest(person_id, code), RecoveryCode.used_at.is_(None)
    )
    return bool(db.session.execute(unused.values(used_at=now)).rowcount)  # type: ignore[attr-defined]  # an update counts


def recovery_codes_left(person_id: int) -> int:
    """Return how many recovery codes still work."""
    unused = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(unused) or 0


def remove(person_id: int) -> None:
    """Take the second factor away, with its recovery codes."""
    db.session.execute(delete(TotpSecret).where(TotpSecret.person_id == person_id))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def _digest(person_id: int, code: str) -> str:
    plain = "".join(char for char in code.casefold() if char.isalnum())
    return security.digest(f"{person_id}:{plain}")
