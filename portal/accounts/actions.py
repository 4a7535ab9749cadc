"""Verbs of accounts. What hashes or compares a password is called outside any transaction (RE-3)."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select

from portal.accounts import factors, passwords, sessions, throttle, tokens
from portal.accounts.api_tokens import KeyReused as KeyReused
from portal.accounts.api_tokens import issue as issue_api_token  # noqa: F401 - a door
from portal.accounts.api_tokens import once as once
from portal.accounts.events import (
    FactorChanged,
    PasswordChanged,
    RecoveryCodeUsed,
    ResetAsked,
    SessionsEnded,
    SignedIn,
    SignedOut,
    SignInRefused,
)
from portal.accounts.models import Credential, KnownDevice, Session
from portal.core import events, jobs, security
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.models import Person

RESET_JOB = "accounts.reset"
DEVICE_COOKIE = "device"
DEVICE_LIFE = timedelta(days=365)


# Passwords


def hash_password(password: str) -> str:
    """Return the hash to store."""
    return passwords.hash_password(password)


def check_password(stored: str | None, password: str) -> bool:
    """Return whether the password is right, with the same work for everybody (SE-10)."""
    return passwords.is_right(stored, password)


def set_password(person: Person, password_hash: str, now: datetime, by_reset: bool = False) -> None:
    """Store a new password; the person's sessions and unused tokens end (SE-3, SE-20)."""
    credential = db.session.get(Credential, person.id) or Credential(person_id=person.id)
    credential.password_hash, credential.changed_at = password_hash, now
    db.session.add(credential)
    sessions.end_all(person)
    tokens.end_all(person.id, now)
    events.publish(PasswordChanged(person.id, by_reset))


def change_password(person: Person, password_hash: str, own_device: bool, now: datetime) -> str:
    """Store the person's new password and return the secret of the one session that goes on (SE-3)."""
    set_password(person, password_hash, now)
    return sessions.start(person, sessions.FULL, own_device, now)


def reserve_public_check(network: str, now: datetime) -> int:
    """Count a question of somebody outside; return for how many seconds the network must wait, 0 if it need not."""
    return throttle.reserve([(throttle.PUBLIC_CHECK, network)], now).wait


def reserve_confirmation(person_id: int, now: datetime) -> throttle.Reservation:
    """Count an attempt to show again who one is."""
    return throttle.reserve([(throttle.CONFIRMATION, str(person_id))], now)


def renew_hash(person_id: int, password_hash: str) -> None:
    """Store the same password under today's parameters (SE-9)."""
    db.session.get_one(Credential, person_id).password_hash = password_hash


# Signing in


def reserve_sign_in(name: str, owner_id: int | None, device: str | None, now: datetime) -> throttle.Reservation:
    """Count an attempt before it is made: per account and network, or per known device of that account (SE-11 to SE-13)."""
    network = security.client_network()
    known = select(KnownDevice.person_id).where(KnownDevice.secret_digest == security.digest(device or ""))
    if db.session.scalar(known.where(KnownDevice.created_at > now - DEVICE_LIFE)) == (owner_id or 0):
        return throttle.reserve([(throttle.DEVICE, device or "")], now)
    limits = [(throttle.ACCOUNT, f"{name}\0{network}"), (throttle.NETWORK, network), (throttle.TOTAL, "")]
    return throttle.reserve(limits, now)


def refuse_sign_in(person_id: int | None) -> None:
    """Note that a password or code was wrong."""
    events.publish(SignInRefused(person_id, security.client_network()))


def begin_session(person: Person, own_device: bool, target: str, now: datetime) -> tuple[str, bool]:
    """Start a session and return its secret, and whether it waits for a second factor (SE-19)."""
    enrolled, required = factors.has_factor(person.id), factors.is_required(person, now)
    waits = enrolled or required
    if waits and not enrolled:
        factors.begin(person)
    secret = sessions.start(person, sessions.PENDING if waits else sessions.FULL, own_device, now)
    if not waits:
        _announce(person.id, target, factor=False)
    return secret, waits


def know_device(person: Person, device: str | None, now: datetime) -> str | None:
    """Remember this browser for the person; return the secret of a new device, or None when it was known (SE-13)."""
    known = select(KnownDevice).where(KnownDevice.secret_digest == security.digest(device or ""))
    found = db.session.scalar(known.where(KnownDevice.person_id == person.id))
    if found:
        found.created_at = now
        return None
    secret = security.new_token()
    db.session.add(KnownDevice(person_id=person.id, secret_digest=security.digest(secret), created_at=now))
    return secret


def _announce(person_id: int, target: str, factor: bool) -> None:
    events.publish(SignedIn(person_id, security.client_network(), security.client_label(), factor, target))


# Second factor


def reserve_code(person_id: int, now: datetime) -> throttle.Reservation:
    """Count an attempt at a code before it is checked (SE-16)."""
    return throttle.reserve([(limit, str(person_id)) for limit in throttle.CODES], now)


def accept_factor(person_id: int, code: str, now: datetime) -> bool:
    """Accept a code of the app or a recovery code, each once (SE-16, SE-18)."""
    secret = factors.secret_of(person_id)
    if secret is None or secret.confirmed_at is None:
        return False
    if factors.is_app_code(code):
        return factors.accept_code(secret, code, now)
    if not factors.accept_recovery_code(person_id, code, now):
        return False
    events.publish(RecoveryCodeUsed(person_id, factors.recovery_codes_left(person_id)))
    return True


def complete_session(session: Session, target: str, now: datetime) -> str:
    """Let a session that waited for its factor in, under a new id (SE-4)."""
    secret = sessions.rotate(session, now)
    _announce(session.person_id, target, factor=True)
    return secret


def confirm_session(session: Session, now: datetime) -> str:
    """Raise a session for ten minutes to what changing secrets and roles needs, under a new id (SE-7)."""
    return sessions.rotate(session, now, confirmed=True)


def begin_enrolment(session: Session, now: datetime) -> str:
    """Make a secret that waits for its first code; another app's secret ends. Return the session's new secret (SE-3)."""
    secret = remove_factor(session, now) if factors.has_factor(session.person_id) else sessions.rotate(session, now)
    factors.begin(session.person)
    return secret


def enrol(session: Session, code: str, now: datetime) -> tuple[str, list[str]] | None:
    """Confirm the app with its first code; return the session's new secret and the recovery codes, or None if it is wrong."""
    person = session.person
    secret = factors.secret_of(person.id)
    if secret is None or not factors.is_app_code(code) or not factors.accept_code(secret, code, now):
        return None
    secret.confirmed_at = now
    _end_other_sessions(session)
    events.publish(FactorChanged(person.id, person.id, "added"))
    return complete_session(session, "", now), factors.new_recovery_codes(person.id)


def renew_recovery_codes(session: Session) -> list[str]:
    """Replace the recovery codes (SE-18)."""
    events.publish(FactorChanged(session.person_id, session.person_id, "codes"))
    return factors.new_recovery_codes(session.person_id)


def remove_factor(session: Session, now: datetime) -> str:
    """Take the second factor away; other sessions end, this one gets a new id (SE-3)."""
    factors.remove(session.person_id)
    _end_other_sessions(session)
    events.publish(FactorChanged(session.person_id, session.person_id, "removed"))
    return sessions.rotate(session, now)


def remove_factor_of(person: Person, by: Person) -> None:
    """Take the second factor of somebody who has lost it; they set up another where their role demands one."""
    if not factors.has_factor(person.id):
        raise Refused(_("%(name)s has no second step to take away.", name=person.name))
    factors.remove(person.id)
    sessions.end_all(person)
    events.publish(FactorChanged(person.id, by.id, "removed"))


def _end_other_sessions(session: Session) -> None:
    session.person.session_epoch += 1
    session.epoch = session.person.session_epoch
    db.session.execute(delete(Session).where(Session.person_id == session.person_id, Session.id != session.id))


def end_session(session: Session) -> None:
    """End one session: by signing out, or from the person's list (SE-3, SE-6)."""
    db.session.delete(session)
    events.publish(SignedOut(session.person_id))


def end_sessions(person: Person, by: Person | None) -> None:
    """Sign the person out everywhere (SE-3)."""
    sessions.end_all(person)
    events.publish(SessionsEnded(person.id, by.id if by else None))


def forget(person_id: int, now: datetime) -> None:
    """End everything that opens the account of somebody whose access has ended (PE-12)."""
    tokens.end_all(person_id, now)
    for model in (Session, KnownDevice):
        db.session.execute(delete(model).where(model.person_id == person_id))


# Reset by mail


def reserve_reset(name: str, now: datetime) -> throttle.Reservation:
    """Count a wish for a new password before anybody is looked up."""
    subjects = (name, security.client_network())
    return throttle.reserve(list(zip(throttle.RESETS, subjects, strict=True)), now)


def ask_reset(person_id: int | None) -> None:
    """Let the worker mail a link; the same work is done where there is no such account (SE-10)."""
    jobs.enqueue(RESET_JOB, {"person": person_id})


def announce_reset(person_id: int | None) -> None:
    """Tell who composes mails that this person asked for a new password."""
    if person_id is not None:
        events.publish(ResetAsked(person_id))


def issue_reset_token(person_id: int, now: datetime) -> str:
    """Return a token for the link of a reset mail. Call it when the mail is sent: no queue ever holds one (SE-20)."""
    return tokens.issue(tokens.RESET, db.session.get_one(Person, person_id), now)


def reset_password(token: str, password_hash: str, now: datetime) -> bool:
    """Use a mailed token up and store the new password; no session begins and the factor stays (SE-22)."""
    person = tokens.person_of(tokens.RESET, token, now)
    if person is None or not tokens.use(tokens.RESET, token, now):
        return False
    set_password(person, password_hash, now, by_reset=True)
    return True
