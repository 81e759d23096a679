"""R16 nature of transaction: known, and a gift that can be one."""

from collections.abc import Iterator
from functools import cache

from gateway.checks.lists import column, rows
from gateway.checks.rules.fault import Fault
from gateway.checks.yardstick import Yardstick
from gateway.model import Consignment

LIST = "upu/nature-of-transaction"
MANY = 20  # pieces of one kind: hardly a gift
LEGAL_PERSON = "2"


def stated(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R16: a postal item says what kind of transaction it is."""
    if consignment.nature is None:
        yield "SRC391", "nature", {}


def known(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R16: the nature is of the list."""
    if consignment.nature is not None and consignment.nature not in column(LIST, "model"):
        yield "SRC392", "nature", {"value": consignment.nature}


def plausible_gift(consignment: Consignment, _: Yardstick) -> Iterator[Fault]:
    """R16: a gift does not come from a company nor in dozens."""
    if consignment.nature not in _natures("gift"):
        return
    sender = consignment.consignor
    if sender is not None and (sender.company or sender.person_type == LEGAL_PERSON):
        yield "SRC393", "consignor", {}
    for number, item in enumerate(consignment.goods_items, 1):
        if item.quantity is not None and item.quantity >= MANY:
            yield "SRC394", f"goods_items[{number}].quantity", {"quantity": str(item.quantity)}


def is_commercial(nature: str | None) -> bool:
    """Say whether goods are sold; where no nature is said they are."""
    return nature is None or nature in _natures("commercial")


@cache
def _natures(heading: str) -> frozenset[str]:
    return frozenset(row["model"] for row in rows(LIST) if row[heading] == "yes")
