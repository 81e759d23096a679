"""Tables of messages made of rows: what `group` means, and what lint says of it."""

from datetime import date

import pytest

from gateway.mapping.protocols import Divider, Scribe

ON = date(2026, 9, 14)
HEADER = """\
path,min,max,kind,format,facets,wco_id,name
Box,1,1,text,an..35,,,
Parcel,1,1,text,an..35,,,
Order,0,unbounded,text,an..70,,,
Street,0,1,text,an..70,,,
Goods,0,1,text,an..512,,,
"""
TABLE = """\
format: own/rows
title: Rows
syntax: tabular
grammar: own/rows.csv
record: Consignment
group: [Box, Parcel]
fields:
  Box: receptacle_id
  Parcel: item_id
  Order: order_numbers
  .:
    is: goods_items
    fields:
      Goods: description
"""


@pytest.fixture
def rows(folder):
    """A registry with the table, some words of it exchanged."""

    def put(*changes):
        table = TABLE
        for old, new in changes:
            assert old in table
            table = table.replace(old, new)
        folder.put("own/rows.csv", HEADER)
        folder.put("own/rows.yaml", table)
        return folder.registry()

    return put


def faults(registry):
    return [(fault.code, fault.source.line, fault.values.get("meant", "")) for fault in registry.faults("own/rows")]


def test_plain_rows_stand_in_the_item_and_a_list_in_each_of_its_rows(rows):
    plan = rows().plan("own/rows", ON)
    assert plan.group == ("Box", "Parcel")
    assert plan.framed
    assert [child.tag for child in plan.document.children] == ["Box", "Parcel", "Order", "row"]
    (row,) = [child for child in plan.document.children if child.opens is not None]
    assert [child.tag for child in row.children] == ["Goods"]
    assert row.repeats


def test_a_column_may_stand_once_in_a_row_and_as_often_as_its_header_says_in_an_item(rows):
    plan = rows(("Goods: description", "Order: order_number")).plan("own/rows", ON)
    *whole, row = plan.document.children
    assert [child.repeats for child in whole] == [False, False, True]
    assert [child.repeats for child in row.children] == [False]


def test_an_item_is_called_as_the_root_says(rows):
    assert rows().plan("own/rows", ON).document.path == "item"
    plan = rows(("group:", "root: parcel\ngroup:")).plan("own/rows", ON)
    assert plan.document.path == "parcel"


def test_a_good_table_has_no_faults(rows):
    assert faults(rows()) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "meant"),
    [
        ("[Box, Parcel]", "[Box, Parcl]", 6, "Parcel"),
        ("  Box:", "  Bx:", 8, "Box"),
        ("      Goods:", "      Gods:", 14, "Goods"),
    ],
)
def test_a_column_that_the_header_does_not_have_is_a_fault(old, new, line, meant, rows):
    assert faults(rows((old, new))) == [("MAP116", line, meant)]


def test_a_list_in_a_column_with_one_value_needs_to_be_made_one(rows):
    found = faults(rows(("  Order: order_numbers", "  Street: consignee.address.lines")))
    assert [code for code, *_ in found] == ["MAP113"]


def test_an_empty_group_makes_each_row_an_item(rows):
    assert rows(("[Box, Parcel]", "[]")).plan("own/rows", ON).group == ()


def test_without_a_group_a_root_is_needed(rows):
    codes = [code for code, *_ in faults(rows(("group: [Box, Parcel]\n", "")))]
    assert codes[0] == "MAP141"


def test_rows_are_written_by_their_own_syntax(rows):
    table = rows().format("own/rows", ON)
    assert isinstance(table.syntax, Scribe)
    assert isinstance(table.syntax, Divider)
    assert table.suffix == "csv"
    assert table.scanner is None
    assert table.writer(object()) is None
