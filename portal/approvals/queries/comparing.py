"""What stands out among several decisions, so that nobody approves it along with the others unseen (AP-29)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median, median_low

from portal.approvals.queries.inbox import InboxRow
from portal.core import language, subjects
from portal.core.money import Money

SEVERAL = 2
Quantities = Mapping[tuple[str, int], tuple[str, Decimal]]


@dataclass(frozen=True)
class Marks:
    """What one row costs, and how it differs: empty where it does not."""

    amount: str = ""
    is_dear: bool = False
    quantity: str = ""
    usual: str = ""
    beneficiary: str = ""


def marks_of(rows: Sequence[InboxRow]) -> Mapping[int, Marks]:
    """Return the marks of each seat: above the median sum, another quantity than usual, for somebody else than who asks."""
    quantities = _quantities(rows)
    dear, usual = _medians(rows), _usual(quantities)
    return {row.seat.id: _marks(row, dear, quantities, usual) for row in rows}


def _marks(row: InboxRow, dear: Mapping[str, float], quantities: Quantities, usual: Mapping[str, Decimal]) -> Marks:
    approval = row.approval
    what, quantity = quantities.get((approval.kind, approval.subject_id), ("", Decimal(0)))
    differs = what in usual and quantity != usual[what]
    return Marks(
        amount="" if approval.amount is None else Money(approval.amount, approval.currency).words(language.current()),
        is_dear=approval.amount is not None and approval.amount > dear.get(approval.currency, approval.amount),
        quantity=_plain(quantity) if differs else "",
        usual=_plain(usual[what]) if differs else "",
        beneficiary=approval.beneficiary.name if approval.beneficiary_id != approval.requester_id else "",
    )


def _medians(rows: Sequence[InboxRow]) -> Mapping[str, float]:
    """Return the median of the sums of each currency, where there are several."""
    sums: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.approval.amount is not None and row.approval.currency:
            sums[row.approval.currency].append(row.approval.amount)
    return {currency: median(found) for currency, found in sums.items() if len(found) >= SEVERAL}


def _quantities(rows: Sequence[InboxRow]) -> Quantities:
    by_kind: dict[str, dict[int, object]] = defaultdict(dict)
    for row in rows:
        by_kind[row.approval.kind][row.approval.subject_id] = row.subject
    return {
        (kind, id_): found
        for kind, things in by_kind.items()
        for id_, found in subjects.of_kind(kind).quantities(list(things.values())).items()
    }


def _usual(quantities: Quantities) -> Mapping[str, Decimal]:
    """Return the quantity in the middle of those that ask for the same thing, where several do."""
    same: dict[str, list[Decimal]] = defaultdict(list)
    for what, quantity in quantities.values():
        same[what].append(quantity)
    return {what: median_low(found) for what, found in same.items() if len(found) >= SEVERAL}


def _plain(quantity: Decimal) -> str:
    return f"{quantity:f}"
