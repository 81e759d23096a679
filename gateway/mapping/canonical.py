"""Messages as sets of values: what must be equal when a message is read and written back.

A leaf is a path with numbers among equal names and a text without outer white space; empty texts say nothing.
"""

from collections import Counter
from collections.abc import Iterable

import msgspec

from gateway.mapping.protocols import Leaf

Leaves = Counter[tuple[str, str]]


_NOT_SAID = {"@schemaLocation", "@noNamespaceSchemaLocation"}


class Difference(msgspec.Struct, frozen=True):
    """What one message says and the other does not."""

    missing: tuple[tuple[str, str], ...] = ()
    added: tuple[tuple[str, str], ...] = ()


def leaf_set(leaves: Iterable[Leaf], above: str = "") -> Leaves:
    """Paths and texts of a unit; where a schema may be found is no part of what is said."""
    said = (leaf for leaf in leaves if leaf.steps[-1][0] not in _NOT_SAID)
    return Counter((above + path(leaf.steps), text) for leaf in said if (text := leaf.text.strip()))


def path(steps: tuple[tuple[str, int], ...]) -> str:
    """`item/content-piece[2]/value`."""
    return "/".join(f"{name}[{number}]" if number > 1 else name for name, number in steps)


def difference(
    before: Leaves, after: Leaves, unmapped: Iterable[str] = (), allowed: Iterable[tuple[str, str]] = ()
) -> Difference:
    """What was lost and what was added, but for elements that no row carries and for what the table itself adds."""
    gone = tuple(unmapped)
    missing = (leaf for leaf in (before - after) if not any(leaf[0] == p or leaf[0].startswith(f"{p}/") for p in gone))
    own = set(allowed)
    return Difference(tuple(sorted(missing)), tuple(sorted(leaf for leaf in (after - before) if leaf not in own)))
