"""What every type of field can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _

from portal.catalogue.formkit.schema import Field, Option
from portal.catalogue.formkit.values import Choice, Context, Message, Wrong

Raw = Sequence[str]


@dataclass(frozen=True)
class Asked:
    """A field at the moment it is asked: its context and the options that can be chosen now."""

    field: Field
    context: Context
    options: tuple[Option, ...] = ()

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.context.language


class FieldType:
    """A type of field: reads, writes, stores and shows values; None is "no answer"."""

    key: ClassVar[str]
    title: ClassVar[Message]
    control: ClassVar[str] = "text"
    """The input to draw: text, textarea, number, date, time, datetime, radio, checks, picker, file, heading."""
    asks: ClassVar[bool] = True
    """Whether it is a question at all."""
    many: ClassVar[bool] = False
    """Whether a browser may send several values under its name (SE-39)."""
    lists: ClassVar[bool] = False
    """Whether the field has options of its own."""
    directory: ClassVar[str] = ""
    """Which directory of the context knows what can be answered, where one does."""
    takes: ClassVar[frozenset[str]] = frozenset()
    """Other types whose typed text it can take over from an older version (FO rule 11)."""

    def read(self, asked: Asked, raw: Raw) -> Any:
        """Return the value that the typed texts mean, None if nothing was typed; raise Wrong."""
        raise NotImplementedError

    def write(self, asked: Asked, value: Any) -> tuple[str, ...]:
        """Return texts that `read` takes back to the same value."""
        return (str(value),)

    def to_json(self, value: Any) -> Any:
        """Return the canonical JSON of a value."""
        return value

    def from_json(self, data: Any) -> Any:
        """Return the value of canonical JSON; raise ValueError when it is not of this type."""
        if not isinstance(data, str):
            raise ValueError("a text is expected")
        return data

    def show(self, _field: Field, _value: Any, _language: str) -> Message | None:
        """Return the answer in words, or None when only the words stored at sending can tell."""
        return str(_value)

    def cells(self, _field: Field, _row: Any, _language: str) -> tuple[str, ...]:
        """Return the words of one row of repeating rows, column by column."""
        return ()

    def expects(self, asked: Asked) -> Message:
        """Return the phrase that says what is right, e.g. "a whole number from 1 to 50"."""
        raise NotImplementedError

    def missing(self, asked: Asked) -> Message:
        """Return the phrase for a required field without answer."""
        return self.expects(asked)

    def attributes(self, _asked: Asked) -> Mapping[str, str]:
        """Return attributes for the input, such as maxlength."""
        return {}

    def choices(self, _asked: Asked, _raw: Raw) -> tuple[Choice, ...]:
        """Return what the page offers to choose from."""
        return ()

    def faults(self, asked: Asked) -> list[Message]:
        """Return what is wrong with the rules of a field, for the linter."""
        try:
            low, high = self.limit(asked, asked.field.rules.minimum), self.limit(asked, asked.field.rules.maximum)
        except (ValueError, ArithmeticError):
            return [_("its smallest or largest value cannot be read")]
        return [_("its smallest value is above its largest")] if low is not None and high is not None and low > high else []

    def limit(self, _asked: Asked, text: str) -> Any:
        """Return a limit of the rules as a comparable value, None if there is none; raise ValueError."""
        return int(text) if text else None

    def beyond(self, asked: Asked, size: Any) -> bool:
        """Say whether a comparable value is outside the limits; an unreadable limit lets nothing pass (SE-39)."""
        try:
            low, high = self.limit(asked, asked.field.rules.minimum), self.limit(asked, asked.field.rules.maximum)
        except (ValueError, ArithmeticError):
            return True
        return (low is not None and size < low) or (high is not None and size > high)

    def samples(self, asked: Asked) -> list[Any]:
        """Return a few values typical of the field, from which the linter looks for an answer that shows another."""
        return []

    def wrong(self, asked: Asked) -> Wrong:
        """Return the failure that says what is right."""
        return Wrong(self.expects(asked))


def ranged(what: Message, low: str, high: str) -> Message:
    """Return "what from low to high", "what, at least low", "what, at most high", or just what."""
    if low and high:
        return _("%(what)s from %(low)s to %(high)s", what=what, low=low, high=high)
    if low:
        return _("%(what)s, at least %(low)s", what=what, low=low)
    return _("%(what)s, at most %(high)s", what=what, high=high) if high else what


def first(raw: Raw) -> str:
    """Return the only text typed, without blanks around it."""
    return raw[0].strip() if raw else ""
