"""Number and money, read in the language of the page (FO rule 5, C11)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_symbol
from flask_babel import lazy_gettext as _
from flask_babel import lazy_ngettext

from portal.catalogue.formkit.amounts import (
    BLANKS,
    Unclear,
    from_plain,
    plain,
    read_number,
    show_number,
    write_number,
)
from portal.catalogue.formkit.schema import Field
from portal.catalogue.formkit.types.base import Asked, FieldType, Raw, first, ranged
from portal.catalogue.formkit.values import Choice, Message, Wrong
from portal.core.money import Money, digits


class Number(FieldType):
    """An exact decimal number."""

    key = "number"
    title = _("Number")
    control = "number"
    takes = frozenset({"short_text", "money"})

    def decimals(self, asked: Asked) -> int:
        """Return how many decimals the field takes."""
        return asked.field.rules.decimals

    def read(self, asked: Asked, raw: Raw) -> Any:
        """Return the number; ask when the text could mean another (FO10)."""
        text = first(raw)
        return self._checked(asked, text) if text else None

    def _checked(self, asked: Asked, text: str) -> Decimal:
        try:
            number = read_number(text, asked.language, self.decimals(asked))
        except Unclear as unclear:
            raise self.unclear(asked, unclear) from None
        if self.beyond(asked, number):
            raise self.wrong(asked)
        return number

    def unclear(self, asked: Asked, unclear: Unclear) -> Wrong:
        """Return the question for a text that is no number here but looks like one elsewhere."""
        if not unclear.readings:
            return self.wrong(asked)
        meant = [Choice(text, text) for text in unclear.readings]
        if len(meant) == 1:
            return Wrong(_("write “%(one)s” if you mean that number", one=meant[0].value), meant)
        return Wrong(_("write “%(one)s” or “%(two)s”", one=meant[0].value, two=meant[1].value), meant)

    def write(self, asked: Asked, value: Any) -> tuple[str, ...]:
        """Write without grouping, with the decimal sign of the language."""
        return (write_number(value, asked.language),)

    def to_json(self, value: Any) -> Any:
        """Store the canonical decimal text."""
        return plain(value)

    def from_json(self, data: Any) -> Any:
        """Read the canonical decimal text."""
        return from_plain(data)

    def show(self, _field: Field, value: Any, language: str) -> Message:
        """Show the number as the language groups it."""
        return show_number(value, language)

    def limit(self, _asked: Asked, text: str) -> Decimal | None:
        """Limits are canonical decimal texts."""
        return from_plain(text) if text else None

    def expects(self, asked: Asked) -> Message:
        """Say which numbers are right."""
        return ranged(self.noun(asked), *self.bounds(asked))

    def noun(self, asked: Asked) -> Message:
        """Return what kind of number is expected, with an example where no limits give one."""
        decimals = self.decimals(asked)
        if decimals == 0:
            return _("a whole number")
        if any(self.bounds(asked)):
            return _("a number")
        return lazy_ngettext(
            "a number with at most %(num)s decimal, such as %(example)s",
            "a number with at most %(num)s decimals, such as %(example)s",
            decimals,
            example=write_number(Decimal("1.5"), asked.language),
        )

    def bounds(self, asked: Asked) -> tuple[str, str]:
        """Return the limits as the language writes them; empty where there is none."""
        rules = asked.field.rules
        return self._shown(asked, rules.minimum), self._shown(asked, rules.maximum)

    def _shown(self, asked: Asked, text: str) -> str:
        try:
            return show_number(from_plain(text), asked.language) if text else ""
        except ValueError:
            return text

    def attributes(self, asked: Asked) -> Mapping[str, str]:
        """A text input with the keyboard for numbers: `type=number` would not take the reader's comma."""
        return {"inputmode": "decimal" if self.decimals(asked) else "numeric"}

    def samples(self, asked: Asked) -> list[Any]:
        """Offer the limits, or one."""
        rules = asked.field.rules
        return [from_plain(text) for text in (rules.minimum, rules.maximum) if text] or [Decimal(1)]


class MoneyAnswer(Number):
    """An amount in the currency of the field, stored in minor units; not negative unless the rules say so."""

    key = "money"
    title = _("Amount of money")
    takes = frozenset({"number", "short_text"})

    def decimals(self, asked: Asked) -> int:
        """A currency has its own number of decimals."""
        return digits(asked.field.rules.currency)

    def read(self, asked: Asked, raw: Raw) -> Money | None:
        """Return the amount; the sign or code of the currency may stand beside it."""
        currency = asked.field.rules.currency
        text = first(raw)
        for sign in (currency, get_currency_symbol(currency, locale=asked.language)):
            text = text.removeprefix(sign).removesuffix(sign).strip("".join(BLANKS))
        if not text:
            return None
        return Money(int(self._checked(asked, text).scaleb(self.decimals(asked))), currency)

    def beyond(self, asked: Asked, size: Any) -> bool:
        """Refuse negative amounts where no smallest amount is given."""
        return super().beyond(asked, size) or (not asked.field.rules.minimum and size < 0)

    def write(self, asked: Asked, value: Money) -> tuple[str, ...]:
        """Write all decimals of the currency, without its sign."""
        return (f"{value.major:.{digits(value.currency)}f}".replace(".", write_number(Decimal("0.5"), asked.language)[1]),)

    def to_json(self, value: Money) -> Any:
        """Store minor units and currency (C11)."""
        return {"minor": value.minor, "currency": value.currency}

    def from_json(self, data: Any) -> Money:
        """Read minor units and currency."""
        if not isinstance(data, dict) or type(data.get("minor")) is not int or not isinstance(data.get("currency"), str):
            raise ValueError("an amount is expected")
        return Money(data["minor"], data["currency"])

    def show(self, _field: Field, value: Money, language: str) -> Message:
        """Show the amount with its currency."""
        return value.words(language)

    def noun(self, asked: Asked) -> Message:
        """Name the currency."""
        example = self.write(asked, Money(150 * 10 ** self.decimals(asked), asked.field.rules.currency))[0]
        return _("an amount in %(currency)s, such as %(example)s", currency=asked.field.rules.currency, example=example)

    def samples(self, asked: Asked) -> list[Any]:
        """Offer the limits, or one unit."""
        scale = self.decimals(asked)
        return [Money(int(each.scaleb(scale)), asked.field.rules.currency) for each in super().samples(asked)]
