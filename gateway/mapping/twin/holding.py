"""What a record holds at a place of the model, and the path of it with the numbers of its entries."""

from collections.abc import Mapping
from typing import Any

from gateway.mapping.derive import stated_or_derived
from gateway.mapping.plan import Ref
from gateway.model.dictionary import fields


def held(record: Any, ref: Ref, number: int = 1, above: Any = None) -> Any:
    """What a record holds at a place; parts by the first that is present, entries by their predicate."""
    for hop in ref.hops:
        if record is None:
            return None
        _, record = _hop(record, hop.names)
        if hop.entry:
            record = next((one for one in record or () if _is(one, hop.where)), None)
    if record is None or not ref.field:
        return record
    if isinstance(record, Mapping):
        return record.get(ref.field)
    if ref.key:
        return getattr(record, ref.field).get(ref.key)
    if fields(record.__class__)[ref.field].derived:
        return stated_or_derived(record, ref.field, number, above)
    return getattr(record, ref.field)


def said(record: Any, ref: Ref) -> Any:
    """What a record itself says at a place: nothing that is derived."""
    holder = held(record, Ref(ref.scope, ref.hops, ""))
    if holder is None or not ref.field:
        return holder
    if isinstance(holder, Mapping):
        return holder.get(ref.field)
    found = getattr(holder, ref.field)
    return found.get(ref.key) if ref.key else found


def stated(record: Any, ref: Ref) -> bool:
    """Whether a value was said, not derived."""
    holder = held(record, Ref(ref.scope, ref.hops, ""))
    if isinstance(holder, Mapping) or ref.key or not ref.field:
        return True
    return getattr(holder, ref.field) is not None


def numbered(record: Any, ref: Ref) -> str:
    """The path of a place, with the numbers of the entries that predicates picked and the names of the parts taken."""
    names: list[str] = []
    for hop in ref.hops:
        name, record = _hop(record, hop.names)
        if hop.entry:
            at = next((at for at, one in enumerate(record or ()) if _is(one, hop.where)), 0)
            name, record = f"{name}[{at + 1}]", (record or (None,))[at]
        names.append(name)
    return ".".join([*names, *filter(None, (ref.field, ref.key))])


def _hop(record: Any, names: tuple[str, ...]) -> tuple[str, Any]:
    for name in names:
        found = getattr(record, name, None) if record is not None else None
        if found is not None and found != ():
            return name, found
    return names[0], None


def _is(one: Any, where: tuple[tuple[str, str], ...]) -> bool:
    return all(getattr(one, name) == wanted for name, wanted in where)


def joined(above: str, path: str) -> str:
    """Two model paths as one."""
    return ".".join(filter(None, (above, path)))
