"""Rows that are one item: adjacent or not, agreeing or not, with pieces that were opened or not."""

import io
from datetime import date

from adapters.syntax.tabular import SYNTAX, split
from gateway.mapping.protocols import Item, Limits, Opening, Slice
from gateway.mapping.registry import Registry, shipped

COLUMNS = "Box,Parcel,Order,Buyer,Zip,Piece,Qty,Weight,Goods,Made"
ON = date(2026, 9, 14)
A = "B1,P1,O1,Ann,1010,1,2,0.5,Mug,"
A2 = "B1,P1,O1,,,0,1,0.1,Spoon,"
B = "B1,P2,O2,Bob,2020,1,1,0.2,Towel,"
C = "B2,P1,O3,Cyd,3030,1,1,0.2,Vase,"


def goods(record):
    return [item.description for item in record.goods_items]


def test_rows_of_one_item_need_not_be_adjacent(records, rows):
    one, two, three = records(rows(A, B, A2, C))
    assert (one.item_id, goods(one), one.consignee.name) == ("P1", ["Mug", "Spoon"], "Ann")
    assert (two.item_id, goods(two)) == ("P2", ["Towel"])
    assert (three.item_id, three.receptacle_id) == ("P1", "B2")


def test_rows_that_do_not_agree_are_told_with_the_place_of_the_other(table, read, rows):
    (item,) = read(rows(A, A2.replace(",,,0", ",Eve,,0"))).items
    reading = table.read(item)
    assert reading.record.consignee.name == "Ann"
    (finding,) = reading.findings
    assert (finding.code, finding.values["element"], finding.source.line) == ("SRC401", "Buyer", 3)


def test_a_list_takes_each_text_once(records, rows):
    (one,) = records(rows(A, A2, A.replace("O1", "O9")))
    assert one.order_numbers == ("O1", "O9")


def test_a_row_that_goes_on_with_a_piece_that_none_opened_takes_its_item_aside(read, rows):
    found = read(rows(A, A2.replace("O1", "O8"), B))
    assert found.codes() == ["SRC410"]
    assert found.bad[0].findings[0].source.line == 3
    assert [item.body.findtext("Parcel") for item in found.items] == ["P2"]


def test_a_number_cut_by_a_spreadsheet_under_which_two_items_came_together_is_neither(read, rows):
    cut = "340434763452009000"
    found = read(rows(A.replace("P1", cut), B.replace("P2", cut)))
    assert found.codes() == ["SRC411"]


def test_rows_without_a_number_are_items_of_their_own(read, rows):
    found = read(rows(A.replace("P1", ""), A.replace("P1", "")))
    assert len(found.items) == 2


def test_the_bytes_of_an_item_between_others_are_its_own(read, rows):
    first, second = read(rows(A, B, A2)).items
    assert first.raw == f"{A}\n{A2}\n".encode()
    assert second.raw == b""  # its span is its own


def test_a_slice_never_cuts_an_item(read, rows):
    data = rows(A, B, A2, C, *(A.replace("P1", f"Q{n}") for n in range(10)))
    for size in (1, 2, 3, 100):
        found = read(data, size=size)
        assert [item.body.findtext("Parcel") for item in found.items][:3] == ["P1", "P2", "P1"]
        assert len(found.items) == 13
        assert all(one.items <= max(size, 2) for one in found.slices)


def test_items_that_are_mixed_are_divided_each_with_all_of_its_rows(plan, table, rows):
    data = rows(A, B, A2, B.replace("Towel", "Cloth"))
    opening, whole = [
        e for e in SYNTAX.slices(io.BytesIO(data), plan, 500, Limits()) if isinstance(e, (Opening, Slice))
    ]
    parts = list(SYNTAX.divided(opening, whole, data[whole.offset :], plan, Limits()))
    assert [(part.ordinal, part.items) for part in parts] == [(1, 1), (2, 1)]
    found = [
        goods(table.read(item).record)
        for part in parts
        for item in SYNTAX.items(opening, part, data[part.offset : part.offset + part.length], plan, Limits())
        if isinstance(item, Item)
    ]
    assert found == [["Mug", "Spoon"], ["Towel", "Cloth"]]


def test_too_wide_a_mixture_is_refused(read, rows, monkeypatch):
    monkeypatch.setattr(split, "MIXED", 5)
    data = rows(*(A.replace("P1", f"P{n}") for n in range(9)), *(A2.replace("P1", f"P{n}") for n in range(9)))
    assert read(data, size=2).refused == ["SRC414"]


def test_more_items_than_allowed_refuse_the_file(read, rows):
    data = rows(*(A.replace("P1", f"P{n}") for n in range(9)))
    assert "SRC214" in read(data, limits=Limits(items=5), size=2).refused


def test_without_the_word_group_each_row_is_an_item_with_its_own_goods(tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own/single.yaml").write_text(
        "format: own/single\nsyntax: tabular\nrecord: Consignment\nroot: parcel\n"
        "fields:\n  Parcel: item_id\n  .:\n    is: goods_items\n    fields: {Goods: description}\n"
    )
    table = Registry((tmp_path, shipped())).format("own/single", ON)
    data = b"Parcel,Goods\nP1,Mug\nP1,Spoon\n"
    opening, cut, _ = SYNTAX.slices(io.BytesIO(data), table.plan, 10, Limits())
    items = SYNTAX.items(opening, cut, data[cut.offset :], table.plan, Limits())
    assert [goods(table.read(item).record) for item in items] == [["Mug"], ["Spoon"]]


def test_cells_that_no_row_reads_are_values_too(table, read, rows):
    data = rows(f"{A},fragile", head=f"{COLUMNS},Remark")
    found = read(data)
    (item,) = found.items
    leaves = SYNTAX.leaves(item, found.opening, data[item.span.offset :], table.plan)
    (remark,) = [leaf for leaf in leaves if leaf.text == "fragile"]
    assert remark.steps == (("parcel", 1), ("row", 1), ("Remark", 1))
    assert data[remark.span.offset :][: remark.span.length] == b"fragile"
