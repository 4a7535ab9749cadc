"""Pages for administrators: outgoing mail and timed work, without any text of a message (CM rule 12, RE-22)."""

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.core import clock, job_states, pagination, security
from portal.core.forms import posted_value
from portal.core.hypermedia import query, redirect_to, render
from portal.core.policy import authorize, get_or_404, signed_in
from portal.notifications import actions, fuses, labels, policies, queries
from portal.notifications.models import STATES, Fuse, Outbox
from portal.people.queries import me

bp = Blueprint("machines", __name__, url_prefix="/admin")


@bp.get("/mail")
@signed_in
def mail() -> Response:
    """List mails with kind, recipient and state."""
    authorize(policies.may_look_after_machines(me(), clock.now()))
    state = pagination.one_of(query("state"), STATES)
    page = pagination.page_of(queries.mails(state), [Outbox.__table__.c.id], query("page") or None, descending=True)
    return render(
        "notifications/mail_states.html",
        fragments=("mails",),
        page=page,
        state=state,
        counts=queries.counts(),
        blown=queries.blown(),
        words=labels.WORDS,
        looks=labels.LOOKS,
        why=labels.why,
    )


@bp.post("/mail/<public_id>/sending")
@signed_in
def send_again(public_id: str) -> Response:
    """Send a mail again that failed or is held."""
    authorize(policies.may_look_after_machines(me(), clock.now()))
    row = get_or_404(queries.all_mails(), Outbox.public_id == public_id)
    actions.send_again(row, me(), clock.now())
    return redirect_to("machines.mail", state=row.state, notice=_("The mail will be sent again."))


@bp.post("/mail/fuses/<public_id>/resumption")
@signed_in
def resume(public_id: str) -> Response:
    """Let the mails leave that a fuse holds back (CM rule 30)."""
    authorize(policies.may_look_after_machines(me(), clock.now()))
    fuse = get_or_404(queries.all_fuses(), Fuse.public_id == public_id)
    number = fuses.resume(fuse, me(), clock.now())
    notice = ngettext("%(num)d mail leaves now.", "%(num)d mails leave now, each in its turn.", number)
    return redirect_to("machines.mail", notice=notice)


@bp.get("/jobs")
@signed_in
def timed_work() -> Response:
    """Show each kind of timed work and what was put aside."""
    authorize(policies.may_look_after_machines(me(), clock.now()))
    parked = [(job, security.sign("job", job.id)) for job in job_states.parked()]
    return render("notifications/jobs.html", fragments=("job_list",), kinds=job_states.states(clock.now()), parked=parked)


@bp.post("/jobs/attempt")
@signed_in
def attempt() -> Response:
    """Let a job that was put aside be tried again."""
    authorize(policies.may_look_after_machines(me(), clock.now()))
    job_id = security.unsign("job", posted_value("job"))
    if job_id is None:
        raise NotFound
    actions.try_job_again(job_id, me(), clock.now())
    return redirect_to("machines.timed_work", notice=_("The job will be tried again."))
