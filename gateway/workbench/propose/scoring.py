"""How sure it is that a leaf is an element: its name, then what its values look like.

>>> from gateway.workbench.propose.targets import targets
>>> city, postcode = (next(t for t in targets("Party") if t.path == f"address.{p}") for p in ("city", "postcode"))
>>> weigh((("town",),), ("Madrid",), city, frozenset()).score > SURE
True
>>> weigh((("town",),), ("Madrid",), postcode, frozenset()).score
0.0
"""

from collections.abc import Collection

import msgspec

from gateway.workbench.propose import shapes
from gateway.workbench.propose.names import Fit, best
from gateway.workbench.propose.targets import REQUIRED, TELLING, Target

SURE, WORTH = 0.6, 0.35  # of a row
LIKELY, NAMED = 0.75, 0.98  # of an element's name; one that can mean nothing else
TELLS = 0.45  # a name that fits less says nothing
_SHAPE_ALONE = {"s10": 0.5, "email": 0.55, "ioss": 0.5, "s9": 0.5}


class Weight(msgspec.Struct, frozen=True):
    """A score from 0 to 1 and where it comes from."""

    score: float
    fit: Fit = Fit()
    shape: str = ""


def weigh(
    names: Collection[tuple[str, ...]], values: tuple[str, ...], target: Target, fillers: Collection[str]
) -> Weight:
    found = shapes.of(values)
    likeness = _likeness(found, target, given=bool(values))
    if not likeness:
        return Weight(0.0)
    fit = best(names, target.terms, fillers)
    shape = target.wants if target.wants in found else ""
    if fit.score >= TELLS:
        return Weight(fit.score * (0.55 + 0.45 * likeness), fit, shape)
    return Weight(_SHAPE_ALONE.get(shape, 0.0), Fit(), shape)


def _likeness(found: frozenset[str], target: Target, *, given: bool) -> float:
    """How far values look like those of the element, 0 where they cannot be such."""
    if not given:
        return 0.5
    if target.wants in found:
        return 1.0 if target.wants in TELLING else 0.9
    if target.wants in REQUIRED:
        return 0.0
    if target.wants in TELLING:
        return 0.35
    other = found & (TELLING | {"date", "url"})
    if target.wants:
        return 0.2 if other else 0.5
    return 0.3 if other else 0.7
