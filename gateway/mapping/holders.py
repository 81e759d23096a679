"""How the values of a scope come together as one record: the parts, lists and maps that its rows fill.

The same tree serves the compiled reader, which writes it out as nested constructors, and the twin, which walks it.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from gateway.mapping.plan import Hop, Plan, Ref
from gateway.model import Record
from gateway.model.dictionary import fields, records

Leaf = tuple[int, int]  # value number, 0 for itself or n for the n-th column that its code list sets along


class Holder(msgspec.Struct):
    """One record in the making: leaves by field, and by field the records, list entries and texts below it."""

    record: type[Record]
    leaves: dict[str, list[Leaf]] = {}
    lists: dict[str, list[Leaf]] = {}
    scopes: dict[str, list[int]] = {}
    parts: dict[str, "Holder"] = {}
    entries: dict[str, dict[tuple[tuple[str, str], ...], "Holder"]] = {}
    columns: dict[str, "Holder"] = {}
    maps: dict[str, dict[str, list[Leaf]]] = {}

    def all_leaves(self) -> list[Leaf]:
        """Every leaf below, but not those of lists of texts and columns, which come several at a time."""
        found = [leaf for leaves in self.leaves.values() for leaf in leaves]
        for part in (*self.parts.values(), *(holder for some in self.entries.values() for holder in some.values())):
            found += part.all_leaves()
        return found + [leaf for keys in self.maps.values() for leaves in keys.values() for leaf in leaves]


def holders(plan: Plan) -> Mapping[int, Holder]:
    """By scope; scopes of plain texts and of map entries have none."""
    known = records()
    found = {scope.number: Holder(known[scope.record]) for scope in plan.scopes if not scope.plain}
    for value in plan.values:
        if value.only == "write":
            continue
        if value.refs:
            _place(found, value.refs[0], (value.number, 0))
        for column, ref in enumerate(value.along, 1):
            if ref is not None:
                _place(found, ref, (value.number, column))
    for scope in plan.scopes[1:]:
        if scope.parent in found:
            holder = _hop(found[scope.parent], scope.hops)
            holder.scopes.setdefault(scope.field, []).append(scope.number)
    return found


def _place(found: Mapping[int, Holder], ref: Ref, leaf: Leaf) -> None:
    if ref.scope not in found:
        return  # an entry that is a text or a pair of a map
    holder = _hop(found[ref.scope], ref.hops)
    if ref.key:
        holder.maps.setdefault(ref.field, {}).setdefault(ref.key, []).append(leaf)
    elif ref.listed:
        holder.lists.setdefault(ref.field, []).append(leaf)
    else:
        holder.leaves.setdefault(ref.field, []).append(leaf)


def _hop(holder: Holder, hops: tuple[Hop, ...]) -> Holder:
    for hop in hops:
        name = hop.names[0]
        record = fields(holder.record)[name].record
        assert record is not None
        if not hop.entry:
            holder = holder.parts.setdefault(name, Holder(record))
        elif hop.where:
            holder = holder.entries.setdefault(name, {}).setdefault(hop.where, Holder(record))
        else:
            holder = holder.columns.setdefault(name, Holder(record))
    return holder


class Read(msgspec.Struct):
    """What was read of one scope: single values, values that come several at a time, entries by their scope."""

    leaves: dict[Leaf, Any] = {}
    several: dict[Leaf, list[Any]] = {}
    entries: list[tuple[int, Any]] = []


def assembled(holder: Holder, read: Read) -> Any:
    """The record, or None where nothing was read."""
    said: dict[str, Any] = {}
    for name, leaves in holder.leaves.items():
        said[name] = next((read.leaves[leaf] for leaf in leaves if leaf in read.leaves), None)
    for name, leaves in holder.lists.items():
        said[name] = tuple(text for leaf in leaves for text in read.several.get(leaf, ()))
    for name, part in holder.parts.items():
        said[name] = assembled(part, read)
    for name in {**holder.scopes, **holder.entries, **holder.columns}:
        said[name] = _listed(holder, name, read)
    for name, keys in holder.maps.items():
        found = {key: read.leaves[leaf] for key, leaves in keys.items() for leaf in leaves if leaf in read.leaves}
        said[name] = said.get(name, {}) | found if isinstance(said.get(name), dict) else found
    kept = {name: value for name, value in said.items() if value is not None and value not in ((), {})}
    return holder.record(**kept) if kept else None


def _listed(holder: Holder, name: str, read: Read) -> Any:
    """Entries of blocks in source order, then those of single rows in the table's order, then columns."""
    scopes = holder.scopes.get(name, [])
    found = [entry for scope, entry in read.entries if scope in scopes]
    if fields(holder.record)[name].kind == "map":
        return dict(reversed(found))
    for where, one in holder.entries.get(name, {}).items():
        entry = assembled(one, read)
        if entry is not None:
            found.append(msgspec.structs.replace(entry, **dict(where)))
    if name in holder.columns:
        found += _columns(holder.columns[name], read)
    return tuple(found)


def _columns(holder: Holder, read: Read) -> list[Any]:
    columns = {field: read.several.get(leaf, []) for field, leaves in holder.leaves.items() for leaf in leaves[:1]}
    longest = max((len(column) for column in columns.values()), default=0)
    return [
        holder.record(**{field: column[at] for field, column in columns.items() if at < len(column)})
        for at in range(longest)
    ]
