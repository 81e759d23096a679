"""What a target requires and a source cannot give, and what may fill it: known before the first message.

A demand is met by the source (one of its rows reads that element of the model), by the table (`default`), by a
derivation of the model, by the authority's pack. What these add is seen by doing it: the golden cases of the source are
completed and written. The rest is asked of the filer (a setting that the pack names, the partial record of the
authority's partner file) or, where it differs from parcel to parcel, of a second source.
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from gateway.mapping.cases import Case
from gateway.mapping.format import Format
from gateway.mapping.places import Place
from gateway.mapping.plugins import authority_for
from gateway.mapping.reach import Reached, reach
from gateway.steps.answering.values import values
from gateway.steps.working.filer import Filer
from gateway.workbench.coverage.demands import Demand, of_authority, of_checks, of_table
from gateway.workbench.coverage.rehearsal import BY, By, rehearsal

LACKING = frozenset({"nobody", "record", "setting"})

# What is the filer's and the same for all that is filed; whatever else is asked differs from parcel to parcel.
OF_THE_FILER = frozenset(
    ("declarant", "representative", "submitter", "goods_location", "authorisations", "guarantees", "declaration",
     "supply_chain_actors", "transport")
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
        self.rehearsed = rehearsal(source, target, cases, on, filer)
        self.pack = getattr(authority_for(target.plan.name), "name", "")

    def met(self, demand: Demand) -> Met:
        """Who meets a demand: the first who can."""
        by, how = self.rehearsed.written.get(demand.path, ("nobody", ""))
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
        if not demand.path and self.rehearsed.found(demand.why, first) is False:
            return Met(demand, "authority", self.pack)
        if first.partition(".")[0] in OF_THE_FILER:
            return Met(demand, "record", first)
        return Met(demand, "nobody")

    def reached(self, place: Place) -> Reached | None:
        """What the source reads into a place; a filter that says something else rules it out."""
        return next((one for one in self.given.values() if _agree(one.place, place)), None)

    def derives(self, demand: Demand, place: Place) -> bool:
        """Whether the model derives it; where it is missed in every case all the same, it does not."""
        derived = place.field is not None and place.field.derived
        return derived and not self.rehearsed.found(demand.why, place.bare)

    def stands(self, path: str) -> bool:
        """Whether something that is given or made brings an element about."""
        if any(f"{one}/".startswith(f"{path}/") for one in self.rehearsed.written):
            return True
        below = (one for one in self.writes.values() for way in one.written if f"{way}/".startswith(f"{path}/"))
        return any(self.reached(one.place) is not None for one in below)


def _agree(given: Place, wanted: Place) -> bool:
    """Whether a place that is given is, or lies in, one that is wanted: where both have a filter, it is one."""
    if given.record != wanted.record or not f"{given.bare}.".startswith(f"{wanted.bare}."):
        return False
    steps = zip(given.path.split("."), wanted.path.split("."), strict=False)
    return all(a == b or "[" not in a or "[" not in b for a, b in steps)
