"""States of mails and their reasons in words, and how their tags look."""

from flask_babel import lazy_gettext as _

from portal.notifications.models import DROPPED, FAILED, HELD, QUEUED, SENDING, SENT, UNKNOWN

WORDS = {
    QUEUED: _("Waiting"),
    SENDING: _("Being sent"),
    SENT: _("Sent"),
    UNKNOWN: _("Outcome unknown, will be repeated once"),
    FAILED: _("Failed"),
    HELD: _("Held"),
    DROPPED: _("Not sent"),
}
LOOKS = {QUEUED: "mute", SENDING: "info", SENT: "ok", UNKNOWN: "warn", FAILED: "bad", HELD: "warn", DROPPED: "mute"}

LEFT, NOBODY, HIDDEN, HIDDEN_PART, NOT_WANTED = (
    "the recipient has left",
    "nobody reads at this address",
    "the recipient may no longer see it",
    "the recipient may no longer see this part",
    "it was no longer so when its turn came",
)
TOO_MANY, TURN = "too many mails in a short time", "the recipient has had 30 mails within the hour"
KILLED, SERVER_AWAY, NOT_MADE = "the worker ended while sending", "server away: ", "not made: "
REASONS = {
    LEFT: _("the recipient has left"),
    NOBODY: _("nobody reads at this address"),
    HIDDEN: _("the recipient may no longer see it"),
    HIDDEN_PART: _("the recipient may no longer see this part"),
    NOT_WANTED: _("it was no longer so when its turn came"),
    TOO_MANY: _("too many mails in a short time"),
    TURN: _("the recipient has had 30 mails within the hour"),
    KILLED: _("the worker ended while sending"),
}
BEGUN = {SERVER_AWAY: _("server away: %(words)s"), NOT_MADE: _("the mail could not be made: %(words)s")}
"""What begins in our words and goes on in those of a mail server or a program, which are shown as they are."""


def why(reason: str | None) -> str:
    """Return a stored reason in the reader's language; the words of mail servers stay as they came."""
    for begin, sentence in BEGUN.items():
        if reason and reason.startswith(begin):
            return str(sentence) % {"words": reason.removeprefix(begin)}
    return str(REASONS.get(reason or "", reason or ""))
