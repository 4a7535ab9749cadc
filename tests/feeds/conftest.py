"""The mail server and worker of the mail tests, for invitations."""

from tests.notifications.conftest import office, work

__all__ = ["office", "work"]
