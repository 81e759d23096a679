"""What is put right in cells, what is told about them, and where each value stands."""

import io

import pytest

from adapters.syntax.tabular import SYNTAX
from gateway.mapping.protocols import Limits
from gateway.mapping.registry import Registry

from .conftest import HEADER, ON, TABLE

LIMITS = Limits()
ROW = "B1,P1,O1,Ann,1010,1,2,0.5,Mug,2026-09-01"


def test_a_day_number_becomes_a_date_with_a_note(records, told, rows):
    data = rows(ROW.replace("2026-09-01", "45931"))
    assert records(data)[0].goods_items[0].extension == {"made": "2025-10-01"}
    assert told(data) == [["SRC416"]]


def test_a_code_that_was_made_a_number_loses_its_point(records, told, rows):
    data = rows(ROW.replace("1010", "1010.0"))
    assert records(data)[0].consignee.address.postcode == "1010"
    assert told(data) == [["SRC417"]]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "=1+1", "+cmd|' /C calc'!A0", "@SUM(1+1)", "-2+SUM(A1)"])
def test_a_formula_is_text_and_told(text, table, read, rows):
    (item,) = read(rows(ROW.replace("Ann", f'"{text}"'))).items
    reading = table.read(item)
    assert reading.record.consignee.name == text
    assert [(f.code, f.source.path) for f in reading.findings] == [("SRC415", "parcel/Buyer")]


@pytest.mark.parametrize("text", ["+44 20 7946 0000", "-", "@home", "- none -", "+49 (0) 30 1", "'s-Hertogenbosch"])
def test_what_is_no_formula_is_not_told(text, told, rows):
    assert told(rows(ROW.replace("Ann", text))) == [[]]


def test_the_way_spreadsheets_keep_zeros_is_undone(records, rows):
    assert records(rows(ROW.replace("1010", '"=""0010"""')))[0].consignee.address.postcode == "0010"


def test_control_characters_are_told(told, rows):
    assert told(rows(ROW.replace("Ann", "A\x01n"))) == [["SRC426"]]


def test_a_decimal_comma_is_no_number_unless_the_header_table_says_so(told, rows, tmp_path):
    data = rows(ROW.replace("0.5", '"0,5"'))
    assert told(data) == [["SRC260"]]
    (tmp_path / "own").mkdir()
    (tmp_path / "own/rows.yaml").write_text(TABLE)
    weight = 'Weight,0,1,number,"n..16,6",'
    (tmp_path / "own/rows.csv").write_text(HEADER.replace(weight, weight + "decimal=comma"))
    comma = Registry([tmp_path]).format("own/rows", ON)
    opening, at = list(SYNTAX.slices(io.BytesIO(data), comma.plan, 9, LIMITS))[:2]
    (item,) = SYNTAX.items(opening, at, data[at.offset :], comma.plan, LIMITS)
    assert str(comma.read(item).record.goods_items[0].gross_mass.value) == "0.5"


def test_every_value_has_the_bytes_of_its_cell(plan, read, rows):
    data = rows(
        'B1,P1,O1,"Example, ""Ann""",1010,1,2,0.5, Mug ,2026-09-01',
        "B1,P2,O2,Bob,2020,1,1,,Towel,",
        "B1,P1,O1,,,0,3,,Spoon,",
    )
    found = read(data)
    item = found.items[0]
    raw = data[item.span.offset : item.span.offset + item.span.length]
    places = {leaf.steps[1:]: leaf for leaf in SYNTAX.leaves(item, found.opening, raw, plan)}
    texts = {steps: data[leaf.span.offset : leaf.span.offset + leaf.span.length] for steps, leaf in places.items()}
    assert texts[(("Buyer", 1),)] == b'Example, ""Ann""'
    assert texts[(("row", 1), ("Goods", 1))] == b"Mug"
    assert texts[(("row", 2), ("Goods", 1))] == b"Spoon"
    assert places[(("row", 2), ("Qty", 1))].span.line == 4
    assert (("row", 2), ("Weight", 1)) not in places


def test_a_trace_says_what_the_compiled_reader_reads(table, read, rows):
    data = rows(ROW, ROW.replace("Mug", "Cup").replace(",1,2,", ",0,1,"))
    found = read(data)
    item = found.items[0]
    trace = table.trace_read(item, data[item.span.offset :], found.opening)
    assert table.reader(item.body, item.equals) == trace.record
    assert trace.findings == ()
    assert all(entry.span for entry in trace.entries)
    entry = next(entry for entry in trace.entries if entry.model_path == "goods_items[2].description")
    assert (entry.message_path, entry.text, entry.span.line) == ("parcel/row[2]/Goods", "Cup", 3)
