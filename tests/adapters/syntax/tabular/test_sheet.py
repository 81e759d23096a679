"""Workbooks: the first sheet, its numbers and days, what is damaged, and what is more than it seems."""

import io

import pytest

from adapters.syntax.tabular import SYNTAX, sheet
from gateway.mapping.protocols import Limits, Slice

HEAD = ["Box", "Parcel", "Order", "Buyer", "Zip", "Piece", "Qty", "Weight", "Goods", "Made"]
ROW = ["B1", "P1", "O1", "Ann", "1010", 1, 2, 0.5, "Mug", "2026-09-01"]


def but(**cells):
    return [cells.get(name, value) for name, value in zip(HEAD, ROW, strict=True)]


def test_a_sheet_says_what_the_same_text_says(records, rows, workbook):
    text = rows("B1,P1,O1,Ann,1010,1,2,0.5,Mug,2026-09-01", "B1,P2,O1,Ann,1010,1,2,0.5,Mug,2026-09-01")
    assert records(workbook([HEAD, ROW, but(Parcel="P2")])) == records(text)


def test_a_row_stands_at_its_number_in_the_whole_file(read, workbook):
    data = workbook([["A title"], [], HEAD, ROW, [], but(Parcel="P2")])
    found = read(data)
    assert [(item.span.offset, item.span.length, item.span.line) for item in found.items] == [
        (0, len(data), 4),
        (0, len(data), 6),
    ]
    assert [note.code for note in found.notes] == ["SRC412"]


def test_slices_of_a_workbook_are_runs_of_its_rows(read, workbook):
    data = workbook([HEAD, *(but(Parcel=f"P{n % 5}", Qty=n + 1) for n in range(12))])
    whole = read(data)
    for size in (1, 2, 4):
        found = read(data, size=size)
        assert [item.raw for item in found.items] == [item.raw for item in whole.items]
        assert len(found.slices) == -(-5 // size)


def test_the_place_of_a_value_is_its_row(plan, read, workbook):
    data = workbook([HEAD, ROW, but(Parcel="P2"), but(Piece=0, Goods="Cup")])
    found = read(data)
    leaves = {leaf.steps[1:]: leaf for leaf in SYNTAX.leaves(found.items[0], found.opening, data, plan)}
    assert leaves[(("row", 2), ("Goods", 1))].span.line == 4


def test_numbers_in_cells_of_names_are_told(told, records, workbook):
    data = workbook([HEAD, but(Zip=1010)])
    assert told(data) == [["SRC417"]]
    assert records(data)[0].consignee.address.postcode == "1010"


def test_a_name_of_many_digits_in_a_number_cell_is_seen_to_be_damaged(records, workbook):
    assert records(workbook([HEAD, but(Parcel=340434763452009007)]))[0].item_id == "3.40434763452009E+17"


def test_a_number_cell_is_the_day_that_it_counts(records, workbook):
    assert records(workbook([HEAD, but(Made=45931)]))[0].goods_items[0].extension == {"made": "2025-10-01"}


@pytest.mark.parametrize("cut", [30, 200, -40])
def test_a_damaged_workbook_is_refused(cut, read, workbook):
    assert read(workbook([HEAD, ROW])[:cut]).refused == ["SRC424"]


def test_a_workbook_that_unpacks_to_too_much_is_not_opened(read, workbook, monkeypatch):
    monkeypatch.setattr(sheet, "UNPACKED", 1_000_000)
    bomb = workbook([HEAD, ROW], more=[("xl/media/zeros.bin", b"\0" * 3_000_000)])
    assert len(bomb) < 20_000
    assert read(bomb).refused == ["SRC425"]


def test_a_workbook_is_recognised_by_its_header(plan, workbook):
    assert SYNTAX.recognise(workbook([HEAD, ROW]), (plan,)) == (plan,)
    assert SYNTAX.recognise(workbook([["Name"], ["Ann"]]), (plan,)) == ()


def test_of_the_head_of_a_large_workbook_only_its_kind_is_seen(plan, workbook):
    assert SYNTAX.recognise(workbook([HEAD, ROW])[:700], (plan,)) == (plan,)


def test_a_workbook_is_divided_by_its_rows(plan, read, workbook):
    data = workbook([HEAD, *(but(Parcel=f"P{n}") for n in range(5))])
    found = read(data)
    (whole,) = found.slices
    parts = list(SYNTAX.divided(found.opening, whole, data, plan, Limits()))
    assert parts == [Slice(1, 1, 0, len(data), 2, 3), Slice(1, 4, 0, len(data), 5, 2)]


def test_hidden_rows_formulas_and_merged_cells_are_told(read, workbook):
    data = workbook(
        [HEAD, ROW, but(Parcel="P2")],
        changes=[
            ('<row r="3">', '<row r="3" hidden="1">'),
            ("<c><v>0.5</v></c>", '<c r="H2"><f>G2*0.25</f><v>0.5</v></c>'),
            ("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="D2:D3"/></mergeCells>'),
        ],
    )
    found = read(data)
    assert [(note.code, note.source.line, note.values["cell"]) for note in found.notes] == [
        ("SRC431", 3, "3"),
        ("SRC432", 2, "H2"),
        ("SRC433", 2, "D2:D3"),
    ]
    assert len(found.items) == 2  # read all the same, a formula by its last result
    assert found.items[0].body.children[-1].findtext("Weight") == "0.5"


def test_other_archives_are_no_workbooks(read):
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    assert read(out.getvalue()).refused == ["SRC424"]


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c s="0" r = "XFD1048576" ><v>1</v></c></row>',
        '<row r="1048576">' + "<c><v>1</v></c>" * 30 + "</row>",
        '<row r="4294967295"><c r="A4294967295"><v>1</v></c></row>',
        f'<row r="1"><c r="A{"9" * 9_000}"><v>1</v></c></row>',
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_cell_far_away_opens_no_empty_rectangle(cells, read, workbook):
    far = workbook([HEAD, ROW], more=[("xl/worksheets/sheet1.xml", SHEET.format(cells))])
    assert len(far) < 20_000
    assert read(far).refused == ["SRC425"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_text_that_thousands_of_cells_share_is_not_copied(read, workbook):
    cells = "".join(f'<c r="A{row}" t="s"><v>0</v></c>' for row in range(1, 2_000))
    shared = f"<sst><si><t>{'A' * 200_000}</t></si></sst>"
    bomb = workbook(
        [HEAD, ROW], more=[("xl/worksheets/sheet1.xml", SHEET.format(cells)), ("xl/sharedStrings.xml", shared)]
    )
    assert len(bomb) < 50_000
    assert read(bomb).refused == ["SRC425"]
