"""What goods are worth in the currency of an authority, by named rates, and which relief that allows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import MAX_PREC, Context, Decimal

import msgspec

from adapters.customs.law import Law, Rate, Relief
from gateway.model import Amount, Consignment

SAMPLE = "sample"
HUNDREDTH = Decimal("0.01")
_WIDE = Context(prec=MAX_PREC)  # however many digits somebody has said


class Worth(msgspec.Struct, frozen=True):
    """The sum of values (None: cannot be told), how it came about, and the currencies that no rate is known for."""

    total: Decimal | None
    how: str
    unrated: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The sum as people write it."""
        return str(self.total.quantize(HUNDREDTH, context=_WIDE)) if self.total is not None else ""


class Exchange(msgspec.Struct, frozen=True):
    """The rates that count for a declaration: those that are shipped as samples only where the settings say so."""

    currency: str
    rates: Mapping[str, Rate]
    samples: bool = False

    def rate(self, currency: str) -> Rate | None:
        if currency == self.currency:
            return Rate(Decimal(1), Decimal(1), "")
        rate = self.rates.get(currency)
        return None if rate and rate.source == SAMPLE and not self.samples else rate

    def worth(self, values: Iterable[Amount]) -> Worth:
        """The sum of values in several currencies."""
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for value in values:
            sums[value.currency] += value.amount
        rates = {currency: self.rate(currency) for currency in sums}
        unrated = tuple(currency for currency, rate in rates.items() if rate is None)
        if unrated or not sums:
            return Worth(None, "", unrated)
        known = [(sums[currency], currency, rate) for currency, rate in rates.items() if rate]
        total = sum((rate.converted(amount) for amount, _, rate in known), Decimal())
        return Worth(total, " + ".join(self._told(*each) for each in known))

    def _told(self, amount: Decimal, currency: str, rate: Rate) -> str:
        return f"{amount} {currency}" + (f" at {rate} ({rate.source})" if currency != self.currency else "")


def exchange(currency: str, rates: Mapping[str, Rate], settings: Mapping[str, str]) -> Exchange:
    return Exchange(currency, rates, settings.get("exchange-rates") == SAMPLE)


def of_goods(consignment: Consignment, rates: Exchange) -> Worth:
    """Postage does not count: relief is granted on the value of the goods."""
    return rates.worth(goods.value for goods in consignment.goods_items if goods.value)


def relief(consignment: Consignment, value: Worth, law: Law) -> tuple[Relief | None, Relief | None]:
    """The relief that this value allows, and the one whose limit it is above.

    A gift above its own limit that the general relief would cover keeps that one: a person decides by waiving.
    """
    best = law.relief(consignment.nature)
    if value.total is None or best is None or value.total <= best.limit:
        return best, None
    general = law.relief(None)
    return (general if general and value.total <= general.limit else None), best
