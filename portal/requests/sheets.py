"""A form in the hands of one person: what its page shows, what it costs, and whom it would ask (forms.md 11 to 22)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from portal.approvals.actions import Facts
from portal.approvals.queries import PreviewStage, preview
from portal.attachments.queries import files_of
from portal.catalogue import queries as catalogue
from portal.catalogue.formkit.answers import Filled, Typed, fill, looked_up
from portal.catalogue.formkit.carrying import LeftOver
from portal.catalogue.formkit.changes import Change
from portal.catalogue.formkit.page import QuestionGroup, page
from portal.catalogue.formkit.pricing import Repriced, Sum, repriced, rows, sum_of
from portal.catalogue.formkit.schema import Form
from portal.catalogue.formkit.values import Context, FileRef
from portal.catalogue.models import Draft, FormVersion, Service
from portal.core.db import db
from portal.people.models import Person
from portal.requests import behalf, policies, similar
from portal.requests.behalf import ForWhom
from portal.requests.sendkeys import Key

KIND = "draft"


@dataclass
class Sheet:
    """One form in the hands of one person."""

    person: Person
    service: Service
    version: FormVersion
    form: Form
    typed: Typed
    key: Key
    now: datetime
    draft: Draft | None = None
    left_overs: tuple[LeftOver, ...] = ()
    prefilled: frozenset[str] = frozenset()
    refused_files: Mapping[str, str] = field(default_factory=dict)
    changed: tuple[Change, ...] = ()
    judged: bool = False

    @cached_property
    def files(self) -> Mapping[str, list[FileRef]]:
        """Return the files of the draft by question."""
        found: dict[str, list[FileRef]] = {}
        asked = [each.key for each in self.form.fields if each.type == "file"]
        links = files_of(KIND, self.draft.id, False, asked) if self.draft and asked else []
        for link in links:
            found.setdefault(link.field_key or "", []).append(FileRef(link.file.public_id, link.file.name, link.file.size))
        return found

    @cached_property
    def context(self) -> Context:
        """Return all that reading the texts typed so far depends on; conditions ask about the person it is for."""
        found = catalogue.context_of(self.person, self.now, self.files, typed=looked_up(self.form, self.typed))
        return replace(found, facts=catalogue.facts_of(self.asker, self.now)) if self.for_whom.person else found

    @cached_property
    def for_whom(self) -> ForWhom:
        """Return for whom it is filled in, where that is somebody else (forms.md 21)."""
        return behalf.read(self.typed.for_whom, self.person, self.service, self.now)

    @property
    def asker(self) -> Person:
        """Return the person it is for."""
        return self.for_whom.person or self.person

    @property
    def may_ask_for_others(self) -> bool:
        """Return whether the page asks for whom it is."""
        return bool(self.typed.for_whom or policies.may_ask_for_others(self.person, self.service, self.now))

    @cached_property
    def filled(self) -> Filled:
        """Return the answers typed so far, read by the one function that display and sending share."""
        return fill(self.form, self.typed, self.context)

    @property
    def groups(self) -> tuple[QuestionGroup, ...]:
        """Return the sections as the page shows them."""
        return page(self.filled, judged=self.judged, prefilled=self.prefilled)

    @property
    def problems(self) -> list[Any]:
        """Return pairs (sentence, id) for the summary above the form: answers first, then refused files."""
        if not self.judged:
            return []
        whom = [(self.for_whom.problem, "field_for_whom")] if self.for_whom.problem else []
        answers = [(each.in_summary, each.anchor) for each in self.filled.problems if each.key not in self.refused_files]
        return whom + answers + [(text, f"field_{key}") for key, text in self.refused_files.items()]

    @cached_property
    def sum(self) -> Sum | None:
        """Return what it costs as filled in so far (forms.md 22)."""
        return sum_of(self.filled)

    @property
    def sum_rows(self) -> tuple[list[tuple[Any, str]], tuple[Any, str]]:
        """Return the arithmetic of the sum in words."""
        assert self.sum is not None  # noqa: S101 - the page asks only where there are prices
        return rows(self.sum, self.filled.context.language)

    @cached_property
    def repriced(self) -> tuple[Repriced, ...]:
        """Return what costs something else than the page said when it was typed; the person confirms it (FO9)."""
        return repriced(self.filled, self.typed.terms)

    @cached_property
    def similar(self) -> Sequence[similar.Similar]:
        """Return what the person waits for already at this service: a hint that blocks nothing (PE-20)."""
        return similar.own(self.person, self.service.id, self.now)

    @property
    def is_offered(self) -> bool:
        """Return whether the person may send it now: audience and version are asked again (forms.md 15, 19, 23)."""
        visible = catalogue.visible_to(self.person, self.now).where(Service.id == self.service.id)
        return self.version.state == "published" and db.session.scalar(visible) is not None

    @property
    def facts(self) -> Facts:
        """Return what the approval route is computed from."""
        me = self.person.id
        cost = self.sum
        department = self.asker.department_id
        facts = Facts(me, self.asker.id, me, me, department, self.service.department_id)
        return replace(facts, amount=cost.total, net=cost.net, currency=cost.currency) if cost else facts

    @property
    def route(self) -> list[PreviewStage]:
        """Return who would be asked if it were sent now (approvals.md 11)."""
        return preview(self.service.route_id, self.facts, self.now)
