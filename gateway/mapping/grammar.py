"""A grammar: the element table of a schema as one tree of nodes, in the schema's order.

The table has the columns `path,min,max,kind,format,facets,wco_id,name`: facts of a schema in our own words. `format`
is written as standards write it (`an..70`, `n..16,3`, `a2`); `facets` are `pattern=…` and `enum=…|…`, joined by `;`.
"""

import msgspec


class Format(msgspec.Struct, frozen=True):
    """Width and form of a text: kind `a`, `an` or `n`, shortest and longest length, digits after the point."""

    kind: str = "an"
    shortest: int = 0
    longest: int | None = None
    decimals: int | None = None


class Node(msgspec.Struct, frozen=True):
    """One element (or attribute) of a schema; `most` is None where it may repeat without bound."""

    name: str
    path: str
    order: int
    least: int = 0
    most: int | None = 1
    kind: str = "element"
    format: str = ""
    form: Format = Format()
    pattern: str = ""
    values: tuple[str, ...] = ()
    wco_id: str = ""
    title: str = ""
    children: dict[str, "Node"] = {}
