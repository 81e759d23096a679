"""What customs assessed on a declaration: what can be claimed back of it, where the money is asked for.

The newest decision that speaks of money counts; nothing is added up over several of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from sqlalchemy import Connection, select

from gateway.journal import schema
from gateway.model import Amount, Decision, Duty, Repayment, Tax
from gateway.steps.ground import source
from gateway.steps.ground.gate import Gate

d = schema.decision


def claimable(gate: Gate, conn: Connection, filing: str, request: str) -> Repayment | None:
    """The sum and its duties by type; None where customs had assessed nothing when the request was made."""
    told = select(d).where(d.c.filing == filing, d.c.id < request, d.c.record_blob.is_not(None))
    newest = conn.execute(told.order_by(d.c.issued_at.desc(), d.c.id.desc())).mappings()
    decisions = (source.said_in(gate, conn, row) for row in newest)
    return next((found for each in decisions if (found := claim(each)) is not None), None)


def claim(decision: Decision) -> Repayment | None:
    """What one decision says; duties in several currencies are no sum.

    >>> duty = Tax(type="B00", payable=Amount(Decimal("275.00"), "DKK"))
    >>> found = claim(Decision(taxes=(duty,)))
    >>> str(found.amount.amount), found.amount.currency, [each.type for each in found.duties]
    ('275.00', 'DKK', ['B00'])
    """
    sums = _sums(decision.taxes)
    currencies = {currency for _, currency in sums} | ({decision.total.currency} if decision.total else set())
    if len(currencies) != 1:
        return None
    total = decision.total.amount if decision.total else sum(sums.values(), Decimal())
    duties = tuple(Duty(type=kind, amount=amount) for (kind, _), amount in sums.items())
    return Repayment(amount=Amount(total, currencies.pop()), duties=duties)


def _sums(taxes: Iterable[Tax]) -> Mapping[tuple[str | None, str], Decimal]:
    """By type and currency."""
    sums: defaultdict[tuple[str | None, str], Decimal] = defaultdict(Decimal)
    for tax in taxes:
        if (due := tax.payable or tax.amount) is not None:
            sums[tax.type, due.currency] += due.amount
    return sums
