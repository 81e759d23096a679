"""Rows of a text file: encodings, separators, quotation marks, cells over several lines, and what is broken."""

import pytest

from gateway.mapping.protocols import Limits

ONE = "B1,P1,O1,Ann Example,1010,1,2,0.5,Mug,2026-09-01"


def test_a_row_is_an_item(records, rows):
    (record,) = records(rows(ONE))
    assert (record.item_id, record.receptacle_id, record.order_numbers) == ("P1", "B1", ("O1",))
    assert record.goods_items[0].description == "Mug"
    assert str(record.goods_items[0].quantity) == "2"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_separator_and_line_end_is_read(separator, end, records, rows):
    data = rows(ONE, ONE.replace("P1", "P2")).replace(b",", separator.encode()).replace(b"\n", end.encode())
    assert [record.item_id for record in records(data)] == ["P1", "P2"]


def test_a_byte_order_mark_is_no_part_of_the_first_heading(records, rows):
    assert records(b"\xef\xbb\xbf" + rows(ONE))[0].receptacle_id == "B1"


def test_the_last_line_needs_no_end(records, rows):
    assert records(rows(ONE).rstrip(b"\n"))[0].goods_items[0].extension == {"made": "2026-09-01"}


def test_quoted_cells_hold_separators_marks_and_lines(records, rows):
    (one, two) = records(
        rows(
            'B1,P1,O1,"Example, Ann",1010,1,2,0.5,"Mug ""blue""\nwith handle, large",2026-09-01',
            ONE.replace("P1", "P2"),
        )
    )
    assert one.consignee.name == "Example, Ann"
    assert one.goods_items[0].description == 'Mug "blue"\nwith handle, large'
    assert two.item_id == "P2"


def test_lines_are_counted_over_cells_of_several_lines(read, rows):
    found = read(rows('B1,P1,O1,Ann,1010,1,2,0.5,"a\nb\nc",', ONE.replace("P1", "P2")))
    assert [item.span.line for item in found.items] == [2, 5]


def test_a_mark_inside_a_text_is_text(records, rows):
    (one, two) = records(rows('B1,P1,O1,Ann,1010,1,2,0.5,Screen 5" wide,', ONE.replace("P1", "P2")))
    assert one.goods_items[0].description == 'Screen 5" wide'
    assert two.item_id == "P2"


def test_an_open_mark_costs_its_own_lines_only(read, rows):
    data = rows('B1,P1,O1,"Ann,1010,1,2,0.5,Mug,', *(ONE.replace("P1", f"P{n}") for n in range(2, 6)))
    found = read(data)
    assert found.codes() == ["SRC407"]
    assert found.bad[0].id_hint == "P1"
    assert [item.body.findtext("Parcel") for item in found.items] == ["P2", "P3", "P4", "P5"]


def test_a_run_of_lines_that_nothing_can_be_made_of_is_one_item(read, rows):
    found = read(rows('"broken', 'more"of it"', "and more", ONE))
    assert len(found.bad) == 1
    assert len(found.bad[0].findings) == 3
    assert [item.body.findtext("Parcel") for item in found.items] == ["P1"]


@pytest.mark.parametrize(("cells", "code"), [("B1,P1,O1,Ann", "SRC405"), (ONE + ",one,more", "SRC406")])
def test_a_row_with_too_few_or_too_many_cells_goes_aside_with_its_item(cells, code, read, rows):
    found = read(rows(ONE.replace("P1", "P2"), cells, ONE.replace("Mug", "Cup")))
    assert found.codes() == [code]
    assert found.bad[0].id_hint == "P1"
    assert found.bad[0].findings[0].source.line == 3


def test_empty_cells_behind_the_last_column_are_no_fault(read, rows):
    assert read(rows(ONE + ",,", ONE.replace("P1", "P2"))).codes() == []


def test_windows_1252_is_read_with_a_warning(records, told, rows):
    data = rows(ONE.replace("Ann Example", "Zoë Müller")).decode().encode("cp1252")
    assert records(data)[0].consignee.name == "Zoë Müller"
    assert told(data) == [["SRC409"]]


def test_damaged_utf8_is_not_taken_for_windows_1252(read, rows):
    data = rows(ONE.replace("Ann Example", "Zoë Müller"), ONE.replace("P1", "P2"))
    found = read(data.replace("ü".encode(), b"\xc3"))
    assert found.codes() == ["SRC408"]
    assert len(found.items) == 1


def test_a_file_with_a_mark_of_utf8_is_read_as_nothing_else(read, rows):
    data = b"\xef\xbb\xbf" + rows(ONE).replace(b"Ann", b"Zo\xeb")
    assert read(data).codes() == ["SRC408"]


def test_blank_rows_are_skipped_and_counted(read, rows):
    found = read(rows(ONE, ",,,,,,,,,", "", "  , ,,,,,,,,", ONE.replace("P1", "P2")))
    assert len(found.items) == 2
    assert [(note.code, note.values["count"], note.source.line) for note in found.notes] == [("SRC412", "3", 3)]


@pytest.mark.parametrize("word", ["TOTAL", "Total:", "Summe", "Grand Total", "合计"])
def test_a_row_of_totals_is_told_and_not_read(word, read, rows):
    found = read(rows(ONE, f"{word},,,,,1,2,0.5,,"))
    assert len(found.outcomes) == 1
    assert [note.code for note in found.notes] == ["SRC413"]


def test_a_line_that_is_too_long_is_an_item_of_its_own_and_is_not_held(read, rows):
    found = read(rows("B1,P1,O1," + "x" * 5000, ONE.replace("P1", "P2")), limits=Limits(item_bytes=1000))
    assert found.codes() == ["SRC230"]
    assert [item.body.findtext("Parcel") for item in found.items] == ["P2"]
