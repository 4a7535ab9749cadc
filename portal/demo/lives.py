"""The life of each request, told step by step in the order of time by those who took part."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from portal.approvals import actions as approvals
from portal.approvals.models import Approval, ApprovalSeat
from portal.core import clock
from portal.core.db import db
from portal.core.security import new_token
from portal.demo import asking
from portal.demo import words_of_people as words
from portal.demo.cases import it
from portal.demo.lots import Lots
from portal.demo.plans import Plan
from portal.demo.staff import ZONE, Cast
from portal.demo.telling import Case
from portal.demo.windows import Catalogue
from portal.people.models import Person
from portal.people.queries import absence_of
from portal.requests import actions
from portal.requests.models import Request, State
from portal.service_levels.models import PauseReason
from portal.service_levels.queries import Assessment, Impact, Urgency, office_hours

KIND = "request"
Steps = Iterator[datetime]
"""A life: each time it says when it goes on."""


class Life:
    """One request and those around it."""

    request: Request

    def __init__(self, plan: Plan, case: Case, requester: Person, lots: Lots, cast: Cast, catalogue: Catalogue) -> None:
        self.plan, self.case, self.requester = plan, case, requester
        self.lots, self.cast, self.catalogue = lots, cast, catalogue
        self.names = lots.particulars()
        self.offer = catalogue.offers[case.service]
        self.agent = cast[plan.agent] if plan.agent else lots.pick(cast.agents_of(self.offer.department)[:-1] or [requester])

    def steps(self) -> Steps:
        """Tell the life from the sending to where it is planned to stand."""
        service, version = self.catalogue.services[self.case.service], self.catalogue.versions[self.case.service]
        beneficiary = self.cast[self.plan.beneficiary] if self.plan.beneficiary else None
        self.request = asking.send(self.case, service, version, self.requester, self.names, clock.now(), beneficiary)
        if self.lots.often(0.15):
            yield self._later(0.2, 2)
            actions.add_watcher(self.request, self._colleague(), self.requester, clock.now())
        yield from getattr(self, f"_{self.plan.ending}")()
        if self.plan.then:
            yield from getattr(self, f"_{self.plan.then}")()

    # --- where it may stand at the end

    def _waiting(self) -> Steps:
        if len(self.offer.steps) > 1 and self.lots.often(0.4):
            yield from self._decide("approved", "", stages=1)
        if self.lots.often(0.2):
            yield from self._say(self.requester, self.lots.pick(words.GREETINGS))

    def _returned(self) -> Steps:
        key, why = self.case.correction
        yield from self._decide("returned", why, stages=1, fields=(key,))

    def _rejected(self) -> Steps:
        yield from self._decide("rejected", self.case.refusal, stages=1)

    def _withdrawn(self) -> Steps:
        if self.lots.often(0.6):
            yield from self._work()
        yield self._later(2, 10)
        actions.withdraw(self.request, self.requester, self.lots.pick(words.WITHDRAWALS), clock.now())

    def _open(self) -> Steps:
        yield from self._decide("approved", self.lots.pick(words.APPROVALS))
        if self.lots.often(0.2):
            yield from self._say(self.requester, self.lots.pick(words.GREETINGS))

    def _working(self) -> Steps:
        yield from self._work()
        if self.lots.often(0.3):
            yield from self._say(self.requester, self.lots.pick(words.GREETINGS))

    def _asking(self) -> Steps:
        yield from self._work()
        yield self._later(0.5, 6)
        actions.ask_requester(self.request, self.agent, self.case.ask, clock.now())

    def _solved(self) -> Steps:
        yield from self._work()
        if self.case.ask and self.lots.often(0.7):
            yield self._later(0.5, 4)
            actions.ask_requester(self.request, self.agent, self.case.ask, clock.now())
            yield from self._say(self.requester, self.case.reply)
        yield from self._solve(self.case.done)

    def _reopened(self) -> Steps:
        yield from self._solved()
        yield self._later(2, 14)
        actions.reopen(self.request, self.requester, self.case.again, clock.now())
        yield from self._note(self.lots.pick(words.NOTES))

    def _closed(self) -> Steps:
        yield from self._solved()
        if self.case.again and self.lots.often(0.3):
            yield self._later(2, 14)
            actions.reopen(self.request, self.requester, self.case.again, clock.now())
            yield from self._solve(words.DONE_AGAIN)
        if self.lots.often(0.6):
            yield self._later(1, 20)
            actions.confirm(self.request, self.requester, clock.now())

    # --- what may happen to its promise

    def _raised(self) -> Steps:
        yield self._later(0.1, 1)
        given = Assessment(Impact.PERSON, Urgency.NORMAL, external=True)
        actions.assess(self.request, given, None, words.RAISED, self.agent, clock.now())

    def _supplier(self) -> Steps:
        yield self._later(1, 4)
        reason = db.session.scalars(select(PauseReason).where(PauseReason.key == "supplier")).one()
        until = office_hours(ZONE).due_days(self.lots.end, 3)
        actions.pause(self.request, reason, self.agent, clock.now(), resumes_at=until, note=words.ORDERED)

    def _missed(self) -> Steps:
        yield self._later(60, 64)
        actions.expect(self.request, office_hours(ZONE).due_days(self.lots.end, 2), words.DELAY, self.agent, clock.now())

    def _split(self) -> Steps:
        yield self._later(0.2, 1)
        part = actions.Part(words.PART, self.catalogue.services[it.ACCESS])
        actions.split(self.request, [part], new_token(), self.agent, clock.now())

    # --- parts of it

    def _work(self) -> Steps:
        yield from self._decide("approved", self.lots.pick(words.APPROVALS))
        yield self._later(0.3, 9)
        if self.lots.often(0.2):
            actions.assign(self.request, self.agent, self.cast.head_of(self.offer.department), clock.now())
        else:
            actions.take(self.request, self.agent, clock.now())
        if self.case.note and self.lots.often(0.7):
            yield from self._note(self.case.note)
        if self.lots.often(0.5):
            yield from self._say(self.agent, self.lots.pick(words.NEWS))

    def _solve(self, text: str) -> Steps:
        yield self._later(1, 16)
        actions.solve(self.request, self.agent, text.format_map(self.names), clock.now())

    def _say(self, who: Person, text: str) -> Steps:
        yield self._later(0.3, 8)
        actions.comment(self.request, who, text, False, clock.now())

    def _note(self, text: str) -> Steps:
        yield self._later(0.1, 3)
        actions.comment(self.request, self.agent, text, True, clock.now())

    def _decide(self, outcome: str, reason: str, stages: int = 99, fields: Sequence[str] = ()) -> Steps:
        """Let those who are asked decide, one after the other, while a stage is open."""
        begun: set[int] = set()
        while self.request.state == State.WAITING_FOR_APPROVAL and (seat := self._open_seat()) is not None:
            begun.add(seat.stage_id)
            if len(begun) > stages:
                return
            yield self._later(0.3, 7)
            sealed = db.session.scalars(select(Approval.content_hash).where(Approval.id == seat.approval_id)).one()
            approvals.decide(seat.id, self._decider(seat), outcome, reason, sealed, clock.now(), fields=fields)
            if outcome != "approved":
                return

    def _open_seat(self) -> ApprovalSeat | None:
        of_request = select(ApprovalSeat).join(Approval, Approval.id == ApprovalSeat.approval_id)
        seats = of_request.where(Approval.kind == KIND, Approval.subject_id == self.request.id, ApprovalSeat.ended_at.is_(None))
        return db.session.scalar(seats.order_by(ApprovalSeat.id).limit(1))

    def _decider(self, seat: ApprovalSeat) -> Person:
        away = absence_of(seat.person_id, clock.now())
        stands_in = away.delegate if away else None
        return stands_in if stands_in and stands_in.id not in seat.parties else seat.person

    def _colleague(self) -> Person:
        same = [
            self.cast[key]
            for key, each in self.cast.described.items()
            if each.department == self.cast.described[self._key()].department and not each.roles and key != self._key()
        ]
        return self.lots.pick(same or [self.agent])

    def _key(self) -> str:
        return self.requester.email.partition("@")[0]

    def _later(self, low: float, high: float) -> datetime:
        return self.lots.later(clock.now(), low, high)
