"""Money in whole minor units of a currency, never floating point (C11), and the one arithmetic of a line (forms.md 22)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_currency, get_currency_precision

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Money:
    """An amount in minor units of a currency."""

    minor: int
    currency: str

    @property
    def major(self) -> Decimal:
        """Return the amount as people write it: 19.99 for 1999 cents."""
        return Decimal(self.minor).scaleb(-digits(self.currency))

    def words(self, language: str) -> str:
        """Return the amount with its currency, as the language writes it."""
        return format_currency(self.major, self.currency, locale=language)


@dataclass(frozen=True)
class Line:
    """What one line costs, in minor units: without tax, the tax, and both."""

    net: int
    tax: int

    @property
    def total(self) -> int:
        """Return what is paid."""
        return self.net + self.tax


def digits(currency: str) -> int:
    """Return how many decimals a currency has."""
    return int(get_currency_precision(currency))


def half_up(number: Decimal) -> int:
    """Return the whole number nearest to this one; a half goes away from zero."""
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def line(unit: int, quantity: Decimal, rate: Decimal, included: bool = False) -> Line:
    """Return quantity times price with a tax of `rate` percent, each rounded half up to minor units (FO19).

    `included` says that the price contains the tax already. The total of several lines is the sum of these.
    """
    amount = half_up(unit * quantity)
    if included:
        net = half_up(amount * HUNDRED / (HUNDRED + rate))
        return Line(net, amount - net)
    return Line(amount, half_up(amount * rate / HUNDRED))
