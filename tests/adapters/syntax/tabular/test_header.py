"""The header: found by names, wherever it stands and however it is spelt."""

import pytest

from adapters.syntax.tabular import SYNTAX

ROW = "B1,P1,O1,Ann,1010,1,2,0.5,Mug,2026-09-01"
HEAD = "Box,Parcel,Order,Buyer,Zip,Piece,Qty,Weight,Goods,Made"


@pytest.mark.parametrize(
    "head",
    [
        "BOX,PARCEL,ORDER,BUYER,ZIP,PIECE,QTY,WEIGHT,GOODS,MADE",
        "box,Tracking No,order,buyer,zip,piece,qty,weight,goods,made",
        " Box , tracking_no,O r d e r,buyer.,zip,piece,qty,weight,goods,made",
        "Box,Tracking (No),order,buyer,zip,piece,[Qty],weight,goods,made",
        '"Box","Sendung","Order","Buyer","Zip","Piece","Qty","Weight","Goods","Made"',
    ],
)
def test_a_heading_may_be_spelt_in_many_ways(head, records, rows):
    assert records(rows(ROW, head=head))[0].item_id == "P1"


def test_columns_may_stand_in_any_order(records):
    data = b"Goods,Qty,Buyer,Order,Parcel\nMug,2,Ann,O1,P1\n"
    (record,) = records(data)
    assert (record.item_id, record.consignee.name, record.goods_items[0].description) == ("P1", "Ann", "Mug")


def test_titles_and_the_separator_line_of_spreadsheets_stand_before_it(read):
    data = f"sep=,\nMonthly list,,,\n\n{HEAD}\n{ROW}\n".encode()
    found = read(data)
    assert found.items[0].span.line == 5
    assert data[found.items[0].span.offset :].startswith(b"B1,")


def test_columns_of_others_are_told_once(read, rows):
    found = read(rows(f"{ROW},x", f"{ROW},y".replace("P1", "P2"), head=f"{HEAD},Colour"))
    assert [(note.code, note.values["columns"]) for note in found.notes] == [("SRC404", "Colour")]


@pytest.mark.parametrize(
    ("head", "code"),
    [(HEAD.replace("Parcel", "X"), "SRC402"), (HEAD + ",Parcel", "SRC403"), (HEAD + ",x" * 1200, "SRC422")],
)
def test_a_header_that_cannot_be_read_under_refuses_the_file(head, code, read, rows):
    assert read(rows(ROW, head=head)).refused == [code]


def test_a_file_of_a_header_alone_is_refused(read, rows):
    assert read(rows()).refused == ["SRC430"]


def test_a_file_is_recognised_by_its_header(plan, rows):
    assert SYNTAX.recognise(rows(ROW), (plan,)) == (plan,)
    assert SYNTAX.recognise(b"Name,Street\nAnn,Road\n", (plan,)) == ()
    assert SYNTAX.recognise(b"<a/>", (plan,)) == ()
    assert SYNTAX.recognise(b"", (plan,)) == ()


def test_the_identifier_of_an_unreadable_item_is_found_by_its_place(plan):
    assert SYNTAX.id_hint(ROW.encode(), plan) == "P1"
    assert SYNTAX.id_hint(b"P9;O1;Ann;2;Mug\n", plan) == "P9"  # an edition with what is always there
    assert SYNTAX.id_hint(b"what is this", plan) == ""
