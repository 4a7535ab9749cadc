"""All that the page of one request shows, in at most twelve statements (requests.md, Page and fragments)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from portal.approvals import queries as approvals
from portal.approvals.queries import Strip
from portal.attachments import queries as attachments
from portal.attachments.models import FileLink
from portal.catalogue.formkit.pricing import Sum, rows
from portal.catalogue.formkit.reading import AnswerGroup
from portal.conversations import queries as conversations
from portal.conversations.models import Comment, Watcher
from portal.core import language
from portal.core.policy import Decision
from portal.core.text import in_language
from portal.notifications.queries import MailState, mails_about
from portal.people.models import Person
from portal.requests import (
    abilities,
    approval_clocks,
    fields,
    linking,
    merged,
    policies,
    priority,
    promising,
    route,
    similar,
    states,
    timeline,
    whereabouts,
)
from portal.requests.clocks import facts_of
from portal.requests.models import FINAL, Request, State
from portal.requests.queries import KIND
from portal.requests.row_promises import Promised, promised
from portal.service_levels import queries as levels
from portal.service_levels.queries import About, Broken, Explanation, Reading


@dataclass
class Page:
    """One request as one person sees it now; each part is read when it is first used."""

    request: Request
    reader: Person
    now: datetime
    # what was refused, and what was typed
    refused: str = ""
    form: Any = None
    new_entries: bool = False

    @cached_property
    def internal(self) -> bool:
        """Return whether internal notes are shown."""
        return policies.may_read_internal(self.reader, self.request, self.now)

    @property
    def seen(self) -> str:
        """Return what a poll carries: the revision that the reader sees."""
        return seen(self.request, self.internal)

    @cached_property
    def own(self) -> bool:
        """Return whether the reader asked, or it is for them."""
        return self.request.is_of(self.reader.id)

    @cached_property
    def works(self) -> bool:
        """Return whether the reader works in the queue."""
        return policies.works_on(self.reader, self.request, self.now)

    # --- merged

    @cached_property
    def target(self) -> Request | None:
        """Return the request in which this one goes on, if the reader may see it."""
        return merged.visible_target(self.request, self.reader, self.now) if self.request.is_merged else None

    @property
    def only_own(self) -> bool:
        """Return whether the reader keeps only the own text: merged into what they may not see (RQ12)."""
        return bool(self.request.is_merged) and self.target is None

    @cached_property
    def parts(self) -> Sequence[merged.Part]:
        """Return what this request took in, as the reader may see it (requests.md 12)."""
        return merged.parts_of(self) if self.request.has_parts else ()

    # --- head

    @cached_property
    def state(self) -> State:
        """Return where it stands."""
        return self.request.state_at(self.now)

    @property
    def look(self) -> str:
        """Return the look of the state's tag."""
        return whereabouts.LOOKS[self.state]

    @property
    def state_words(self) -> str:
        """Return the state in words for this reader."""
        return whereabouts.state_words(self.state, self.request.assignee_id, self.own, bool(self.request.is_merged))

    @property
    def whereabouts(self) -> str:
        """Return who has it now."""
        return whereabouts.sentence(self.request, self.reader, self.asked, self.returned, self.now)

    # --- approval

    @cached_property
    def strip(self) -> Strip | None:
        """Return where the approval stands."""
        return approvals.strip(KIND, self.request.id, self.now)

    @property
    def changeable(self) -> bool:
        """Return whether the answers can be changed: sent back, or nobody has decided yet (permissions.md 2, row 7)."""
        if self.strip is None or self.state != State.WAITING_FOR_APPROVAL:
            return False
        return self.returned or not any(seat.outcome for stage in self.strip.stages for seat in stage.seats)

    @property
    def returned(self) -> bool:
        """Return whether an approver has sent it back for corrections."""
        return self.strip is not None and any(stage.state == "returned" for stage in self.strip.stages)

    @property
    def asked(self) -> Sequence[str]:
        """Return the names of those who are to approve it now."""
        return route.asked(self.strip)

    @property
    def steps(self) -> Sequence[Mapping[str, str]]:
        """Return the steps that the request takes, with their people."""
        return route.steps(self.strip, self.request, self.state, self.now, self.deciding)

    @cached_property
    def deciding(self) -> Reading | None:
        """Return the clock of the stage that is to be decided, or that waits for a correction (service-levels.md 17)."""
        return approval_clocks.open_clock(self.request.id) if self.state == State.WAITING_FOR_APPROVAL else None

    @property
    def audience(self) -> str:
        """Return who reads what is written to all (CM rule 1)."""
        names = [self.request.requester.name, self.request.beneficiary.name, self.request.follower_names or ""]
        department = in_language(self.request.department.name)
        named = ", ".join(filter(None, dict.fromkeys(names)))
        return str(_("Read by %(names)s and the agents of %(department)s.", names=named, department=department))

    # --- what happened

    @cached_property
    def comments(self) -> Sequence[Comment]:
        """Return what was said."""
        said = conversations.entries(KIND, self.request.id, self.internal)
        return [comment for comment in said if comment.author_id == self.reader.id] if self.only_own else said

    @cached_property
    def files(self) -> Sequence[FileLink]:
        """Return the files, those of confidential answers only for who may read them."""
        keys = fields.readable_keys(self.request, self.reader, self.now)
        return attachments.files_of(KIND, self.request.id, self.internal, keys)

    @cached_property
    def timeline(self) -> Sequence[timeline.Entry]:
        """Return history and conversation as one, oldest first."""
        return timeline.of(self)

    @property
    def last(self) -> int:
        """Return the newest comment that the page shows."""
        return max((comment.id for comment in self.comments), default=0)

    @cached_property
    def promise(self) -> Explanation | None:
        """Return the promised date with its reason, before the work that of the decision; nothing once it is not to be done."""
        if self.state == State.WAITING_FOR_APPROVAL:
            caption = _("The decision is promised for")
            card = levels.explain(self.deciding, self.now, caption=caption) if self.deciding else None
            after = levels.work_words(facts_of(self.request)) if card and self.own else ""
            return replace(card, notes=[*card.notes, after]) if card and after else card
        if self.state in (State.REJECTED, State.WITHDRAWN) or self.request.is_merged:
            return None
        reading, expected = self.work, self.promised[1]
        if reading is None:
            return None
        broken = [one for one in self.broken if one.clock_id == reading.clock.id]
        return levels.explain(reading, self.now, expected, self.request.created_at, broken=broken)

    @cached_property
    def promised(self) -> tuple[Sequence[Reading], Any]:
        """Return the clocks, and the last date that was given beside the promise."""
        return levels.promises_of(About(KIND, self.request.id))

    @property
    def work(self) -> Reading | None:
        """Return the clock of the work."""
        return next((one for one in self.promised[0] if one.clock.kind == "fulfilment"), None)

    @property
    def team_promise(self) -> Promised | None:
        """Return the clock of the team that has it, for the service (service-levels.md 18)."""
        running = (one for one in self.promised[0] if one.clock.kind == "team" and not one.stopped)
        found = next(running, None) if self.internal else None
        return promised(found, self.now) if found else None

    @cached_property
    def broken(self) -> Sequence[Broken]:
        """Return what was promised and not kept (service-levels.md 26)."""
        return promising.broken(self.request, self.promised[0], self.now)

    @property
    def shown_broken(self) -> Sequence[Broken]:
        """Return what was not kept, to those who see it."""
        return self.broken if policies.may_see_broken(self.reader, self.request, self.now) else ()

    @property
    def priority(self) -> Sequence[str]:
        """Return why it has its priority (service-levels.md 34)."""
        return priority.sentences(self.request)

    # --- aside

    @cached_property
    def answers(self) -> Sequence[AnswerGroup]:
        """Return what was asked for."""
        return fields.answers_of(self.request, self.reader, self.now)

    @property
    def cost(self) -> tuple[list[tuple[Any, str]], tuple[Any, str]] | None:
        """Return the arithmetic of what it costs, with the prices as they were sent (forms.md 22)."""
        kept = self.request.answers.cost
        return rows(Sum.from_json(kept), language.current()) if kept else None

    @cached_property
    def links(self) -> Sequence[linking.Linked]:
        """Return the other requests that have to do with it and that the reader may see (requests.md 11)."""
        return linking.links_of(self.request, self.reader, self.now)

    @cached_property
    def similar(self) -> Sequence[similar.Similar]:
        """Return, for the queue's agents, open requests that may be the same one again (PE-20)."""
        return similar.others(self.request, self.reader, self.now) if self.works and self.state not in FINAL else ()

    @cached_property
    def watchers(self) -> Sequence[Watcher]:
        """Return who follows it."""
        return conversations.watchers(KIND, self.request.id)

    @cached_property
    def mails(self) -> Sequence[MailState]:
        """Return how mails about it stand: to the queue's agents all, to others what went wrong with their own (RE-17)."""
        return mails_about(KIND, self.request.id, self.internal, None if self.works else self.reader)

    # --- what the reader can do

    @cached_property
    def may(self) -> Mapping[str, Decision | bool]:
        """Return what the reader may do and the state allows."""
        return abilities.of(self)

    def can(self, to: State) -> bool:
        """Return whether the state allows the step."""
        return states.can(self.request, to, self.now)


def seen(request: Request, internal: bool) -> str:
    """Return the mark that changes when the reader would see something new (CM rule 3)."""
    return f"{request.revision}.{request.internal_revision}" if internal else str(request.revision)
