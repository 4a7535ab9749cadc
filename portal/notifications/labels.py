"""States of mails in words, and how their tags look."""

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
