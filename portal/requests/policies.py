"""Who may do what with a request that they see; where it stands is asked by the actions (permissions.md 2, PE-26).

The refusals begin with the most general one. A step that the state does not allow is refused by the action (409).
"""

from datetime import datetime

from flask_babel import gettext as _

from portal.catalogue.models import Service
from portal.conversations.models import Comment
from portal.core.policy import Decision, no, yes
from portal.people.models import Person, Role
from portal.people.queries import departments_as, has_role
from portal.requests import merged
from portal.requests.models import Request
from portal.requests.queries import heads, is_asked, is_offered
from portal.requests.tables import SavedView


def works_on(person: Person, request: Request, now: datetime) -> bool:
    """Return whether the person is an agent of the queue that the request stands in."""
    return request.department_id in departments_as(person, Role.AGENT, now)


def may_read_internal(person: Person, request: Request, now: datetime) -> bool:
    """Internal notes are for the queue's agents and the auditor (permissions.md 2, row 5)."""
    return works_on(person, request, now) or has_role(person, Role.AUDITOR, now)


def may_work(person: Person, request: Request, now: datetime) -> Decision:
    """Take, give back, assign, ask, move and solve: the queue's agents (row 13)."""
    if has_role(person, Role.AUDITOR, now):
        return no(_("Auditors read and change nothing."))
    if not works_on(person, request, now):
        return no(_("Only the agents of this department can do that."))
    return yes()


def may_assess(person: Person, request: Request, now: datetime) -> Decision:
    """Change what the priority follows from, or set it directly (row 13)."""
    return may_work(person, request, now)


def may_pause(person: Person, request: Request, now: datetime) -> Decision:
    """Let the promise wait, and let it go on (row 13)."""
    return may_work(person, request, now)


def may_expect(person: Person, request: Request, now: datetime) -> Decision:
    """Say when it is to be expected, beside the promise (row 13, service-levels.md 38)."""
    return may_work(person, request, now)


def may_see_broken(person: Person, request: Request, now: datetime) -> Decision:
    """See each promise that was not kept, also those of answers and approvals: the service, and auditors."""
    return yes() if may_read_internal(person, request, now) else no(_("Only the service sees these."))


def may_annul(person: Person, request: Request, now: datetime) -> Decision:
    """Say why a promise that was not kept does not count: who heads the department that serves (service-levels.md 27)."""
    if has_role(person, Role.AUDITOR, now):
        return no(_("Auditors read and change nothing."))
    if request.department_id not in departments_as(person, Role.HEAD, now):
        return no(_("Only who heads this department can say that."))
    return yes()


def may_write_note(person: Person, request: Request, now: datetime) -> Decision:
    """Write an internal note (row 9)."""
    return may_work(person, request, now)


def may_comment(person: Person, request: Request, now: datetime) -> Decision:
    """Write to everybody: who asked, the queue's agents, heads, and approvers asked; followers read (row 8)."""
    if has_role(person, Role.AUDITOR, now):
        return no(_("Auditors read and change nothing."))
    if request.is_of(person.id) or works_on(person, request, now):
        return yes()
    if heads(person, request, now) or is_asked(person, request, now):
        return yes()
    if request.has_parts is not False and merged.asked_in_part(person, request):
        return yes()
    return no(_("You follow this request: you read it, and only those concerned write in it."))


def may_withdraw(person: Person, request: Request, now: datetime) -> Decision:
    """Withdraw it: who asked, or whom it is for (row 7)."""
    if not request.is_of(person.id):
        return no(_("Only the person who asked can withdraw it."))
    return yes()


def may_correct(person: Person, request: Request, now: datetime) -> Decision:
    """Change what was asked for: who asked, or whom it is for (row 7, AP-14)."""
    if not request.is_of(person.id):
        return no(_("Only the person who asked can change it."))
    return yes()


def may_confirm(person: Person, request: Request, now: datetime) -> Decision:
    """Say that all is fine: who asked, or whom it is for (requests.md 4)."""
    if not request.is_of(person.id):
        return no(_("Only the person who asked can say that."))
    return yes()


def may_reopen(person: Person, request: Request, now: datetime) -> Decision:
    """Reopen it when solved: who asked, and the queue's agents (row 18)."""
    if not request.is_of(person.id) and not works_on(person, request, now):
        return no(_("Only the person who asked and the agents of this department can reopen it."))
    return yes()


def may_add_watcher(person: Person, request: Request, now: datetime) -> Decision:
    """Let others follow: who asked, the queue's agents, the head (row 12)."""
    if request.is_of(person.id) or works_on(person, request, now) or heads(person, request, now):
        return yes()
    return no(_("Only those concerned can let others follow this request."))


def may_ask_for_others(person: Person, service: Service, now: datetime) -> Decision:
    """Fill in a form for somebody else: agents of the department that serves (row 3, forms.md 21)."""
    if service.department_id not in departments_as(person, Role.AGENT, now):
        return no(_("Only the agents of this department ask for somebody else."))
    return yes()


def may_be_added(person: Person, watcher: Person, request: Request, now: datetime) -> Decision:
    """Who asked can only add people for whom the service is; the service and the head know whom they add (PE-8)."""
    if works_on(person, request, now) or heads(person, request, now):
        return yes()
    if not is_offered(request.service_id, watcher, now):
        return no(_("%(name)s cannot ask for this service, so cannot follow this request either.", name=watcher.name))
    return yes()


def may_remove_watcher(person: Person, request: Request, watcher: Person, now: datetime) -> Decision:
    """Remove a follower: oneself, or as in adding (row 12)."""
    return yes() if watcher.id == person.id else may_add_watcher(person, request, now)


def may_change_comment(person: Person, comment: Comment, now: datetime) -> Decision:
    """Correct or withdraw a comment: its author (row 10)."""
    return yes() if comment.author_id == person.id else no(_("Only who wrote it can change it."))


def may_see_queue(person: Person, now: datetime) -> Decision:
    """See a queue and what is forgotten in it: agents (row 13)."""
    return yes() if departments_as(person, Role.AGENT, now) else no(_("Only agents of a department have a queue."))


def may_change_view(person: Person, view: SavedView, now: datetime) -> Decision:
    """Rename, share and remove a saved view: its owner; a shared one also the head, for owners who are gone."""
    if view.owner_id == person.id:
        return yes()
    if view.shared and view.department_id in departments_as(person, Role.HEAD, now):
        return yes()
    return no(_("Only %(name)s and the head of the department can change this view.", name=view.owner.name))
