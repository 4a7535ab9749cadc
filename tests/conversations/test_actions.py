"""Comments and watchers: what the actions promise whoever calls them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.audit.models import AuditEntry
from portal.conversations import actions, queries
from portal.conversations.models import Comment
from portal.core import clock as time
from portal.core.db import db
from portal.core.errors import Refused
from tests.cast.people import Cast

NOW = time.now()


def test_public_entries_leave_internal_ones_out(cast: Cast) -> None:
    actions.comment("thing", 1, cast.agent, "La pantalla llega mañana.", False, NOW)
    actions.comment("thing", 1, cast.agent, "El proveedor miente.", True, NOW)
    actions.comment("thing", 2, cast.agent, "Otra cosa.", False, NOW)
    assert [entry.text for entry in queries.entries("thing", 1, internal=False)] == ["La pantalla llega mañana."]
    assert len(queries.entries("thing", 1, internal=True)) == 2


def test_sending_twice_with_one_key_leads_to_the_first_comment(cast: Cast) -> None:
    first = actions.comment("thing", 1, cast.employee, "¿Cuándo llega?", False, NOW, send_key="k1")
    again = actions.comment("thing", 1, cast.employee, "¿Cuándo llega?", False, NOW, send_key="k1")
    assert again is first
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 1
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 1


def test_one_key_with_another_text_is_refused(cast: Cast) -> None:
    actions.comment("thing", 1, cast.employee, "¿Cuándo llega?", False, NOW, send_key="k1")
    with pytest.raises(Refused):
        actions.comment("thing", 1, cast.employee, "Ya no hace falta.", False, NOW, send_key="k1")


def test_a_comment_needs_text_or_file(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.comment("thing", 1, cast.employee, " \n ", False, NOW)


def test_following_twice_is_following_once_and_leaving_ends_it(cast: Cast) -> None:
    first = actions.watch("thing", 1, cast.colleague, cast.employee, NOW)
    assert actions.watch("thing", 1, cast.colleague, cast.employee, NOW) is first
    assert [watcher.person for watcher in queries.watchers("thing", 1)] == [cast.colleague]
    actions.unwatch("thing", 1, cast.colleague, cast.colleague, NOW + timedelta(minutes=1))
    assert queries.watchers("thing", 1) == []


def test_somebody_who_left_the_company_cannot_follow(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.watch("thing", 1, cast.deactivated, cast.employee, NOW)
