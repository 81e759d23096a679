"""The e-commerce manifest: a clean one says what was put into it, a dirty one gets the verdict of each row."""

import csv
import io
import random
import re
from datetime import date
from decimal import Decimal

import msgspec
import pytest

from gateway.checks import Context, run
from gateway.mapping.protocols import Bad, Closing, Span
from gateway.mapping.registry import Registry, shipped
from gateway.steps.ground.places import place
from gateway.steps.working.verdict import state_of
from tests.tables.conftest import Desk

NAME = "ecommerce/manifest"
TWO_BUYERS = {"340434763452009049", "340434763452009133"}


@pytest.fixture(scope="module")
def folder(shared):
    return shared / "ecommerce-manifest"


@pytest.fixture(scope="module")
def manifest(registry):
    return Desk(registry, NAME)


def number(text):
    """Sheets hold numbers: 9.90 is 9.9."""
    return Decimal(text).normalize()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_clean_manifest_says_what_was_put_into_it(kind, folder, manifest):
    data = (folder / f"synthetic_manifest_v2.{kind}").read_bytes()
    expected = msgspec.json.decode((folder / "expected_v2.json").read_bytes())
    traces = manifest.traces(data)
    assert [parcel(trace) for trace in traces] == [wanted(detail) for detail in expected["detail"]]
    records = [trace.record for trace in traces]
    goods = [item for record in records for item in record.goods_items]
    assert (len(records), len(goods)) == (expected["parcels"], expected["rows"])
    assert sum(item.gross_mass.value for item in goods) == Decimal(expected["weight"])
    values = {}
    for item in goods:
        values[item.value.currency] = values.get(item.value.currency, Decimal()) + item.value.amount
    assert values == {currency: Decimal(text) for currency, text in expected["value_by_currency"].items()}


def parcel(trace):
    """A record in the words of the expected result; buyers of further pieces are where the rows have them."""
    record, pieces = trace.record, {}
    lines = {
        entry.model_path.partition(".")[0]: entry.span.line for entry in trace.entries if "row" in entry.message_path
    }
    for at, item in enumerate(record.goods_items, 1):
        line = (
            lines[f"goods_items[{at}]"],
            item.sku,
            item.hs_code,
            int(item.quantity),
            number(item.unit_price.amount),
            number(item.value.amount),
            number(item.gross_mass.value),
            item.origin,
        )
        pieces.setdefault(item.order_number, []).append(line)
    found = list(pieces.items())
    return (record.master_reference, record.receptacle_id, record.item_id, record.consignee.name, found)


def wanted(detail):
    pieces = [
        (
            piece["reference"],
            [
                (
                    line["row"],
                    line["sku"],
                    line["hs"],
                    line["quantity"],
                    number(line["unit_price"]),
                    number(line["total_value"]),
                    number(line["total_weight"]),
                    line["origin"],
                )
                for line in piece["lines"]
            ],
        )
        for piece in detail["pieces"]
    ]
    return (detail["mawb"], detail["box"], detail["parcel"], detail["pieces"][0]["buyer"], pieces)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_only_a_parcel_with_two_buyers_waits_for_a_person(kind, folder, manifest):
    data = (folder / f"synthetic_manifest_v2.{kind}").read_bytes()
    readings = manifest.read(data)
    held = {r.record.item_id: {f.code for f in r.findings} for r in readings if state_of(r.findings) != "accepted"}
    assert held == {name: {"SRC401"} for name in TWO_BUYERS}
    assert all(reading.exact for reading in readings if reading.record.item_id not in TWO_BUYERS)


def test_the_other_buyer_is_not_lost(folder, manifest):
    """The record has one addressee; the trace shows each, with its row."""
    data = (folder / "synthetic_manifest_v2.csv").read_bytes()
    expected = {one["parcel"]: one for one in msgspec.json.decode((folder / "expected_v2.json").read_bytes())["detail"]}
    for item, opening, raw in manifest.items(data):
        leaves = list(manifest.format.syntax.leaves(item, opening, raw, manifest.format.plan))
        buyers = [leaf.text for leaf in leaves if leaf.steps[1][0] == "BuyerName"]
        name = next(leaf.text for leaf in leaves if leaf.steps[1][0] == "ParcelID")
        assert buyers == list(dict.fromkeys(piece["buyer"] for piece in expected[name]["pieces"]))


def test_a_text_and_a_workbook_say_the_same(folder, manifest):
    text = manifest.read((folder / "synthetic_manifest_v2.csv").read_bytes())
    book = manifest.read((folder / "synthetic_manifest_v2.xlsx").read_bytes())
    assert [plain(reading.record) for reading in text] == [plain(reading.record) for reading in book]


def plain(record):
    """With numbers as short as they are."""
    if isinstance(record, Decimal):
        return record.normalize()
    if isinstance(record, msgspec.Struct):
        return {name: plain(getattr(record, name)) for name in record.__struct_fields__}
    return tuple(map(plain, record)) if isinstance(record, tuple) else record


# row of the dirty manifest: its codes (errors and warnings), and what becomes of the parcel
DIRTY = {
    2: (set(), "accepted"),
    3: ({"SRC418"}, "quarantined"),
    4: ({"SRC419"}, "accepted"),
    5: ({"SRC420"}, "held"),
    6: ({"SRC260"}, "quarantined"),
    7: ({"SRC421"}, "held"),
    8: ({"SRC264"}, "quarantined"),
    9: ({"SRC382"}, "quarantined"),
    10: ({"SRC335"}, "held"),
    11: ({"SRC416"}, "accepted"),
    12: ({"SRC415"}, "held"),
    13: ({"SRC410"}, "quarantined"),
    14: ({"SRC332"}, "held"),
    15: ({"SRC417"}, "accepted"),
    16: ({"SRC405"}, "quarantined"),
    18: (set(), "accepted"),
}
VERDICTS = {
    "accepted": ("accept", "repair", "warning, repair"),
    "held": ("error", "warning, hold"),
    "quarantined": ("quarantine", "error", "accept only if", "repair by name table"),
}


def test_a_dirty_manifest_gets_the_verdict_of_each_row(folder, manifest):
    data = (folder / "synthetic_manifest_v1_dirty.csv").read_bytes()
    expected = {row["row"]: row for row in msgspec.json.decode((folder / "expected_v1_dirty.json").read_bytes())}
    codes, states = judged(manifest, data)
    assert set(DIRTY) | {17, 19} == set(expected)
    for row, (wanted_codes, state) in DIRTY.items():
        assert wanted_codes <= codes.get(row, set()), row
        assert states[row] == (expected[row]["parcel"], state), row
        assert expected[row]["verdict"].startswith(VERDICTS[state]), row
    assert set(states) == set(DIRTY)
    assert [expected[row]["verdict"].split()[0] for row in (17, 19)] == ["skip", "recognise"]
    notes = [finding for part, _, _ in manifest.parts(data) if isinstance(part, Closing) for finding in part.findings]
    assert [(note.code, note.source.line) for note in notes] == [("SRC412", 17), ("SRC413", 19)]


def judged(manifest, data):
    """By row: the codes of all findings there, and the parcel with what becomes of it."""
    codes, states = {}, {}
    context = Context(received_on=date(2026, 9, 14), prepared_at=None)
    for part, opening, raw in manifest.parts(data):
        if isinstance(part, Bad):
            rows, name, findings = [finding.source.line for finding in part.findings], part.id_hint, part.findings
        elif hasattr(part, "body"):
            reading, trace = manifest.format.read(part), manifest.format.trace_read(part, raw, opening)
            checked = run(reading.record, context, manifest.format.plan.checks)
            rows = sorted({entry.span.line for entry in trace.entries})
            findings = (*reading.findings, *(placed(finding, trace) for finding in checked))
            name = reading.record.item_id
        else:
            continue
        for finding in findings:
            codes.setdefault(finding.source.line, set()).add(finding.code)
        states |= dict.fromkeys(rows, (name, state_of(findings)))
    return codes, states


def placed(finding, trace):
    """A finding of a check with the row of its value."""
    return place(finding, trace, Span(0, 0, 0), "")


def test_a_second_shipper_in_one_box_is_no_fault(folder, manifest):
    readings = manifest.read((folder / "synthetic_manifest_v1_dirty.csv").read_bytes())
    (other,) = [reading for reading in readings if reading.record.consignor.name == "Another Shipper Ltd"]
    assert other.findings == ()


def test_the_first_edition_lacks_the_master_waybill_alone(folder, registry):
    first, second = ((folder / f"header-v{n}.csv").read_text().strip().split(",") for n in (1, 2))
    table = registry.format(NAME, date(2026, 9, 14))
    assert second == ["MawbNr", *first]
    assert set(table.plan.document.node.children) - {"row"} == set(second)


def test_a_partner_may_write_decimal_commas(folder, tmp_path):
    """A profile of a few lines: the same rows under a header table that says so."""
    (tmp_path / "own").mkdir()
    header = (shipped() / "ecommerce/manifest.csv").read_text()
    for column in ("TotalValue", "UnitPrice"):
        header = re.sub(rf'({column},\d,1,number,"[^"]*",)(alias=)', r"\1decimal=comma;\2", header)
    (tmp_path / "own/comma.csv").write_text(header)
    (tmp_path / "own/comma.yaml").write_text(
        "format: own/comma\ntitle: With commas\nextends: ecommerce/manifest\ngrammar: own/comma.csv\nfields: {}\n"
    )
    registry = Registry([tmp_path])
    assert [fault.code for fault in registry.faults("own/comma") if fault.severity == "error"] == []
    readings = Desk(registry, "own/comma").read((folder / "synthetic_manifest_v1_dirty.csv").read_bytes())
    (sixth,) = [reading for reading in readings if reading.record.item_id == "340434763452009035"]
    assert sixth.findings == ()
    assert sixth.record.goods_items[0].value.amount == Decimal("2.75")


TEXTS = ("", " ", "0", "1.5", "1,5", "ABC", "ZZ", "2026-09-13", "45931", "x" * 600, "=1+1", "'=x", "GBP", "é", "1E5")


def shaken(rows, dice):
    """The sample with a few cells changed, rows moved and doubled."""
    header, *lines = [list(row) for row in rows]
    for _ in range(dice.choice([1, 2, 4])):
        row = dice.choice(lines)
        row[dice.randrange(len(row))] = dice.choice(TEXTS)
    if dice.random() < 0.3:
        lines.insert(dice.randrange(len(lines)), dice.choice(lines))
    if dice.random() < 0.3:
        dice.shuffle(lines)
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *lines])
    return out.getvalue().encode()


def test_compiled_and_twin_agree_on_shaken_rows(samples, manifest):
    sample = (samples / "manifest/consolidator.csv").read_text()
    rows = list(csv.reader(io.StringIO(sample, newline="")))
    exact = 0
    for seed in range(150):
        for item, opening, raw in manifest.items(shaken(rows, random.Random(seed))):
            trace = manifest.format.trace_read(item, raw, opening)
            record = manifest.format.reader(item.body, item.equals)
            if record is not None:
                exact += 1
                assert record == trace.record
                assert trace.findings == ()
            if trace.record is not None:
                manifest.format.write(trace.record)
    assert exact > 400


def test_own_sample_goes_both_ways(samples, manifest):
    data = (samples / "manifest/consolidator.csv").read_bytes()
    records = [reading.record for reading in manifest.read(data)]
    assert [len(record.goods_items) for record in records] == [2, 1, 1, 1, 1, 1]
    table = manifest.format
    again = b"".join(table.frame(None, [table.write(record).text for record in records]))
    assert [reading.record for reading in manifest.read(again)] == records
