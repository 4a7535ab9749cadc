"""Answers that name something outside the form: person, department, file; and the heading, which asks nothing."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from flask_babel import lazy_ngettext

from portal.catalogue.formkit.schema import Field
from portal.catalogue.formkit.types.base import Asked, FieldType, Raw, first
from portal.catalogue.formkit.values import Choice, FileRef, Message, Wrong

MEGABYTE = 1_000_000
SHOWN_AT_MOST = 8


class Lookup(FieldType):
    """A thing that the requester may choose; others answer as if unknown (FO rule 7)."""

    control = "picker"
    unknown: ClassVar[Message]

    def read(self, asked: Asked, raw: Raw) -> str | None:
        """Return the id of what was chosen or named; several with one name are asked."""
        text = first(raw)
        if not text:
            return None
        directory = asked.context.directories.get(self.directory)
        found = directory.find(text) if directory else ()
        if not found:
            raise Wrong(self.unknown)
        if len(found) > 1:
            raise Wrong(_("several have this name; choose one"), found[:SHOWN_AT_MOST])
        return found[0].value

    def show(self, _field: Field, _value: Any, _language: str) -> None:
        """Only the name stored at sending can tell."""
        return

    def expects(self, asked: Asked) -> Message:
        """Say that a known one is right."""
        return self.unknown

    def choices(self, asked: Asked, raw: Raw) -> tuple[Choice, ...]:
        """Offer what the directory offers; the chosen one is always among it."""
        directory = asked.context.directories.get(self.directory)
        if directory is None:
            return ()
        text = first(raw)
        offered = {each.value: each for each in directory.choices()}
        chosen = {each.value: each for each in (directory.find(text) if text else ()) if each.value == text}
        return tuple(Choice(each.value, each.label, each.help, each.value == text) for each in {**offered, **chosen}.values())


class PersonAnswer(Lookup):
    """A person whom the requester may see."""

    key = "person"
    title = _("Person")
    directory = "person"
    unknown = _("a person from the directory, by name or address")


class DepartmentAnswer(Lookup):
    """A department."""

    key = "department"
    title = _("Department")
    directory = "department"
    unknown = _("a department of the company")


class FileAnswer(FieldType):
    """Files that hang on the draft; the browser sends no value for them, the context knows them (FO rule 26)."""

    key = "file"
    title = _("File")
    control = "file"

    def read(self, asked: Asked, _raw: Raw) -> Any:
        """Return the ids of the files of the draft for this field."""
        files = asked.context.files.get(asked.field.key, ())
        too_large = [each for each in files if each.size > asked.field.rules.megabytes * MEGABYTE]
        if too_large:
            raise Wrong(_("“%(name)s” is larger than %(size)s MB", name=too_large[0].name, size=asked.field.rules.megabytes))
        if len(files) > asked.field.rules.files:
            raise self.wrong(asked)
        return tuple(each.id for each in files) or None

    def write(self, asked: Asked, _value: Any) -> tuple[str, ...]:
        """Write nothing: files are not typed."""
        return ()

    def to_json(self, value: Any) -> Any:
        """Store the ids."""
        return list(value)

    def from_json(self, data: Any) -> Any:
        """Read the ids."""
        if not isinstance(data, list) or not all(isinstance(each, str) for each in data):
            raise ValueError("a list of files is expected")
        return tuple(data)

    def show(self, _field: Field, _value: Any, _language: str) -> None:
        """Only the names stored at sending can tell."""
        return

    def expects(self, asked: Asked) -> Message:
        """Say how many files of which size."""
        size = asked.field.rules.megabytes
        return lazy_ngettext(
            "at most %(num)s file of up to %(size)s MB",
            "at most %(num)s files of up to %(size)s MB each",
            asked.field.rules.files,
            size=size,
        )

    def missing(self, asked: Asked) -> Message:
        """Say that a file is needed."""
        return _("add a file")

    def attributes(self, asked: Asked) -> Mapping[str, str]:
        """Let the browser pick several where several are taken."""
        return {"multiple": "multiple"} if asked.field.rules.files > 1 else {}

    def choices(self, asked: Asked, _raw: Raw) -> tuple[Choice, ...]:
        """Return the files that hang on the draft."""
        return tuple(_file(each) for each in asked.context.files.get(asked.field.key, ()))

    def samples(self, asked: Asked) -> list[Any]:
        """Offer one file."""
        return [("file",)]


def _file(each: FileRef) -> Choice:
    return Choice(each.id, each.name, _("%(size)s kB", size=-(-each.size // 1_000)), selected=True)


class Heading(FieldType):
    """A heading with text; it asks nothing."""

    key = "heading"
    title = _("Heading and text")
    control = "heading"
    asks = False

    def read(self, asked: Asked, _raw: Raw) -> None:
        """Return nothing."""
        return

    def expects(self, asked: Asked) -> Message:
        """Expect nothing."""
        return ""
