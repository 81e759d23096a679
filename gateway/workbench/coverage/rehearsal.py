"""What becomes of a source's golden cases when they are completed and written as a target: who gave which value.

Better than reasoning: the authority's pack, the derivations of the model and the defaults of the table do their work on
records as the source gives them, under what the filer says.
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
from gateway.steps.answering.replies import addressed
from gateway.steps.answering.values import element, values
from gateway.steps.working.filer import Filer, completed
from gateway.workbench.coverage.demands import filing

By = Literal["source", "table", "derived", "authority", "filer", "gateway", "setting", "record", "nobody"]
BY: tuple[By, ...] = ("nobody", "record", "setting", "filer", "authority", "derived", "table", "gateway", "source")

# What a decision takes from the consignment that was filed.
FILED = Consignment(
    item_id="A", item_id_type="A", posted_at=Moment("2026-01-01"), origin_operator="A", destination_operator="A",
    mail_class="A",
)  # fmt: skip


class Rehearsal(msgspec.Struct, frozen=True):
    """By element of the target who gave its value, and how; and what is missed in every record: code and element.

    `missed` is None where no record was tried.
    """

    written: dict[str, tuple[By, str]]
    missed: frozenset[tuple[str, str]] | None = None

    def found(self, code: str, element: str) -> bool | None:
        """Whether what a finding misses was missed in every record; None where no record was tried."""
        return None if self.missed is None else (code, element) in self.missed


def rehearsal(source: Format, target: Format, cases: Sequence[Case], on: date, filer: Filer) -> Rehearsal:
    """Nothing where the source gives records of another kind, or has no cases."""
    written: dict[str, tuple[By, str]] = {}
    missed: list[frozenset[tuple[str, str]]] = []
    for record in _records(source, target, cases):
        missed.append(frozenset(_missed(source, target, record, on, filer)))
        for path, by, how in _written(target, record, on, filer):
            if path not in written or BY.index(by) > BY.index(written[path][0]):
                written[path] = by, how
    return Rehearsal(written, frozenset.intersection(*missed) if missed else None)


def _records(source: Format, target: Format, cases: Sequence[Case]) -> Iterator[Record]:
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
        found += completed(record, target.plan.name, filing(target.plan.name), filer, on)[1]
        yield from ((one.code, element(one.model_path)) for one in found)


def _written(target: Format, record: Record, on: date, filer: Filer) -> Iterator[tuple[str, By, str]]:
    """Each element that the target writes of a record, who gives its value, and how."""
    pack = authority_for(target.plan.name)
    before = values(record).keys()
    adds: tuple[By, str] = "gateway", "what was filed"
    if isinstance(record, Consignment):
        adds = ("authority", pack.name) if pack is not None else ("filer", "record")
        record, _ = completed(record, target.plan.name, filing(target.plan.name), filer, on)
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
