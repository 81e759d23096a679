"""What a parcel is worth in pounds, and which relief that allows; the finding names the rate."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

import msgspec

from adapters.customs.uk.rules import SAMPLE, Rate, Relief, Rules
from gateway.findings import Finding
from gateway.model import Consignment

GIFT = "31"
PENNY = Decimal("0.01")
STERLING = Rate(Decimal(1), "")


class Worth(msgspec.Struct, frozen=True):
    """The sum of the goods' values in pounds (None: cannot be told), how it came about, and what stood in the way."""

    pounds: Decimal | None
    how: str
    findings: tuple[Finding, ...] = ()


def worth(consignment: Consignment, rules: Rules, settings: Mapping[str, str]) -> Worth:
    """Sum up the values of the goods; postage does not count (relief is granted on the value of the goods)."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for goods in consignment.goods_items:
        if goods.value:
            sums[goods.value.currency] += goods.value.amount
    rates = {currency: _rate(currency, rules, settings) for currency in sums}
    findings = tuple(_no_rate(currency) for currency, rate in rates.items() if rate is None)
    if findings or not sums:
        return Worth(None, "", findings)
    known = {currency: rate for currency, rate in rates.items() if rate}
    pounds = sum((sums[currency] / rate.per_pound for currency, rate in known.items()), Decimal())
    return Worth(pounds, " + ".join(_told(sums[currency], currency, rate) for currency, rate in known.items()))


def relief(consignment: Consignment, value: Worth, rules: Rules) -> tuple[Relief | None, tuple[Finding, ...]]:
    """The relief that this value allows, or the finding that says why there is none.

    A gift above its own limit that the general relief would cover keeps that one: a person decides by waiving.
    """
    best = rules.relief(consignment.nature)
    if value.pounds is None or best is None:
        return best, value.findings
    if value.pounds <= best.limit:
        return best, ()
    general = rules.relief(None)
    within = general if general and value.pounds <= general.limit else None
    return within, tuple(_above(consignment, value, best))


def _above(consignment: Consignment, value: Worth, best: Relief) -> Iterator[Finding]:
    assert value.pounds is not None
    yield Finding(
        "TGT556" if consignment.nature == GIFT else "TGT555",
        values={
            "value": str(value.pounds.quantize(PENNY)),
            "how": value.how,
            "limit": str(best.limit),
            "currency": best.currency,
            "code": best.code,
        },
        model_path="value",
        wco_id="109",
    )


def _rate(currency: str, rules: Rules, settings: Mapping[str, str]) -> Rate | None:
    if currency == "GBP":
        return STERLING
    rate = rules.rates.get(currency)
    if rate and rate.source == SAMPLE and settings.get("exchange-rates") != SAMPLE:
        return None
    return rate


def _no_rate(currency: str) -> Finding:
    return Finding("TGT553", values={"currency": currency}, model_path="value", wco_id="109")


def _told(amount: Decimal, currency: str, rate: Rate) -> str:
    return f"{amount} {currency}" + (f" at {rate.per_pound} ({rate.source})" if rate is not STERLING else "")
