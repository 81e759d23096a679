"""What a parcel is worth in pounds, and which relief that allows; the finding names the rate."""

from collections.abc import Iterator

from adapters.customs.law import Relief
from adapters.customs.uk.rules import Rules
from adapters.customs.worth import Worth
from adapters.customs.worth import relief as allowed
from gateway.findings import Finding
from gateway.model import Consignment

GIFT = "31"


def relief(consignment: Consignment, value: Worth, rules: Rules) -> tuple[Relief | None, tuple[Finding, ...]]:
    """The relief that this value allows, or the finding that says why there is none."""
    granted, exceeded = allowed(consignment, value, rules)
    return granted, (*map(_no_rate, value.unrated), *_above(consignment, value, exceeded))


def _above(consignment: Consignment, value: Worth, exceeded: Relief | None) -> Iterator[Finding]:
    if exceeded is not None:
        yield Finding(
            "TGT556" if consignment.nature == GIFT else "TGT555",
            values={
                "value": value.shown,
                "how": value.how,
                "limit": str(exceeded.limit),
                "currency": exceeded.currency,
                "code": exceeded.code,
            },
            model_path="value",
            wco_id="109",
        )


def _no_rate(currency: str) -> Finding:
    return Finding("TGT553", values={"currency": currency}, model_path="value", wco_id="109")
