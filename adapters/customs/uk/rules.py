"""What is in force in the United Kingdom on one day: procedure, reliefs, fiscal references, rates."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from adapters.customs import law
from adapters.customs.dated import in_force
from gateway.mapping.protocols import Lists

AUTHORITY = "customs/uk"


class Rules(law.Law, frozen=True):
    """The tables of one day, ready for use."""

    requested: str
    previous: str
    data_set: str


@lru_cache(maxsize=32)
def rules(lists: Lists, on: date) -> Rules:
    """Raises: LookupError when no procedure is in force on that day."""
    procedure = next(in_force(lists(f"{AUTHORITY}/procedures"), on), None)
    if procedure is None:
        raise LookupError(on)
    return Rules(
        requested=procedure["requested"],
        previous=procedure["previous"],
        data_set=procedure["additional"],
        reliefs=law.reliefs(lists, AUTHORITY, on),
        fiscal=law.fiscal(lists, AUTHORITY, on),
        identifiers=law.identifiers(lists, AUTHORITY),
        rates={
            row["currency"]: law.Rate(Decimal(1), Decimal(row["per_pound"]), row["source"])
            for row in in_force(lists(f"{AUTHORITY}/exchange-rates"), on)
        },
    )
