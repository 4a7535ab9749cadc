"""Commands about people and their accounts."""

from datetime import timedelta
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from portal.accounts import actions, api_tokens, passwords
from portal.core import clock, names
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.text import fold
from portal.people import actions as people_actions
from portal.people.models import Department, Person, Role

people = AppGroup("people", help="People and their accounts.")


@people.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--department", required=True, help="Short name of the department; the first one is made if there is none.")
@click.option("--administrator", is_flag=True, help="May manage people, departments and settings.")
@click.password_option(help="Asked for when it is not given.")
def create(email: str, name: str, department: str, administrator: bool, password: str) -> None:
    """Add a person with a password; the way to the first administrator."""
    if names.normal(email) is None or "@" not in email:
        raise click.ClickException(f"{email!r} is not a mail address.")
    sentence = passwords.refusal(password, Person(name=name, email=email))
    if sentence:
        raise click.ClickException(sentence)
    password_hash = actions.hash_password(password)
    try:
        with transaction():
            _create(email, name, department, administrator, password_hash)
    except Refused as refusal:
        raise click.ClickException(refusal.reason) from None
    click.echo(f"{name} can sign in as {names.normal(email)}.")


def _create(email: str, name: str, department: str, administrator: bool, password_hash: str) -> None:
    now = clock.now()
    fields = {"email": email, "name": name, "department_id": _department(department).id}
    person = people_actions.create_person(fields, None, now)
    if administrator:
        people_actions.grant(person, Role.ADMINISTRATOR, None, None, now)
    actions.set_password(person, password_hash, now)


def _department(text: str) -> Department:
    """Return the department of that short name; where there is none at all yet, the first is made."""
    found = db.session.scalar(select(Department).where(Department.slug == text))
    if found is None and db.session.scalar(select(Department.id).limit(1)) is None:
        slug = "-".join("".join(char if char.isalnum() else " " for char in fold(text)).split())
        found = people_actions.create_department({"slug": slug, "name": {"es": text, "en": text}}, None)
    if found is None:
        known = ", ".join(db.session.scalars(select(Department.slug).order_by(Department.slug)))
        raise click.ClickException(f"There is no department {text!r}. There are: {known}.")
    return found


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen and store nothing.")
def import_file(file: Path, dry_run: bool) -> None:
    """Add or change people from a CSV file: everybody, or nobody when a line is wrong."""
    data = file.read_bytes()
    plan = people_actions.read_people(data)
    for problem in plan.problems:
        click.echo(problem, err=True)
    for line in plan.lines:
        for problem in line.problems:
            click.echo(f"{line.number}: {problem}", err=True)
    if not plan.is_sound:
        raise click.ClickException("Nobody was imported.")
    if not dry_run:
        with transaction():
            people_actions.import_people(data, None, clock.now())
    click.echo(f"{plan.new} added, {len(plan.lines) - plan.new} changed{' (dry run)' if dry_run else ''}.")


tokens = AppGroup("tokens", help="Tokens for machines.")


@tokens.command("issue")
@click.option("--name", required=True, help="What it is for.")
@click.option("--owner", required=True, help="Mail address of the person in whose name it writes.")
@click.option("--department", required=True, help="Short name of the department whose things it writes.")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(api_tokens.SCOPES))
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 365))
def issue(name: str, owner: str, department: str, scopes: tuple[str, ...], days: int) -> None:
    """Issue an API token and print it, once."""
    with transaction():
        person = db.session.scalar(select(Person).where(Person.email == names.normal(owner), Person.active))
        unit = db.session.scalar(select(Department).where(Department.slug == department))
        if person is None or unit is None:
            raise click.ClickException("There is no such person or department.")
        token = api_tokens.issue(name, scopes, person, unit, timedelta(days=days), clock.now())
    click.echo(token)


@tokens.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """End the tokens of a name."""
    with transaction():
        ended = api_tokens.revoke(name, clock.now())
    click.echo(f"{ended} ended.")
