"""Model paths against the typed model: what a row's right side means where the row stands."""

from collections.abc import Iterable, Mapping

import msgspec

from gateway.findings.finding import Finding
from gateway.mapping.faults import Place, unknown
from gateway.mapping.names import nearest
from gateway.mapping.paths import ModelPath, ModelStep
from gateway.mapping.plan import Hop, Kind, Ref
from gateway.model import Record
from gateway.model.dictionary import FieldInfo, fields

ENTRY = "text"  # record name of a scope whose entries are texts
MAP = "map"  # record name of a scope whose entries are key and value
_PAIR = ("key", "value")


class Context(msgspec.Struct, frozen=True):
    """Where in the model a block stands: the scope, the parts from its record, the type there (None: a plain entry)."""

    scope: int
    record: type[Record] | None
    hops: tuple[Hop, ...] = ()
    plain: str = ""


class Resolved(msgspec.Struct, frozen=True):
    """A model path that leads somewhere: its place, its kind, and for records the type there."""

    ref: Ref
    kind: Kind | None
    info: FieldInfo | None = None

    @property
    def record(self) -> type[Record] | None:
        return self.info.record if self.info else None


def resolve(path: ModelPath, context: Context, top: Context, place: Place) -> Resolved | Finding:
    """Follow a path from a context; `top` is the context of the table's own record."""
    here = top if path.absolute else context
    if not path.steps:
        return Resolved(Ref(here.scope, here.hops, ""), "text" if here.plain == ENTRY else None)
    if here.plain:
        return _plain(path, here, place)
    return _followed(path.steps, here, place)


def meant(path: ModelPath, context: Context, top: Context) -> ModelPath | None:
    """The path with every name that the model has not replaced by the nearest one; None where none is near."""
    here = (top if path.absolute else context).record
    steps = []
    for step in path.steps:
        known = fields(here) if here else {}
        name = step.name if step.name in known else nearest(step.name, known)
        if not name:
            return None
        here = known[name].record
        inner = fields(here) if here else {}
        where = tuple((key if key in inner else nearest(key, inner), text) for key, text in step.where)
        steps.append(ModelStep(name, where))
    return msgspec.structs.replace(path, steps=tuple(steps))


def _followed(steps: tuple[ModelStep, ...], here: Context, place: Place) -> Resolved | Finding:
    """One step into a record, then the rest from there."""
    step, *rest = steps
    known: Mapping[str, FieldInfo] = fields(here.record) if here.record else {}
    info = known.get(step.name)
    if info is None:
        return _wrong(step.name, known, place)
    strange = next((name for name, _ in step.where if not info.record or name not in fields(info.record)), None)
    if strange:
        return _wrong(strange, fields(info.record) if info.record else (), place)
    if not rest:
        return Resolved(Ref(here.scope, here.hops, step.name, listed=info.is_list), kind_of(info), info)
    if info.kind == "map":
        return _key(here, info, rest, place)
    if info.record is None:
        return _wrong(rest[0].name, (), place)
    hop = Hop((step.name,), step.where, info.is_list)
    return _followed(tuple(rest), Context(here.scope, info.record, (*here.hops, hop)), place)


def _plain(path: ModelPath, here: Context, place: Place) -> Resolved | Finding:
    names = _PAIR if here.plain == MAP else ()
    name = path.steps[0].name
    if name not in names or len(path.steps) > 1:
        return _wrong(name, names, place)
    return Resolved(Ref(here.scope, here.hops, name), "text")


def _key(here: Context, info: FieldInfo, rest: list[ModelStep], place: Place) -> Resolved | Finding:
    """`extension.bank`: the text under one key of a map."""
    if len(rest) != 1:
        return _wrong(rest[1].name, (), place)
    return Resolved(Ref(here.scope, here.hops, info.name, key=rest[0].name), "text", info)


def kind_of(info: FieldInfo) -> Kind | None:
    """The kind of a field's plain value; None for a record or a map."""
    return None if info.kind == "record" or info.kind == "map" else info.kind  # noqa: PLR1714 - so that types follow


def _wrong(name: str, known: Iterable[str], place: Place) -> Finding:
    return unknown("MAP103", place, name, known)
