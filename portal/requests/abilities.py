"""What the reader of a request may do with it, as far as its state allows (permissions.md 2, PE-26)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from portal.core.policy import Decision
from portal.requests import policies
from portal.requests.models import ACTIVE, FINAL, WITH_DEPARTMENT, State

if TYPE_CHECKING:
    from portal.requests.page import Page


def of(page: "Page") -> Mapping[str, Decision | bool]:
    """Return what the reader may do and the state allows."""
    person, request, now = page.reader, page.request, page.now
    working = bool(policies.may_work(person, request, now))
    with_department = page.state in WITH_DEPARTMENT
    clock = page.work.at(now) if working and with_department and page.work else None
    return {
        "comment": policies.may_comment(person, request, now) if page.state not in FINAL else False,
        "note": working and page.state not in FINAL,
        "take": working and with_department and request.assignee_id is None,
        "assign": working and with_department,
        "give_back": working and page.state == State.IN_PROGRESS and request.assignee_id is not None,
        "move": working and with_department,
        "hand_over": working and with_department,
        "split": working and with_department,
        "merge": working and page.state in ACTIVE,
        "ask": working and page.can(State.WAITING_FOR_REQUESTER),
        "solve": working and page.can(State.SOLVED),
        "confirm": bool(policies.may_confirm(person, request, now)) and page.can(State.CLOSED),
        "reopen": bool(policies.may_reopen(person, request, now)) and page.state == State.SOLVED,
        "ask_again": page.own and page.state in FINAL,
        "correct": bool(policies.may_correct(person, request, now)) and page.changeable,
        "withdraw": bool(policies.may_withdraw(person, request, now)) and page.can(State.WITHDRAWN),
        "assess": bool(policies.may_assess(person, request, now)) and page.state in ACTIVE,
        "pause": bool(policies.may_pause(person, request, now)) and clock is not None and clock.running,
        "resume": bool(policies.may_pause(person, request, now)) and clock is not None and clock.paused_since is not None,
        "expect": bool(policies.may_expect(person, request, now)) and with_department,
        "annul": bool(policies.may_annul(person, request, now)),
        "follow": bool(policies.may_add_watcher(person, request, now)),
    }
