"""Who is signed in: the session behind the cookie (SE-1 to SE-5)."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, g
from flask_login import LoginManager
from sqlalchemy import Select, and_, delete, select, update
from sqlalchemy.orm import contains_eager
from werkzeug.wrappers import Response

from portal.accounts.models import Session
from portal.core import clock, security
from portal.core.db import db, observe, reading
from portal.people.models import Person, Role, RoleGrant
from portal.people.queries import current_grants, has_role, remember_grants

COOKIE = "session"
IDLE, ABSOLUTE = timedelta(hours=2), timedelta(hours=12)
OWN_IDLE, OWN_ABSOLUTE = timedelta(days=7), timedelta(days=30)
STRICT_IDLE, STRICT_ABSOLUTE = timedelta(minutes=30), timedelta(hours=8)
NOTED_EVERY = timedelta(minutes=5)
CONFIRMED = timedelta(minutes=10)
FULL = 2
PENDING = 1


def install(app: Flask) -> None:
    """Let flask-login find the person by the session table (SE-1)."""
    manager = LoginManager()
    manager.request_loader(load_person)
    app.login_manager = manager  # type: ignore[attr-defined]  # flask-login looks for it here


def load_person(request: Any) -> Person | None:
    """Return the person of a session that counts and has its factors, else None (SE-2, SE-19)."""
    session = current()
    return session.person if session and session.factor_level >= FULL else None


def current() -> Session | None:
    """Return the session of this answer, waiting for its second factor or not."""
    if "session" not in g:
        g.session, g.session_key = None, ""
        secret = security.read_cookie(COOKIE)
        if secret:
            with reading():
                _read(security.digest(secret), clock.now())
    found: Session | None = g.session
    return found


def _read(secret_digest: str, now: datetime) -> None:
    with_person = select(Session, RoleGrant.role, RoleGrant.department_id).join(Session.person)
    with_person = with_person.outerjoin(RoleGrant, and_(RoleGrant.person_id == Person.id, current_grants(now)))
    whole = with_person.options(contains_eager(Session.person)).where(Session.secret_digest == secret_digest)
    rows = db.session.execute(whole).all()
    if not rows:
        return
    session: Session = rows[0][0]
    person = session.person
    remember_grants(person, [(role, department) for _session, role, department in rows if role])
    if session.epoch != person.session_epoch or not person.active or session.expires_at <= now:
        return
    idle, _ = limits(person, session.own_device, now)
    if session.last_used_at + idle <= now:
        return
    g.session, g.session_key = session, secret_digest
    g.confirmed_until = session.confirmed_at + CONFIRMED if session.confirmed_at else None
    if now - session.last_used_at >= NOTED_EVERY and not security.is_poll():
        observe(lambda: _note_use(session.id, now))
    if security.is_write():
        db.session.rollback()  # the writing transaction begins when the view first asks (RE-3)


def _note_use(session_id: int, now: datetime) -> None:
    db.session.execute(update(Session).where(Session.id == session_id).values(last_used_at=now))


def limits(person: Person, own_device: bool, now: datetime) -> tuple[timedelta, timedelta]:
    """Return how long a session may rest and live (SE-5)."""
    if has_role(person, Role.ADMINISTRATOR, now) or has_role(person, Role.AUDITOR, now):
        return STRICT_IDLE, STRICT_ABSOLUTE
    return (OWN_IDLE, OWN_ABSOLUTE) if own_device else (IDLE, ABSOLUTE)


def start(person: Person, level: int, own_device: bool, now: datetime) -> str:
    """Begin a session and return the secret for its cookie (SE-4)."""
    secret = security.new_token()
    session = Session(
        secret_digest=security.digest(secret),
        person_id=person.id,
        epoch=person.session_epoch,
        factor_level=level,
        device=security.client_label(),
        network=security.client_network(),
        own_device=own_device,
        created_at=now,
        last_used_at=now,
        expires_at=now + limits(person, own_device, now)[1],
    )
    db.session.add(session)
    return secret


def rotate(session: Session, now: datetime, confirmed: bool = False) -> str:
    """Give the session a new id after a factor was checked, and return the secret for its cookie (SE-4)."""
    secret = security.new_token()
    session.secret_digest, session.factor_level = security.digest(secret), FULL
    session.epoch = session.person.session_epoch
    if confirmed:
        session.confirmed_at = now
    return secret


def visible_to(person: Person) -> Select[Session]:
    """Select the sessions of the person (SE-6)."""
    return select(Session).where(Session.person_id == person.id, Session.epoch == person.session_epoch)


def of_person(person: Person, now: datetime) -> list[Session]:
    """Return the sessions that count, the last used first."""
    counting = visible_to(person).where(Session.expires_at > now, Session.factor_level >= FULL)
    return list(db.session.scalars(counting.order_by(Session.last_used_at.desc(), Session.id.desc())))


def end_all(person: Person) -> None:
    """End every session of the person at once (SE-3)."""
    person.session_epoch += 1
    db.session.execute(delete(Session).where(Session.person_id == person.id))


def sweep(now: datetime) -> None:
    """Forget sessions that have expired."""
    db.session.execute(delete(Session).where(Session.expires_at <= now))


def drop_current() -> None:
    """Forget the session that the browser came with: a new one is never built on it (SE-4)."""
    session = current()
    if session:
        db.session.delete(session)


def take_cookie(response: Response) -> None:
    """Take the cookie of a session that has ended, and what the browser keeps of its pages (SE-3)."""
    response.delete_cookie(security.cookie_name(COOKIE), path="/", secure=security.is_https(), httponly=True)
    response.headers["Clear-Site-Data"] = '"storage"'


def give_cookie(response: Response, secret: str, own_device: bool) -> None:
    """Hand the browser its session; it outlives the window only on a device marked as own."""
    security.set_cookie(response, COOKIE, secret, int(OWN_ABSOLUTE.total_seconds()) if own_device else None)
