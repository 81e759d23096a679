"""A grammar: the element table of a schema as one tree of nodes, in the schema's order.

The table has the columns `path,min,max,kind,format,facets,wco_id,name`: facts of a schema in our own words. `format`
is written as standards write it (`an..70`, `n..16,3`, `a2`); `facets` are `pattern=…` or `enum=…|…`.

Of a message made of rows it is the header: a column each, `min` 1 where every edition has it, `max` how many values it
may have in the rows of one item, `kind` what stands in its cells: `text`, `id`, `code` (digits that spreadsheets take
for a number), `number`, `date`, `opens` (not 0: the row begins a piece; 0: it goes on with the piece of equal `by=`).
Further facets are `alias=…|…` and `decimal=comma`.

Of JSON `kind` says what a value is: `string`, `number`, `boolean` or `object`, behind `array ` each entry of a list,
with `|null` what is written as `null` where nothing is said. Members may stand in any order.

>>> form("n..16,3")
Form(kind='n', shortest=0, longest=16, decimals=3)
>>> form("a2").shortest
2
"""

import csv
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

_FORM = re.compile(r"(an|a|n)(?:(\d+)\.\.(\d+)|(\.\.)?(\d+))(?:,(\d+))?")
COLUMNS = ("path", "min", "max", "kind", "format", "facets", "wco_id", "name")
FACETS = ("pattern", "enum", "alias", "by", "decimal")
UNBOUNDED = ("unbounded", "*", "n")
_FACET = re.compile(rf";(?=(?:{'|'.join(FACETS)})=)")
_BLANK = {r".*[^\s].*", r"[\s\S]*\S[\s\S]*"}  # "holds a non-blank": an empty text is never written nor kept


class Form(msgspec.Struct, frozen=True):
    """Width and form of a text: kind `a`, `an` or `n`, shortest and longest length, digits after the point."""

    kind: str = "an"
    shortest: int = 0
    longest: int | None = None
    decimals: int | None = None


class Node(msgspec.Struct, frozen=True):
    """One element or attribute of a schema; `most` is None where it may repeat without bound."""

    name: str
    path: str
    order: int
    least: int = 0
    most: int | None = 1
    kind: str = "element"
    format: str = ""
    form: Form = Form()
    pattern: str = ""
    values: tuple[str, ...] = ()
    wco_id: str = ""
    title: str = ""
    facets: dict[str, str] = {}
    children: dict[str, "Node"] = {}

    def find(self, steps: Iterable[str]) -> "Node | None":
        node: Node | None = self
        for name in steps:
            node = node.children.get(name) if node else None
        return node


@lru_cache(maxsize=64)
def form(text: str) -> Form:
    """The form that a format text says. Raises: ValueError."""
    if not text:
        return Form()
    found = _FORM.fullmatch(text.replace(" ", ""))
    if not found:
        raise ValueError(text)
    kind, low, high, upto, width, decimals = found.groups()
    longest = int(high or width)
    shortest = int(low) if low else 0 if upto else longest
    return Form(kind, shortest, longest, int(decimals) if decimals else None)


def load(paths: Iterable[Path]) -> Node:
    """One tree over all element tables, in order; its root is no element. Raises: ValueError, KeyError, OSError."""
    rows: list[dict[str, str]] = []
    for path in paths:
        with path.open(encoding="utf-8", newline="") as stream:
            rows += list(csv.DictReader(line for line in stream if not line.startswith("#")))
    root: dict[str, Node] = {}
    made: dict[str, dict[str, Node]] = {"": root}
    for order, row in enumerate(rows):
        node = _node(row, order)
        above, _, _ = node.path.rpartition("/")
        made[above][node.name] = node
        made[node.path] = node.children
    return Node("", "", -1, children=root)


def header(columns: Node, item: str, row: str) -> Node:
    """The header as the grammar of an item: each column once, or in each of its rows, where any cell may be empty."""
    cells = {name: _cell(node, item) for name, node in columns.children.items()}
    each = {name: msgspec.structs.replace(node, path=f"{item}/{row}/{name}", most=1) for name, node in cells.items()}
    rows = Node(row, f"{item}/{row}", len(cells), most=None, children=each)
    top = Node(item, item, 0, children={**cells, row: rows})
    return Node("", "", -1, children={item: top})


def _cell(node: Node, item: str) -> Node:
    facets = node.facets | ({"always": "yes"} if node.least else {})
    return msgspec.structs.replace(node, path=f"{item}/{node.name}", least=0, facets=facets)


def facets_of(text: str) -> dict[str, str]:
    """`pattern=[0-9]+;enum=1|2` by name.

    >>> facets_of("pattern=a;b;enum=1|2")
    {'pattern': 'a;b', 'enum': '1|2'}
    """
    return {name: said for part in _FACET.split(text) if part for name, _, said in (part.partition("="),)}


def _node(row: Mapping[str, str], order: int) -> Node:
    path = row["path"].strip().strip("/")
    facets = facets_of(row.get("facets") or "")
    pattern = facets.get("pattern", "")
    most = row["max"].strip()
    return Node(
        name=path.rpartition("/")[2],
        path=path,
        order=order,
        least=int(row["min"] or 0),
        most=None if most in UNBOUNDED else int(most or 1),
        kind=row["kind"],
        format=row["format"],
        form=form(row["format"]),
        pattern="" if pattern in _BLANK else pattern,
        values=tuple(facets["enum"].split("|")) if facets.get("enum") else (),
        wco_id=row["wco_id"],
        title=row["name"],
        facets={name: text for name, text in facets.items() if name not in {"pattern", "enum"}},
        children={},
    )
