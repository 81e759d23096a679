"""A record's fields as local names: parts are opened once, of alternatives the first present, entries by predicate."""

import msgspec

from gateway.findings.finding import Row
from gateway.mapping.compiled.source import Source
from gateway.mapping.derive import stated_or_derived
from gateway.mapping.plan import Hop, Ref
from gateway.model import Record
from gateway.model.dictionary import FieldInfo, fields


class Loaded(msgspec.Struct):
    """What to take from one record: names by field, map key, whether as stated; and what lies behind its parts."""

    record: type[Record]
    fields: dict[tuple[str, str, bool], str] = {}
    hops: dict[Hop, "Loaded"] = {}

    def names(self) -> list[tuple[str, FieldInfo, str]]:
        """Every name below with its field."""
        known = fields(self.record)
        found = [(name, known[field], key) for (field, key, _), name in self.fields.items()]
        return found + [each for inner in self.hops.values() for each in inner.names()]


class View(msgspec.Struct, eq=False):
    """A record or a part of it that is being written: where it hangs, the name it has, the names of what it holds."""

    source: Source
    scope: int
    base: tuple[Hop, ...]
    variable: str
    loaded: Loaded
    rows: dict[str, Row | None] = {}

    def holds(self, ref: Ref) -> bool:
        return ref.scope == self.scope and ref.hops[: len(self.base)] == self.base

    def name(self, ref: Ref, *, stated: bool = False) -> str:
        """The name of a field, given once; as stated it is never derived."""
        here, names = self.loaded, [] if self.variable == "record" else [self.variable]
        for hop in ref.hops[len(self.base) :]:
            if hop not in here.hops:
                record = fields(here.record)[hop.names[0]].record
                assert record is not None
                here.hops[hop] = Loaded(record)
            here = here.hops[hop]
            names += [hop.names[0], *(text for _, text in hop.where)]
        key = (ref.field, ref.key, stated)
        if key not in here.fields:
            here.fields[key] = name = self.source.name(" ".join([*names, ref.field, ref.key]))
            self.rows[name] = self.source.row
        return here.fields[key]

    def emit(self, number: str, above: str) -> None:
        """The statements that take everything."""
        self._emit(self.loaded, self.variable, number, above)

    def _emit(self, here: Loaded, variable: str, number: str, above: str) -> None:
        out, known = self.source, fields(here.record)
        for (field, key, stated), name in here.fields.items():
            with out.of(self.rows[name]):
                out.add(f"{name} = {variable}.{field}.get({key!r})" if key else f"{name} = {variable}.{field}")
                if known[field].derived and not key and not stated:
                    with out.block(f"if {name} is None:"):
                        derive = out.refer("DERIVE", stated_or_derived)
                        out.add(f"{name} = {derive}({variable}, {field!r}, {number}, {above})")
        for hop, inner in here.hops.items():
            self._hop(hop, inner, variable)

    def _hop(self, hop: Hop, inner: Loaded, variable: str) -> None:
        out = self.source
        part = out.name(" ".join([hop.names[0], *(text for _, text in hop.where)]))
        open_part(out, part, hop, variable)
        below = inner.names()
        absent = [name for name, info, key in below if not info.is_list or key]
        lists = [name for name, info, key in below if info.is_list and not key]
        with out.block(f"if {part} is None:"):
            if absent:
                out.add(" = ".join([*absent, "None"]))
            if lists:
                out.add(" = ".join([*lists, "()"]))
        with out.block("else:"):
            self._emit(inner, part, "1", "None")


def open_part(out: Source, part: str, hop: Hop, variable: str) -> None:
    """A part into its name: the first present, or the entry of a list that fits."""
    if hop.entry:
        out.add(f"{part} = None")
        each = out.name(f"each {hop.names[0]}")
        with out.block(f"for {each} in {variable}.{hop.names[0]}:"):
            condition = " and ".join(f"{each}.{name} == {text!r}" for name, text in hop.where)
            with out.block(f"if {condition}:"):
                out.add(f"{part} = {each}", "break")
        return
    out.add(f"{part} = {variable}.{hop.names[0]}")
    for other in hop.names[1:]:
        with out.block(f"if {part} is None:"):
            out.add(f"{part} = {variable}.{other}")
