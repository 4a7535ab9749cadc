"""Yes or no, one of a list, several of a list (FO rule 6)."""

from typing import Any

from flask_babel import lazy_gettext as _

from portal.catalogue.formkit.schema import Field, Option
from portal.catalogue.formkit.types.base import Asked, FieldType, Raw, first
from portal.catalogue.formkit.values import Choice, Message, Wrong
from portal.core.text import in_language

YES, NO = "yes", "no"


class YesNo(FieldType):
    """A question answered by yes or no; "no" is an answer."""

    key = "yes_no"
    title = _("Yes or no")
    control = "radio"

    def read(self, asked: Asked, raw: Raw) -> bool | None:
        """Return the answer; anything but the two words is refused."""
        text = first(raw)
        if text and text not in (YES, NO):
            raise self.wrong(asked)
        return text == YES if text else None

    def write(self, asked: Asked, value: bool) -> tuple[str, ...]:
        """Write the word that the radio button sends."""
        return (YES if value else NO,)

    def from_json(self, data: Any) -> bool:
        """Read true or false."""
        if not isinstance(data, bool):
            raise ValueError("yes or no is expected")
        return data

    def show(self, _field: Field, value: bool, _language: str) -> Message:
        """Show the word."""
        return _("Yes") if value else _("No")

    def expects(self, asked: Asked) -> Message:
        """Say that one of the two is right."""
        return _("choose yes or no")

    def choices(self, _asked: Asked, raw: Raw) -> tuple[Choice, ...]:
        """Offer the two words."""
        return tuple(Choice(value, word, selected=first(raw) == value) for value, word in ((YES, _("Yes")), (NO, _("No"))))

    def samples(self, asked: Asked) -> list[bool]:
        """Offer both."""
        return [True, False]


class OneOf(FieldType):
    """One option of a list."""

    key = "one_of"
    title = _("One of a list")
    control = "radio"
    lists = True
    takes = frozenset({"several_of"})

    def read(self, asked: Asked, raw: Raw) -> Any:
        """Return the key of the option; one that is not offered now is refused with those that are."""
        chosen = _accepted(asked, raw)
        if len(chosen) > 1:
            raise self.wrong(asked)
        return chosen[0] if chosen else None

    def show(self, field: Field, value: Any, language: str) -> Message:
        """Show the label of the option in the version it was chosen from."""
        return _label(field, value, language)

    def expects(self, asked: Asked) -> Message:
        """List the options."""
        return _("choose one of: %(options)s", options=_listed(asked))

    def choices(self, asked: Asked, raw: Raw) -> tuple[Choice, ...]:
        """Offer the options that can be chosen now."""
        return tuple(
            Choice(each.key, in_language(each.label, asked.language), in_language(each.help, asked.language), each.key in raw)
            for each in asked.options
        )

    def faults(self, asked: Asked) -> list[Message]:
        """A list needs an option that can still be chosen."""
        left = [option for option in asked.field.options if not option.withdrawn]
        return super().faults(asked) + ([] if left else [_("it has no option to choose")])

    def samples(self, asked: Asked) -> list[Any]:
        """Offer each option that is not withdrawn."""
        return [option.key for option in asked.field.options if not option.withdrawn]


class SeveralOf(OneOf):
    """Several options of a list, in the order of the list; the limits count them."""

    key = "several_of"
    title = _("Several of a list")
    control = "checks"
    many = True
    takes = frozenset({"one_of"})

    def read(self, asked: Asked, raw: Raw) -> tuple[str, ...] | None:
        """Return the keys of the options."""
        chosen = _accepted(asked, raw)
        if chosen and self.beyond(asked, len(chosen)):
            raise self.wrong(asked)
        return chosen or None

    def write(self, asked: Asked, value: tuple[str, ...]) -> tuple[str, ...]:
        """Write what the ticked boxes send."""
        return value

    def to_json(self, value: tuple[str, ...]) -> list[str]:
        """Store the keys."""
        return list(value)

    def from_json(self, data: Any) -> Any:
        """Read a list of keys, or a single one as conditions name it."""
        if isinstance(data, list) and all(isinstance(each, str) for each in data):
            return tuple(data)
        return super().from_json(data)

    def show(self, field: Field, value: tuple[str, ...], language: str) -> Message:
        """Show the labels."""
        return ", ".join(_label(field, each, language) for each in value)

    def expects(self, asked: Asked) -> Message:
        """List the options, and how many may be chosen."""
        low, high = asked.field.rules.minimum, asked.field.rules.maximum
        if low and high:
            return _("choose from %(low)s to %(high)s options", low=low, high=high)
        if low:
            return _("choose at least %(low)s options", low=low)
        if high:
            return _("choose at most %(high)s options", high=high)
        return _("choose one or more of: %(options)s", options=_listed(asked))

    def samples(self, asked: Asked) -> list[Any]:
        """Offer each option alone, and all of them."""
        keys = tuple(super().samples(asked))
        return [*((each,) for each in keys), keys]


def _accepted(asked: Asked, raw: Raw) -> tuple[str, ...]:
    """Return the chosen keys in list order, or raise with what can be chosen now (FO rule 6)."""
    wanted = {text.strip() for text in raw if text.strip()}
    offered = [option.key for option in asked.options]
    gone = wanted.difference(offered)
    if gone:
        raise _gone(asked, asked.field.option(min(gone)))
    return tuple(key for key in offered if key in wanted)


def _gone(asked: Asked, option: Option | None) -> Wrong:
    if option is None:
        return Wrong(_("choose one of: %(options)s", options=_listed(asked)))
    label = in_language(option.label, asked.language)
    return Wrong(_("“%(label)s” can no longer be chosen; choose one of: %(options)s", label=label, options=_listed(asked)))


def _listed(asked: Asked) -> str:
    return ", ".join(in_language(option.label, asked.language) for option in asked.options)


def _label(field: Field, key: str, language: str) -> str:
    option = field.option(key)
    return in_language(option.label, language) if option else key
