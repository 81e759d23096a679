"""One fault a file: the item at fault gets its code, its neighbours are declared, and its bytes can be cut out."""

import csv
from datetime import date
from pathlib import Path

import pytest

from gateway.checks.run import run
from gateway.checks.yardstick import Context
from gateway.demo.corpus import FAULTS, itmatt, truth
from gateway.mapping.protocols import Bad, Closing, Item, Limits
from gateway.model import Moment
from gateway.steps.working.verdict import state_of

FOLDER = Path(__file__).resolve().parents[1] / "samples" / "faults"
with (FOLDER / "expected.csv").open(encoding="utf-8", newline="") as stream:
    EXPECTED = list(csv.DictReader(stream))
ITEMS = [row for row in EXPECTED if row["item"]]
FILES = [row for row in EXPECTED if not row["item"]]
SETTINGS = {"declarant-id": "GB123456789000", "location": "GBAUBELBFSBEL", "exchange-rates": "sample"}
CONTEXT = Context(date(2026, 9, 14), Moment("2026-09-14T06:00:00Z"))
FATES = {"accepted": "passes", "held": "held", "quarantined": "quarantined"}


@pytest.fixture
def fates(desk, declare):
    """What becomes of each item: fate, finding codes, span."""

    def of(data):
        found = {}
        for part, _, _ in desk("upu/itmatt-1.5").parts(data):
            if isinstance(part, Bad):
                found[part.ordinal] = ("quarantined", [each.code for each in part.findings], part.span)
            elif isinstance(part, Item):
                found[part.ordinal] = (*fate(part), part.span)
        return found

    def fate(item):
        reading = desk("upu/itmatt-1.5").format.read(item)
        findings = list(reading.findings)
        if reading.record is not None:
            findings += run(reading.record, CONTEXT, desk("upu/itmatt-1.5").format.plan.checks)
        if state_of(findings) == "accepted":
            declared, said = declare(reading.record, SETTINGS)
            written = desk("customs/uk/h7").format.write(declared)
            findings += [*said, *written.findings]
            return FATES[state_of(findings) if written.text else "held"], [each.code for each in findings]
        return FATES[state_of(findings)], [each.code for each in findings]

    return of


@pytest.mark.parametrize("row", ITEMS, ids=lambda row: row["file"])
def test_the_item_at_fault_gets_its_code_and_its_neighbours_are_declared(row, fates):
    data = (FOLDER / row["file"]).read_bytes()
    found = fates(data)
    fate, codes, span = found.pop(int(row["item"]))
    assert (fate, row["code"] in codes) == (row["fate"], True), codes
    assert {fate for fate, _, _ in found.values()} == {"passes"}
    assert data[span.offset :].startswith(b"<item>")
    assert data.count(b"\n", 0, span.offset) + 1 == span.line


@pytest.mark.parametrize("row", FILES, ids=lambda row: row["file"])
def test_a_file_at_fault_is_refused_with_its_code(row, desk):
    data = (FOLDER / row["file"]).read_bytes()
    itmatt_1_5 = desk("upu/itmatt-1.5")
    refused = itmatt_1_5.format.syntax.refuse(data[:65536], len(data), Limits())
    parts = [] if refused else [part for part, _, _ in itmatt_1_5.parts(data)]
    codes = [refused.code] if refused else [each.code for part in parts for each in _findings(part)]
    assert row["code"] in codes
    assert not any(isinstance(part, Item) for part in parts)


def test_every_kind_of_fault_of_the_corpus_is_a_sample():
    assert {row["file"].removesuffix(".xml") for row in ITEMS if not row["file"].startswith("file-")} == set(FAULTS)
    told = {row["file"].removesuffix(".xml"): (row["code"], row["fate"]) for row in ITEMS}
    assert {name: told[name] for name in FAULTS} == {name: (fault.code, fault.fate) for name, fault in FAULTS.items()}


def test_every_item_at_fault_in_a_long_file_is_found_and_no_other(fates):
    wanted = {each.ordinal: FAULTS[each.fault] for each in truth(600, seed=9, faults=0.15)}
    found = fates(b"".join(itmatt(600, seed=9, faults=0.15)))
    assert set(found) == set(range(1, 601))
    for ordinal, (fate, codes, _) in found.items():
        fault = wanted.get(ordinal)
        assert fate == (fault.fate if fault else "passes"), (ordinal, fault, codes)
        assert not fault or fault.code in codes, (ordinal, fault.name, codes)


def _findings(part):
    return part.findings if isinstance(part, Bad | Closing) else ()
