"""Edits of a form, as functions from a form to the form after it: no database, no HTTP."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace

from portal.catalogue.formkit.loader import KEY
from portal.catalogue.formkit.schema import Field, Form, Section
from portal.catalogue.formkit.words import Words
from portal.core.text import fold

LONGEST_KEY = 32
OTHERS = re.compile(r"[^a-z0-9]+")


class NoSuchPart(LookupError):
    """The form has no such question or section any more."""


def key_for(text: str, taken: Collection[str]) -> str:
    """Return a key made of the words of a label that nothing else has ever had (forms.md 2)."""
    base = OTHERS.sub("_", fold(text)).strip("_")[:LONGEST_KEY].strip("_") or "question"
    assert KEY.fullmatch(base)  # noqa: S101 - made of the letters that keys have
    found, number = base, 2
    while found in taken:
        found, number = f"{base}_{number}", number + 1
    return found


def add_field(form: Form, field: Field, after: str | None) -> Form:
    """Put a new question after another one, or at the end."""
    if after is None or after not in form.by_key:
        *rest, last = form.sections
        return replace(form, sections=(*rest, replace(last, fields=(*last.fields, field))))
    return _each_section(form, lambda section: _inserted(section, field, after))


def _inserted(section: Section, field: Field, after: str) -> Section:
    fields = [each for old in section.fields for each in ([old, field] if old.key == after else [old])]
    return replace(section, fields=tuple(fields))


def add_column(form: Form, rows_key: str, column: Field) -> Form:
    """Put a new column at the end of repeating rows (forms.md 25)."""
    return _with_columns(form, rows_key, lambda columns: (*columns, column))


def _with_columns(form: Form, rows_key: str, change: Callable[[tuple[Field, ...]], tuple[Field, ...]]) -> Form:
    rows = form.by_key.get(rows_key)
    if rows is None or rows_key in form.parents:
        raise NoSuchPart(rows_key)
    changed = replace(rows, columns=change(rows.columns))
    return _each_section(form, lambda section: _replaced(section, changed))


def change_field(form: Form, field: Field, section_key: str, in_title: bool) -> Form:
    """Replace a question by its new version, in its section or moved to the end of another."""
    rows = form.parents.get(field.key)
    if rows is not None:
        changed = lambda columns: tuple(field if each.key == field.key else each for each in columns)  # noqa: E731 - one line
        return _with_columns(form, rows.key, changed)
    section_of(form, section_key)
    here = home_of(form, field.key)
    titled = tuple(key for key in form.title if key != field.key) + ((field.key,) if in_title else ())
    order = [each.key for each in form.fields]
    form = replace(form, title=tuple(sorted(titled, key=lambda key: order.index(key) if key in order else len(order))))
    if here.key == section_key:
        return _each_section(form, lambda section: _replaced(section, field))
    form = remove_field(form, field.key, keep_title=True)
    return _each_section(
        form, lambda section: replace(section, fields=(*section.fields, field)) if section.key == section_key else section
    )


def _replaced(section: Section, field: Field) -> Section:
    return replace(section, fields=tuple(field if each.key == field.key else each for each in section.fields))


def remove_field(form: Form, key: str, keep_title: bool = False) -> Form:
    """Take a question out; the linter names the conditions that looked at it."""
    rows = form.parents.get(key)
    if rows is not None:
        return _with_columns(form, rows.key, lambda columns: tuple(each for each in columns if each.key != key))
    home_of(form, key)
    title = form.title if keep_title else tuple(each for each in form.title if each != key)
    without = _each_section(
        form, lambda section: replace(section, fields=tuple(each for each in section.fields if each.key != key))
    )
    return replace(without, title=title)


def move_field(form: Form, key: str, step: int) -> Form:
    """Move a question one place up (-1) or down (1), at the edge of its section into the next one."""
    rows = form.parents.get(key)
    if rows is not None:
        return _with_columns(form, rows.key, lambda columns: _moved(columns, key, step))
    here = home_of(form, key)
    place = [each.key for each in here.fields].index(key)
    if 0 <= place + step < len(here.fields):
        fields = list(here.fields)
        fields[place], fields[place + step] = fields[place + step], fields[place]
        return _each_section(form, lambda section: replace(section, fields=tuple(fields)) if section is here else section)
    return _over_the_edge(form, here, key, step)


def _moved(columns: tuple[Field, ...], key: str, step: int) -> tuple[Field, ...]:
    found = list(columns)
    place = [each.key for each in found].index(key)
    if 0 <= place + step < len(found):
        found[place], found[place + step] = found[place + step], found[place]
    return tuple(found)


def _over_the_edge(form: Form, here: Section, key: str, step: int) -> Form:
    sections = list(form.sections)
    other = sections.index(here) + step
    if not 0 <= other < len(sections):
        return form
    field = form.by_key[key]
    kept = tuple(each for each in here.fields if each is not field)
    target = sections[other]
    sections[sections.index(here)] = replace(here, fields=kept)
    sections[other] = replace(target, fields=(field, *target.fields) if step > 0 else (*target.fields, field))
    return replace(form, sections=tuple(sections))


def add_section(form: Form, key: str, title: Words) -> Form:
    """Put a new section at the end."""
    return replace(form, sections=(*form.sections, Section(key=key, title=title)))


def change_section(form: Form, key: str, title: Words, help_: Words) -> Form:
    """Give a section other words."""
    section_of(form, key)
    return _each_section(form, lambda section: replace(section, title=title, help=help_) if section.key == key else section)


def move_section(form: Form, key: str, step: int) -> Form:
    """Move a section with its questions one place up or down."""
    sections = list(form.sections)
    place = sections.index(section_of(form, key))
    if not 0 <= place + step < len(sections):
        return form
    sections[place], sections[place + step] = sections[place + step], sections[place]
    return replace(form, sections=tuple(sections))


def remove_section(form: Form, key: str) -> Form:
    """Take a section away; its questions go to the one before it, or after it. The last section stays."""
    gone = section_of(form, key)
    rest = [section for section in form.sections if section is not gone]
    if not rest:
        return form
    heir = rest[max(form.sections.index(gone) - 1, 0)]
    first = form.sections.index(gone) == 0
    fields = (*gone.fields, *heir.fields) if first else (*heir.fields, *gone.fields)
    return replace(form, sections=tuple(replace(each, fields=fields) if each is heir else each for each in rest))


def section_of(form: Form, key: str) -> Section:
    """Return the section with this key."""
    found = next((section for section in form.sections if section.key == key), None)
    if found is None:
        raise NoSuchPart(key)
    return found


def home_of(form: Form, key: str) -> Section:
    """Return the section in which a question stands; for a column, that of its rows."""
    rows = form.parents.get(key)
    wanted = rows.key if rows else key
    found = next((section for section in form.sections if any(each.key == wanted for each in section.fields)), None)
    if found is None:
        raise NoSuchPart(key)
    return found


def _each_section(form: Form, change: Callable[[Section], Section]) -> Form:
    return replace(form, sections=tuple(change(section) for section in form.sections))
