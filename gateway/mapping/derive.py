"""What is written where nothing was stated: counts, totals, the number of an entry, the mass of a sole goods item."""

from typing import Any

from gateway.checks.derivations import derived, derived_of_item
from gateway.model import Consignment, GoodsItem, Record


def stated_or_derived(record: Record, field: str, number: int, above: Any) -> Any:
    """The field, or what the rest of the records says it must be; `number` is the entry's place in its list."""
    stated = getattr(record, field)
    if stated is not None and stated != ():
        return stated
    if isinstance(record, GoodsItem) and isinstance(above, Consignment):
        return number if field == "number" else derived_of_item(record, above, field)
    return derived(record, field)
