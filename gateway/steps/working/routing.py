"""Which routes an item takes: the first whose conditions all fit, and where it says so the next one that fits too.

An item that fits none is held, never dropped. One that takes several is filed on each: one parcel, two customs.
"""

from collections.abc import Iterable, Iterator

from gateway.model import Consignment
from gateway.steps.working.outcome import RoutePlan


def taken(routes: Iterable[RoutePlan], record: Consignment) -> Iterator[RoutePlan]:
    """The routes that take this consignment: up to the first that does not say `continue`."""
    for route in routes:
        if _fits(route, record):
            yield route
            if not route.goes_on:
                return


def _fits(route: RoutePlan, record: Consignment) -> bool:
    return all(any(value in wanted for value in values_at(record, path)) for path, wanted in route.when)


def values_at(record: object, path: str) -> Iterator[str]:
    """The texts at a plain model path; a list on the way gives each of its entries.

    >>> from gateway.model import Address, Party
    >>> list(values_at(Party(name="A", address=Address(country="GB")), "address.country"))
    ['GB']
    """
    head, _, rest = path.partition(".")
    found = getattr(record, head, None)
    for value in found if isinstance(found, tuple) else (found,):
        if value is None:
            continue
        if rest:
            yield from values_at(value, rest)
        else:
            yield str(value)
