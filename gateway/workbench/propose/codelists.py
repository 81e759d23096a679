"""Code lists that understand the values of a leaf: units that carriers write their own way, countries by three letters.

>>> covering(("kg", "lb"), UNITS.__contains__, [CodeList("own/units", {"kg": "KGM", "lb": "LBR"}, {})])
'own/units'
>>> covering(("KGM",), UNITS.__contains__, [])
''
"""

from collections.abc import Callable, Iterable, Iterator

from gateway.checks.countries import is_country
from gateway.mapping.codelist import CodeList
from gateway.mapping.registry import Registry
from gateway.mapping.units import UNITS

KNOWN: dict[str, Callable[[str], bool]] = {"unit": UNITS.__contains__, "country": is_country}
"""What the model understands, by the shape that it wants."""


def covering(values: tuple[str, ...], understood: Callable[[str], bool], lists: Iterable[CodeList]) -> str:
    """The name of the smallest list that makes something understood of every value; none where that needs no list."""
    if not values or all(map(understood, values)):
        return ""
    fits = [each for each in lists if all(understood(each.read.get(value, "")) for value in values)]
    return min(fits, key=lambda each: (len(each.read), each.name)).name if fits else ""


def every(registry: Registry) -> Iterator[CodeList]:
    """Every list that has both sides."""
    names = {
        path.relative_to(root / "codes").with_suffix("").as_posix()
        for root in registry.roots
        for path in (root / "codes").rglob("*.csv")
    }
    for name in sorted(names):
        try:
            yield registry.codes(name)
        except KeyError:  # facts for checks, without a message's side
            continue
