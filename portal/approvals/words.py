"""How approvals are said: the steps of a route, reasons, outcomes and history in words."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.approvals.bands import band_words
from portal.approvals.models import ApprovalEvent
from portal.approvals.queries.preview import PreviewStage
from portal.approvals.queries.promising import Promised
from portal.approvals.queries.standing import Strip, StripStage
from portal.approvals.stage_words import MARKS, in_place_of, to_decide_by
from portal.core.text import in_language, time_words

Step = dict[str, str]


def steps_of(strip: Strip, promise: Promised | None = None) -> list[Step]:
    """Return the stages of a running approval as `ui.route` draws them; the open one says by when it is to be decided."""
    return [{"state": MARKS[stage.state], "name": _people_of(stage), "why": _why(stage, promise)} for stage in strip.stages]


def _why(stage: StripStage, promise: Promised | None) -> str:
    said = _standing_of(stage)
    if stage.state != "open" or promise is None or promise.due is None:
        return said
    return f"{said} · {to_decide_by(time_words(promise.due), promise.late)}"


def _people_of(stage: StripStage) -> str:
    if stage.state in ("approved", "rejected", "returned"):
        names = [seat.decider for seat in stage.seats if seat.outcome]
    else:
        names = [seat.asked for seat in stage.seats if seat.ended_why is None]
    return listed(names) or in_language(stage.name)


def _standing_of(stage: StripStage) -> str:
    name = in_language(stage.name)
    if stage.state == "open" and stage.opened_at is not None:
        since: str = _("since %(when)s", when=time_words(stage.opened_at))
        return " · ".join([name, *_several(stage), since])
    if stage.state == "blocked":
        return str(_("%(stage)s · no approver found, administrators informed", stage=name))
    if stage.ended_at is None or stage.state == "ended":
        return name if stage.state == "waiting" and stage.seats else ""
    said = {
        "approved": _("approved %(when)s", when=time_words(stage.ended_at)),
        "rejected": _("rejected %(when)s", when=time_words(stage.ended_at)),
        "returned": _("returned for correction %(when)s", when=time_words(stage.ended_at)),
    }
    return f"{name} · {said[stage.state]}"


def _several(stage: StripStage) -> list[str]:
    """Say how many must agree where more than one is asked."""
    return [_how_many(stage)] if len({seat.name for seat in stage.seats if seat.ended_why is None}) > 1 else []


def _how_many(stage: StripStage | PreviewStage) -> str:
    if stage.mode == "all":
        return str(_("all must approve"))
    if stage.mode == "count":
        return str(ngettext("%(num)s approval is enough", "%(num)s approvals are needed", stage.needed))
    return str(_("one approval is enough"))


def preview_steps(stages: Iterable[PreviewStage]) -> list[Step]:
    """Return what a route would ask as `ui.route` draws it, before anything is sent (AP-11)."""
    return [_preview_step(stage) for stage in stages]


def _preview_step(stage: PreviewStage) -> Step:
    name = in_language(stage.label)
    if not stage.applies:
        return {"state": "skip", "name": name, "why": str(_("only %(amounts)s", amounts=band_words(stage)))}
    return {"state": "todo", "name": _preview_people(stage) or name, "why": _preview_why(stage)}


def _preview_people(stage: PreviewStage) -> str:
    stand_ins = {found.absent.id: found.delegate.name for found in stage.stand_ins if found.delegate}
    return listed([in_place_of(stand_ins.get(person.id), person.name) for person in stage.people])


def _preview_why(stage: PreviewStage) -> str:
    band, label = band_words(stage), in_language(stage.label)
    if stage.blocked:
        return ": ".join(filter(None, [band, str(_("Nobody can decide this yet"))]))
    away = [
        _("%(name)s is away until %(when)s", name=found.absent.name, when=time_words(found.until))
        for found in stage.stand_ins
        if found.delegate is None
    ]
    several = [_how_many(stage)] if len(stage.people) > 1 else []
    name = f"{band}: {label}" if band else label
    return " · ".join([name, why(stage.why), *several, *away])


def why(rule: str) -> str:
    """Return why somebody is asked."""
    reasons: dict[str, str] = {
        "requester_head": _("head of the requester's department"),
        "service_head": _("head of the service's department"),
        "manager": _("manager of the requester"),
        "person": _("named for this service"),
        "role": _("has the role for this"),
        "head_above": _("head of the department above"),
        "fallback": _("decides when nobody else can"),
        "delegate_excluded": _("next level, because the stand-in may not decide"),
        "escalation": _("next level, because it waited too long"),
        "forwarded": _("asked by another head"),
    }
    return reasons.get(rule, "")


def happened(event: ApprovalEvent) -> str:
    """Return one event of the history in words: who did what."""
    by = event.by.name if event.by else ""
    person = event.person.name if event.person else ""
    if event.name in ("approved", "rejected", "returned"):
        return _decided(event.name, in_place_of(by, person) if person else by)
    sentences: dict[str, str] = {
        "started": _("%(name)s sent it for approval", name=by),
        "stage_opened": _("The stage opened"),
        "resubmitted": _("%(name)s corrected it and sent it again", name=by),
        "reset": _("A new round asks everybody again"),
        "reminded": _("%(name)s was reminded", name=person),
        "escalated": _("%(name)s is asked too, because it waited too long", name=person),
        "reassigned": _("%(name)s passed it to %(other)s", name=by, other=person)
        if by
        else _("%(name)s does not decide here any more", name=person),
        "blocked": _("No approver found, administrators informed"),
        "stage_removed": _("%(name)s removed the stage", name=by),
        "overridden": _("%(name)s let the work begin without approval", name=by),
        "withdrawn": _("The request was withdrawn"),
        "ended": _("The approval ended"),
    }
    return sentences[event.name]


def _decided(outcome: str, name: str) -> str:
    sentences: dict[str, str] = {
        "approved": _("%(name)s approved it", name=name),
        "rejected": _("%(name)s rejected it", name=name),
        "returned": _("%(name)s returned it for correction", name=name),
    }
    return sentences[outcome]


def done(outcome: str, title: str) -> str:
    """Return the confirmation of a decision."""
    sentences: dict[str, str] = {
        "approved": _("You approved “%(title)s”.", title=title),
        "rejected": _("You rejected “%(title)s”.", title=title),
        "returned": _("You returned “%(title)s” for correction.", title=title),
    }
    return sentences[outcome]


def listed(names: Sequence[str]) -> str:
    """Return "Ana, Bea or Carla"."""
    unique = list(dict.fromkeys(names))
    if len(unique) < 2:  # noqa: PLR2004 - a list of one has no "or"
        return "".join(unique)
    return str(_("%(names)s or %(last)s", names=", ".join(unique[:-1]), last=unique[-1]))
