"""What a target requires and a source cannot give, and what may fill it: known before the first message.

A demand is met by the source (one of its rows reads that element of the model), by the table (`default`), by a
derivation of the model, by the authority's pack. What these add is seen by doing it: the golden cases of the source are
completed and written. The rest is asked of the filer (a setting that the pack names, the partial record of the
authority's partner file) or, where it differs from parcel to parcel, of a second source.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

import msgspec

from gateway.checks import Context, run
from gateway.mapping.cases import Case
from gateway.mapping.format import Format
from gateway.mapping.law import from_document, units
from gateway.mapping.plugins import authority_for
from gateway.mapping.protocols import Item
from gateway.mapping.trace import Entry
from gateway.model import Consignment, Decision, Moment, Record
from gateway.steps.filer import Filer, completed
from gateway.steps.replies import addressed
from gateway.workbench.demands import FILING, Demand, of_authority, of_checks, of_table
from gateway.workbench.document.places import Place
from gateway.workbench.reach import Reached, reach
from gateway.workbench.values import element, values

By = Literal["source", "table", "derived", "authority", "filer", "gateway", "setting", "record", "nobody"]
BY: tuple[By, ...] = ("nobody", "record", "setting", "filer", "authority", "derived", "table", "gateway", "source")
LACKING = frozenset({"nobody", "record", "setting"})

# What is the filer's and the same for all that is filed; whatever else is asked differs from parcel to parcel.
OF_THE_FILER = frozenset(
    ("declarant", "representative", "submitter", "goods_location", "authorisations", "guarantees", "declaration",
     "supply_chain_actors", "transport")
)  # fmt: skip

# What a decision takes from the consignment that was filed.
FILED = Consignment(
    item_id="A", item_id_type="A", posted_at=Moment("2026-01-01"), origin_operator="A", destination_operator="A",
    mail_class="A",
)  # fmt: skip
NOBODY = Filer()


class Met(msgspec.Struct, frozen=True):
    """A demand and what meets it: `how` is the element, the key or the value that does."""

    demand: Demand
    by: By
    how: str = ""

    @property
    def is_lacking(self) -> bool:
        """Whether neither the source nor the gateway gives it."""
        return self.by in LACKING


def met(source: Format, target: Format, cases: Sequence[Case], on: date, filer: Filer = NOBODY) -> list[Met]:
    """Every demand of the target, what nobody meets first; `cases` are those of the source."""
    view = _View(source, target, cases, on, filer)
    demands = [*of_table(target.plan), *of_authority(target.plan.name, on)]
    if target.plan.unit_record == "Consignment":
        demands += of_checks(source.plan.checks, on)
    found: dict[tuple[str, str], Met] = {}
    for demand in demands:  # the grammar's word comes before a check's
        if not demand.within or view.stands(demand.within):
            found.setdefault((demand.path, demand.places[0].path if demand.places else ""), view.met(demand))
    return sorted(found.values(), key=lambda one: BY.index(one.by))


class _View:
    """What is known of a source and a target."""

    def __init__(self, source: Format, target: Format, cases: Sequence[Case], on: date, filer: Filer) -> None:
        self.filer = filer
        self.filed = {said.element for said in values(filer.record).values()}
        steps = (*target.plan.root, *target.plan.unit)
        self.unit = "/".join(step.local for step in steps)
        self.writes = reach(target.plan)
        self.given = {key: one for key, one in reach(source.plan).items() if one.read}
        self.settings = {one.places[0].bare: one.setting for one in of_authority(target.plan.name, on) if one.setting}
        self.seen: dict[str, tuple[By, str]] = {}
        self.always: set[tuple[str, str]] | None = None  # what is missed in every record of the cases
        for record in _records(source, target, cases):
            missed = set(_missed(source, target, record, on, filer))
            self.always = missed if self.always is None else self.always & missed
            for path, by, how in _written(target, record, on, filer):
                if path not in self.seen or BY.index(by) > BY.index(self.seen[path][0]):
                    self.seen[path] = by, how

    def met(self, demand: Demand) -> Met:
        """Who meets a demand: the first who can."""
        by, how = self.seen.get(demand.path, ("nobody", ""))
        if reached := next(filter(None, map(self.reached, demand.places)), None):
            return Met(demand, "source", reached.read[0])
        if by != "nobody":
            return Met(demand, by, how)
        if demand.path and not f"{demand.path}/".startswith(f"{self.unit}/"):
            return Met(demand, "gateway", "the envelope is its own")
        if demand.default is not None:
            return Met(demand, "table", f"default {demand.default}")
        if any(self.derives(demand, place) for place in demand.places):
            return Met(demand, "derived", "from what it is made of")
        return self.asked(demand)

    def asked(self, demand: Demand) -> Met:
        """Who must be asked for it."""
        first = demand.places[0].bare if demand.places else ""
        known = (key for path, key in self.settings.items() if f"{first}.".startswith(f"{path}."))
        if setting := demand.setting or next(known, ""):
            return Met(demand, "filer" if setting in self.filer.settings else "setting", setting)
        if any(f"{one}.".startswith(f"{first}.") for one in self.filed):
            return Met(demand, "filer", f"record: {first}")
        if first.partition(".")[0] in OF_THE_FILER:
            return Met(demand, "record", first)
        return Met(demand, "nobody")

    def reached(self, place: Place) -> Reached | None:
        """What the source reads into a place; a filter that says something else rules it out."""
        return next((one for one in self.given.values() if _agree(one.place, place)), None)

    def derives(self, demand: Demand, place: Place) -> bool:
        """Whether the model derives it; where it is missed in every case all the same, it does not."""
        derived = place.field is not None and place.field.derived
        return derived and (demand.why, place.bare) not in (self.always or ())

    def stands(self, path: str) -> bool:
        """Whether something that is given or made brings an element about."""
        if any(f"{one}/".startswith(f"{path}/") for one in self.seen):
            return True
        below = (one for one in self.writes.values() for way in one.written if f"{way}/".startswith(f"{path}/"))
        return any(self.reached(one.place) is not None for one in below)


def _agree(given: Place, wanted: Place) -> bool:
    """Whether a place that is given is, or lies in, one that is wanted: where both have a filter, it is one."""
    if given.record != wanted.record or not f"{given.bare}.".startswith(f"{wanted.bare}."):
        return False
    steps = zip(given.path.split("."), wanted.path.split("."), strict=False)
    return all(a == b or "[" not in a or "[" not in b for a, b in steps)


def _records(source: Format, target: Format, cases: Sequence[Case]) -> Iterator[Record]:
    """What the source's cases say, where the target writes records of that kind."""
    if source.plan.unit_record != target.plan.unit_record:
        return
    for case in cases:
        for unit in units(source, case.message) if not case.is_record else ():
            if isinstance(unit.item, Item):
                record = source.twin_reader.read(unit.item).record
                yield from (record,) if record is not None else ()


def _missed(source: Format, target: Format, record: Record, on: date, filer: Filer) -> Iterator[tuple[str, str]]:
    """What checks and pack find in a record: code and element."""
    if isinstance(record, Consignment):
        found = run(record, Context(received_on=on), source.plan.checks)
        found += completed(record, target.plan.name, FILING, filer, on)[1]
        yield from ((one.code, element(one.model_path)) for one in found)


def _written(target: Format, record: Record, on: date, filer: Filer) -> Iterator[tuple[str, By, str]]:
    """Each element that the target writes of a record, who gives its value, and how."""
    pack = authority_for(target.plan.name)
    before = values(record).keys()
    adds: tuple[By, str] = "gateway", "what was filed"
    if isinstance(record, Consignment):
        adds = ("authority", pack.name) if pack is not None else ("filer", "record")
        record, _ = completed(record, target.plan.name, FILING, filer, on)
    elif isinstance(record, Decision):
        record = addressed(record, {}, FILED)
    for entry in target.trace_write(record).entries:
        path = element(from_document(target.plan, entry.message_path, unit=True)).removeprefix("/")
        yield path, *(_giver(entry, entry.model_path in before) or adds)


def _giver(entry: Entry, said: bool) -> tuple[By, str] | None:
    """Who gives a value that is written, where that is not who completed the record."""
    if said:
        return "source", element(entry.model_path)
    if entry.note in {"default", "constant"} or not entry.model_path:
        return "table", f"{entry.note} {entry.text}".strip()
    return ("derived", element(entry.model_path)) if entry.note == "derived" else None
