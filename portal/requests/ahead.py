"""What is promised if a form is sent now: by when it is approved, and when it is ready (service-levels.md 37)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from portal.approvals.queries import PreviewStage, decided_by, in_place_of
from portal.catalogue.formkit.reading import Stored
from portal.core.text import in_language
from portal.requests.clocks import facts_for
from portal.requests.priority import priority_of
from portal.requests.sheets import Sheet
from portal.service_levels.queries import Promise, Stage, promise_for

Spans = Mapping[int, Sequence[tuple[datetime, datetime]]]


def promise_of(sheet: Sheet, stages: Sequence[PreviewStage]) -> Promise:
    """Return the promise of a form as it is filled in; `stages` are those that its route would ask (AP-11)."""
    asked = [stage for stage in stages if stage.applies]
    lately = decided_by({person.id for stage in asked for person in stage.people}, sheet.now)
    said = [Stored(key, value, "", "") for key, value in sheet.filled.json().items()]  # without words, which would be looked up
    priority = priority_of(said, sheet.person, sheet.now)
    facts = facts_for(sheet.service, sheet.person, sheet.service.department_id, priority)
    called = sheet.for_whom.person is not None
    return promise_for(facts, sheet.now, [_stage(stage, lately) for stage in asked], answered=called)


def _stage(stage: PreviewStage, lately: Spans) -> Stage:
    """Return a stage with the hours of the first who is asked, as its clock will count them (17)."""
    decided = [span for person in stage.people for span in lately.get(person.id, ())]
    return Stage(_who(stage), stage.people[0].department_id if stage.people else None, decided)


def _who(stage: PreviewStage) -> str:
    """Return who decides: a name with who stands in, or the stage where several are asked."""
    if len(stage.people) != 1:
        return in_language(stage.label)
    delegate = next((found.delegate.name for found in stage.stand_ins if found.delegate is not None), None)
    return in_place_of(delegate, stage.people[0].name)
