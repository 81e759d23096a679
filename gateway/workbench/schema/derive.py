"""An element table for the rows of a table, in the order of a schema.

Not the whole schema, which may hold itself without end: what rows use, the elements beside it, and what must stand.
Several schemas are one: where the first has `xs:any`, the next one's top element stands.
"""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from gateway.workbench.schema.declarations import Declarations, Particle, SchemaUnreadable
from gateway.workbench.schema.facts import Fact, fact

COLUMNS = ("path", "min", "max", "kind", "format", "facets", "wco_id", "name")


class Schema:
    """One document as its schemas have it."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Raises: SchemaUnreadable."""
        self.parts = [Declarations(path) for path in paths]

    def facts(self, document: str, wanted: Collection[str]) -> Iterator[Fact]:
        """The facts of the wanted paths, of what is above and beside them, and of what must stand in them."""
        known, node = self._top(0, document)
        groups = {path.rsplit("/", depth)[0] for path in wanted for depth in range(1, path.count("/") + 1)}
        found = _once(self._below(known, node, document, 1, 1, {*wanted, *groups}, groups, 0))
        yield from _tree(found, document)

    def _top(self, part: int, name: str = "") -> tuple[Declarations, Any]:
        known = self.parts[part]
        found = next((node for node in known.roots if not name or node.get("name") == name), None)
        if found is None:
            raise SchemaUnreadable(f"no top element {name}")
        return known, found

    def _below(
        self,
        known: Declarations,
        node: Any,
        path: str,
        least: int,
        most: int | None,
        wanted: Collection[str],
        groups: Collection[str],
        part: int,
    ) -> Iterator[Fact]:
        kind = known.type_of(node)
        children = list(known.particles(kind))
        yield fact(known, node, path, least, most, "group" if children else "element")
        for attribute, required in known.attributes(kind):
            name = attribute.get("name") or attribute.get("ref", "").rpartition(":")[2]
            at = f"{path}/@{name}"
            if at in wanted or (required and path in wanted):
                yield fact(known, attribute, at, int(required), 1, "attribute")
        if path not in groups and not least:
            return
        for child in children:
            yield from self._child(known, child, path, wanted, groups, part)

    def _child(
        self,
        known: Declarations,
        child: Particle,
        path: str,
        wanted: Collection[str],
        groups: Collection[str],
        part: int,
    ) -> Iterator[Fact]:
        if child.declaration is not None:
            at = f"{path}/{child.declaration.get('name')}"
            yield from self._below(known, child.declaration, at, child.least, child.most, wanted, groups, part)
        elif part + 1 < len(self.parts):
            other, top = self._top(part + 1)
            at = f"{path}/{top.get('name')}"
            yield from self._below(other, top, at, 1, 1, wanted, groups, part + 1)


def _once(facts: Iterable[Fact]) -> dict[str, Fact]:
    """An element that stands at two places of a sequence is one row: it may stand as often as at both."""
    found: dict[str, Fact] = {}
    again: set[str] = set()
    for each in facts:
        first = found.get(each.path)
        if first is None:
            found[each.path] = each
            continue
        again.add(each.path)
        if each.path.rpartition("/")[0] not in again and first.kind != "attribute":
            most = None if first.most is None or each.most is None else first.most + each.most
            found[each.path] = msgspec.structs.replace(first, most=most)
    return found


def _tree(found: Mapping[str, Fact], path: str) -> Iterator[Fact]:
    """An element with all that is in it, then the next one."""
    below: dict[str, list[str]] = {}
    for at in found:
        below.setdefault(at.rpartition("/")[0], []).append(at)
    waiting = [path]
    while waiting:
        at = waiting.pop()
        yield found[at]
        waiting += reversed(below.get(at, []))


def table_text(rows: Iterable[tuple[str, ...]], comments: Iterable[str] = ()) -> str:
    """An element table as CSV."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return "".join(f"{comment}\n" for comment in comments) + written.getvalue()
