"""A thing to talk about, to hang files on and to be told of: departments stand in for what features own.

People of a department see it, and those who follow it; its agents read its internal parts. `hidden.add(person.id)` takes a
person's right away. The fixture `thing` is the IT department, of kind "thing".
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import Select, or_, select

from portal.conversations.queries import watching
from portal.core import subjects
from portal.people.models import Department, Person, Role
from portal.people.queries import departments_as
from tests.cast.people import Cast

KIND = "thing"
MESSAGES = {
    "thing/mail/solved.txt": """
{% block subject %}{{ _("Sent") }}: {{ title }}{% endblock %}
{% block body %}{{ recipient.first_name }}: {{ _("See it") }} {{ reference }}, {{ data.word }}.{% endblock %}
""",
    "thing/mail/asked.txt": """
{% block subject %}{{ title }}?{% endblock %}{% block body %}{{ data.word }} & more{% endblock %}
""",
    "thing/mail/asked.html": "<p><strong>{{ data.word }}</strong></p>",
    "thing/mail/broken.txt": "{% block subject %}{{ nothing.at.all }}{% endblock %}{% block body %}{% endblock %}",
    "accounts/mail/greeting.txt": "{% block subject %}{{ _('Mail') }}{% endblock %}{% block body %}{{ url }}{% endblock %}",
}
hidden: set[int] = set()
titles: dict[int, str] = {}


def visible_to(person: Person, now: datetime) -> Select[Department]:
    """Select the departments that the person belongs to or follows."""
    if person.id in hidden:
        return select(Department).where(Department.id < 0)
    mine = or_(Department.id == person.department_id, watching(person, KIND, Department.id))
    return select(Department).where(mine)


def may_read_internal(person: Person, row: Any, now: datetime) -> bool:
    """Let the agents of the department read."""
    return row.id in departments_as(person, Role.AGENT, now)


def register() -> None:
    """Register the kind."""
    subjects.register(
        subjects.Subject(
            kind=KIND,
            model=Department,
            visible_to=visible_to,
            title=lambda row: titles.get(row.id, row.name["es"]),
            address=lambda row: f"/departments/{row.slug}",
            reference=lambda row: f"VEN-{row.id:06}",
            may_read_internal=may_read_internal,
            may_read_field=lambda person, row, key, now: key == "quote" and may_read_internal(person, row, now),
        )
    )


def teach(app: Flask) -> None:
    """Give the portal the messages about things."""
    register()
    app.jinja_env.loader = ChoiceLoader([DictLoader(MESSAGES), app.jinja_env.loader])


@pytest.fixture
def thing(app: Flask, cast: Cast) -> Iterator[Department]:
    """The IT department as a thing, with messages about it."""
    loader = app.jinja_env.loader
    teach(app)
    hidden.clear()
    titles.clear()
    yield cast.it
    app.jinja_env.loader = loader
    subjects._subjects.pop(KIND)
