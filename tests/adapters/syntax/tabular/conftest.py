"""A small table of rows, files made for it, and a reader that checks that nothing is lost on the way."""

import io
import zipfile
from dataclasses import dataclass, field
from datetime import date
from xml.sax.saxutils import escape

import pytest

from adapters.syntax.tabular import SYNTAX
from gateway.mapping.protocols import Bad, Closing, Item, Limits, Opening
from gateway.mapping.registry import Registry

ON = date(2026, 9, 14)
HEADER = """\
path,min,max,kind,format,facets,wco_id,name
Box,0,1,id,an..35,,,
Parcel,1,1,id,an..35,alias=Tracking No|Sendung,,
Order,1,unbounded,text,an..70,,,
Buyer,1,1,text,an..70,,,
Zip,0,1,code,an..17,,,
Piece,0,1,opens,n..5,by=Order,,
Qty,1,1,number,"n..16,6",,,
Weight,0,1,number,"n..16,6",,,
Goods,1,1,text,an..512,,,
Made,0,1,date,an..35,,,
"""
TABLE = """\
format: own/rows
syntax: tabular
grammar: own/rows.csv
record: Consignment
root: parcel
group: [Box, Parcel]
fields:
  Box: receptacle_id
  Parcel: {is: item_id, required: true}
  Order: order_numbers
  Buyer: consignee.name
  Zip: consignee.address.postcode
  .:
    is: goods_items
    fields:
      Order: order_number
      Qty: {is: quantity, required: true}
      Weight: {is: gross_mass, unit: KGM}
      Goods: description
      Made: extension.made
"""
COLUMNS = "Box,Parcel,Order,Buyer,Zip,Piece,Qty,Weight,Goods,Made"


@dataclass
class Found:
    """What was found in one file, in its order."""

    opening: Opening | None = None
    slices: list = field(default_factory=list)
    outcomes: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    refused: list = field(default_factory=list)

    @property
    def items(self):
        return [one for one in self.outcomes if isinstance(one, Item)]

    @property
    def bad(self):
        return [one for one in self.outcomes if isinstance(one, Bad)]

    def codes(self):
        return [finding.code for one in self.bad for finding in one.findings]


@pytest.fixture(scope="session")
def table(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    (folder / "own").mkdir()
    (folder / "own/rows.yaml").write_text(TABLE)
    (folder / "own/rows.csv").write_text(HEADER)
    return Registry([folder]).format("own/rows", ON)


@pytest.fixture(scope="session")
def plan(table):
    return table.plan


@pytest.fixture(scope="session")
def read(plan):
    """Split and read a file; ordinals, lines and counts are checked on the way."""

    def reading(data, limits=None, size=500):
        limits, found = limits or Limits(), Found()
        for event in SYNTAX.slices(io.BytesIO(data), plan, size, limits):
            if isinstance(event, Opening):
                found.opening = event
            elif isinstance(event, Closing):
                found.notes += event.findings
                assert event.items == len(found.outcomes)
            elif isinstance(event, Bad):
                found.refused += [finding.code for finding in event.findings]
            else:
                found.slices.append(event)
                stretch = data[event.offset : event.offset + event.length]
                outcomes = list(SYNTAX.items(found.opening, event, stretch, plan, limits))
                assert len(outcomes) == event.items
                assert [one.ordinal for one in outcomes] == [*range(event.ordinal, event.ordinal + event.items)]
                found.outcomes += outcomes
        assert [one.ordinal for one in found.outcomes] == [*range(1, len(found.outcomes) + 1)]
        return found

    return reading


@pytest.fixture(scope="session")
def rows():
    """A file of rows under the usual header."""
    return lambda *lines, head=COLUMNS: "\n".join([head, *lines, ""]).encode()


@pytest.fixture(scope="session")
def records(table, read):
    """What the items of a file say."""
    return lambda data: [table.read(item).record for item in read(data).items]


@pytest.fixture(scope="session")
def told(table, read):
    """The codes of all findings of reading, item by item."""
    return lambda data: [[finding.code for finding in table.read(item).findings] for item in read(data).items]


@pytest.fixture(scope="session")
def workbook():
    """A workbook of one sheet (ECMA-376): texts as inline strings, numbers as numbers."""

    def made(rows, *, more=(), changes=()):
        sheets = "".join(
            f'<row r="{number}">{"".join(map(cell, values))}</row>' for number, values in enumerate(rows, 1) if values
        )
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", TYPES)
            archive.writestr("_rels/.rels", RELATIONS.format(type="officeDocument", target="xl/workbook.xml"))
            archive.writestr("xl/workbook.xml", BOOK)
            archive.writestr(
                "xl/_rels/workbook.xml.rels", RELATIONS.format(type="worksheet", target="worksheets/sheet1.xml")
            )
            archive.writestr(
                "xl/worksheets/sheet1.xml",
                changed(f'<worksheet xmlns="{MAIN}"><sheetData>{sheets}</sheetData></worksheet>', changes),
            )
            for name, data in more:
                archive.writestr(name, data)
        return out.getvalue()

    return made


def changed(text, changes):
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def cell(value):
    if value is None:
        return "<c/>"
    if isinstance(value, (int, float)):
        return f"<c><v>{value!r}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/{{type}}" Target="{{target}}"/></Relationships>'
)
BOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Items" sheetId="1" r:id="r1"/></sheets></workbook>'
)
