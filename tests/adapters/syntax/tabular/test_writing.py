"""Items as CSV: what is written is read back, and no spreadsheet takes a text for a formula."""

import csv
import io

import pytest

from gateway.model import Consignment, GoodsItem, Party


def lines(data):
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def parcel(name="P1", **more):
    goods = (GoodsItem(order_number="O1", quantity=2, description="Mug"),)
    usual = {"order_numbers": ("O1",), "consignee": Party(name="Ann"), "goods_items": goods}
    return Consignment(item_id=name, **usual | more)


def test_an_item_is_a_file_of_its_own(table, records):
    text = table.write(parcel()).text
    assert records(text.encode()) == [parcel()]


def test_several_items_are_one_file_with_one_header(table, records):
    units = [table.write(parcel(name)).text for name in ("P1", "P2", "P3")]
    data = b"".join(table.frame(None, units))
    assert data.count(b"Parcel") == 1
    assert records(data) == [parcel(name) for name in ("P1", "P2", "P3")]


def test_pieces_are_opened_once(table):
    goods = tuple(GoodsItem(order_number=order, quantity=1) for order in ("O1", "O1", "O2"))
    text = table.write(parcel(order_numbers=("O1", "O2"), goods_items=goods)).text
    assert [line["Piece"] for line in lines(text.encode())] == ["1", "0", "1"]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1+1", "-cmd|'x'!A", "@SUM(1)"])
def test_a_formula_is_written_as_text_and_comes_back(name, table, records):
    text = table.write(parcel(consignee=Party(name=name))).text
    assert lines(text.encode())[0]["Buyer"] == f"'{name}"
    assert records(text.encode())[0].consignee.name == name


def test_numbers_below_zero_stay_numbers(table):
    text = table.write(parcel(goods_items=(GoodsItem(order_number="O1", quantity=-2),))).text
    assert lines(text.encode())[0]["Qty"] == "-2"


def test_what_is_required_and_missing_is_a_finding(table):
    written = table.write(parcel(name=None))
    assert written.text is None
    assert [finding.code for finding in written.findings] == ["TGT501"]


def test_separators_marks_and_lines_are_quoted(table, records):
    name = 'Example, "Ann"\nof the house'
    assert records(table.write(parcel(consignee=Party(name=name))).text.encode())[0].consignee.name == name
