"""Subscribing, confirming, choosing, leaving (SP-40 to SP-47)."""

import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from portal.core import jobs, security
from portal.core.db import db, lock
from portal.status import stamps
from portal.status.models import Component, PublicRevision, Subscription, SubscriptionAttempt, SubscriptionComponent, Suppression

KINDS = ("incident", "maintenance")
CONFIRM_JOB = "status.confirmation"
CONFIRMABLE = timedelta(hours=48)
PENDING = timedelta(days=7)
FORM, MAIL = "form", "mail"
LIMITS = {"network": (10, timedelta(hours=1)), "soon": (1, timedelta(minutes=10)), "day": (3, timedelta(days=1))}
ALL_PENDING = (200, timedelta(hours=1))
TOKEN = 32


def key_of(address: str) -> str:
    """Return the keyed hash under which an address is known."""
    return security.keyed("subscription", address.strip().lower()).hex()


def may_try(network: str, now: datetime) -> bool:
    """Count a form of a client network; no from the eleventh within an hour (SP-42)."""
    _one_at_a_time()
    key = security.keyed("subscription network", network).hex()
    most, within = LIMITS["network"]
    tried = _count(now - within, key, FORM)
    db.session.add(SubscriptionAttempt(key=key, kind=FORM, at=now))
    return tried < most


def subscribe(address: str, lang: str, kinds: Sequence[str], components: Iterable[Component] | None, now: datetime) -> None:
    """Ask the address whether it wants that; what comes back to the browser is the same in every case (SP-40)."""
    _one_at_a_time()
    key = key_of(address)
    found = db.session.scalar(select(Subscription).where(Subscription.address_key == key))
    writable = _may_write_to(key, now)
    if found is None:
        found = Subscription(address=address.strip(), address_key=key, language=lang, created_at=now)
        db.session.add(found)
    if found.confirmed_at is None:
        found.language, found.kinds, found.created_at = lang, list(kinds), now
        db.session.flush()
        choose(found, kinds, components)
    else:
        choose(found, found.kinds, _chosen_by(found))
    if writable:
        db.session.add(SubscriptionAttempt(key=key, kind=MAIL, at=now))
        jobs.enqueue(CONFIRM_JOB, {"subscription": found.id})


def may_be_asked(one: Subscription) -> bool:
    """Return whether the mail of a form goes out: not to who has said yes, nor to an address that refused (SP-40, SP-47)."""
    refused = select(Suppression.id).where(Suppression.address_key == one.address_key, Suppression.reason != "left")
    return one.confirmed_at is None and db.session.scalar(refused) is None


def _chosen_by(one: Subscription) -> Sequence[Component] | None:
    chosen = select(Component).join(SubscriptionComponent, SubscriptionComponent.component_id == Component.id)
    found = db.session.scalars(chosen.where(SubscriptionComponent.subscription_id == one.id)).all()
    return None if one.everything else found


def _one_at_a_time() -> None:
    """Let forms queue for one row until the transaction ends: what one counts, the next one sees (SP-42, C3)."""
    lock(PublicRevision, stamps.ONLY)


def _may_write_to(key: str, now: datetime) -> bool:
    soon, day = (_count(now - within, key, MAIL) < most for most, within in (LIMITS["soon"], LIMITS["day"]))
    most, within = ALL_PENDING
    return soon and day and _count(now - within, None, MAIL) < most


def _count(since: datetime, key: str | None, kind: str) -> int:
    found = select(func.count()).select_from(SubscriptionAttempt)
    found = found.where(SubscriptionAttempt.at > since, SubscriptionAttempt.kind == kind)
    return db.session.scalar(found.where(SubscriptionAttempt.key == key) if key else found) or 0


def choose(one: Subscription, kinds: Sequence[str], components: Iterable[Component] | None) -> None:
    """Replace what a subscriber has chosen; None stands for everything (SP-45)."""
    one.kinds, one.everything = [kind for kind in KINDS if kind in kinds], components is None
    db.session.execute(delete(SubscriptionComponent).where(SubscriptionComponent.subscription_id == one.id))
    for component in components or ():
        db.session.add(SubscriptionComponent(subscription_id=one.id, component_id=component.id))


def new_confirmation(one: Subscription, now: datetime) -> str:
    """Make the token of the confirmation mail, when it is sent; only its hash is stored (SP-41)."""
    token = security.new_token()
    one.confirmation_digest, one.confirmation_until = security.digest(token), now + CONFIRMABLE
    return token


def by_confirmation(token: str, now: datetime) -> Subscription | None:
    """Return the subscription that a token of a mail confirms."""
    found = select(Subscription).where(Subscription.confirmation_digest == security.digest(token))
    return db.session.scalar(found.where(Subscription.confirmation_until > now, Subscription.confirmed_at.is_(None)))


def confirm(one: Subscription, now: datetime) -> None:
    """Begin to write to an address; its token serves once."""
    one.confirmed_at, one.confirmation_digest, one.confirmation_until = now, None, None
    db.session.execute(delete(Suppression).where(Suppression.address_key == one.address_key))


def token_for(purpose: str, one: Subscription) -> str:
    """Return a token of a purpose, derived and never stored; it changes with the address (SP-43, SP-44)."""
    return f"{one.public_id}{security.keyed(purpose, one.public_id, one.address_key).hex()[:TOKEN]}"


def by_token(purpose: str, token: str) -> Subscription | None:
    """Return the subscription of a token of this purpose."""
    found = db.session.scalar(select(Subscription).where(Subscription.public_id == token[:-TOKEN]))
    if found is None or not hmac.compare_digest(token_for(purpose, found), token):
        return None
    return found


def leave(one: Subscription, reason: str, now: datetime) -> None:
    """Delete an address; only a keyed hash of it stays (SP-47)."""
    if db.session.scalar(select(Suppression.id).where(Suppression.address_key == one.address_key)) is None:
        db.session.add(Suppression(address_key=one.address_key, reason=reason, at=now))
    db.session.delete(one)


def sweep(now: datetime) -> None:
    """Forget what nobody confirmed within a week, and old counts."""
    pending = Subscription.confirmed_at.is_(None)
    db.session.execute(delete(Subscription).where(pending, Subscription.created_at < now - PENDING))
    db.session.execute(delete(SubscriptionAttempt).where(SubscriptionAttempt.at < now - LIMITS["day"][1]))
