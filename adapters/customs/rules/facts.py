"""What the tests of rules rely on besides the record: the lists of one day, the limits and rates of one filer."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

import msgspec

from adapters.customs.dated import in_force
from adapters.customs.worth import Exchange
from gateway.mapping.protocols import Lists


class Day(msgspec.Struct, frozen=True):
    """Dated lists on one day: sentences take their codes from them once, when they are read."""

    lists: Lists
    on: date

    def codes(self, name: str) -> frozenset[str]:
        """The codes of a list that are in force."""
        return _codes(self.lists, name, self.on)


class Facts(msgspec.Struct, frozen=True):
    """`limits` by the code of the relief, in the currency that `exchange` converts into."""

    limits: Mapping[str, Decimal]
    exchange: Exchange


@lru_cache(maxsize=256)
def _codes(lists: Lists, name: str, on: date) -> frozenset[str]:
    return frozenset(row["code"] for row in in_force(lists(name), on))
