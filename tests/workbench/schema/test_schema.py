"""Element tables derived from schemas and compared with them: our own schemas, and those of a real authority."""

import os
from pathlib import Path

import pytest

from gateway.mapping import grammar
from gateway.mapping.registry import Registry
from gateway.workbench.schema.declarations import SchemaUnreadable
from gateway.workbench.schema.derive import Schema
from gateway.workbench.schema.grammar import derived

HERE = Path(__file__).parent
DATA = Path(os.environ.get("GATEWAY_SHARED_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
UK = DATA / "uk-cds" / "schemas" / "wco"


def rows(*wanted, schemas=("parcel.xsd",), document="Parcel"):
    return [fact.row() for fact in Schema([HERE / name for name in schemas]).facts(document, {document, *wanted})]


def test_what_rows_use_comes_with_what_is_beside_it_and_what_must_stand():
    assert rows("Parcel/ID", "Parcel/Weight") == [
        ("Parcel", "1", "1", "group", "", "", "", ""),
        ("Parcel/ID", "1", "1", "element", "an13", r"pattern=[A-Z]{2}\d{9}[A-Z]{2}", "D023", "Identifier of the item"),
        ("Parcel/Weight", "0", "1", "element", "n..6,3", "", "", ""),
        ("Parcel/Weight/@unit", "1", "1", "attribute", "", "", "", ""),
        ("Parcel/Gift", "0", "1", "element", "", "", "", ""),
        ("Parcel/Sale", "0", "1", "element", "", "", "", ""),
        ("Parcel/Sender", "1", "1", "group", "", "", "", ""),
        ("Parcel/Sender/Name", "1", "1", "element", "", "", "", ""),
        ("Parcel/Sender/Phone", "0", "1", "element", "", "", "", ""),
        ("Parcel/Piece", "0", "unbounded", "group", "", "", "", ""),
        ("Parcel/Class", "0", "1", "element", "", "enum=U|C", "", ""),
    ]


def test_type_that_holds_itself_is_followed_as_far_as_rows_go():
    found = [row[0] for row in rows("Parcel/Piece/Piece/Text") if "Piece" in row[0]]
    assert found == [
        "Parcel/Piece",
        "Parcel/Piece/Number",
        "Parcel/Piece/Text",
        "Parcel/Piece/Piece",
        "Parcel/Piece/Piece/Number",
        "Parcel/Piece/Piece/Text",
        "Parcel/Piece/Piece/Piece",
    ]


def test_second_schema_stands_where_the_first_one_has_any_element():
    found = rows("Envelope/Parcel/ID", schemas=("envelope.xsd", "parcel.xsd"), document="Envelope")
    assert [row[0] for row in found][:4] == ["Envelope", "Envelope/To", "Envelope/Parcel", "Envelope/Parcel/ID"]
    assert found[2][1:3] == ("1", "1")


@pytest.mark.parametrize("text", ["no schema", "<a/>", '<!DOCTYPE a [<!ENTITY e SYSTEM "parcel.xsd">]><a>&e;</a>'])
def test_what_is_no_schema_is_refused(tmp_path, text):
    (tmp_path / "a.xsd").write_text(text)
    with pytest.raises(SchemaUnreadable):
        list(Schema([tmp_path / "a.xsd"]).facts("Parcel", {"Parcel"}))


TABLE = """\
format: own/parcel
title: A parcel
syntax: xml
namespaces: {"": urn:example:parcel}
grammar: own/parcel.csv
record: Consignment
root: Parcel
fields:
  Class:  mail_class
  ID:     item_id
  Weight: {is: gross_mass, unit: "@unit"}
"""


@pytest.fixture
def own(tmp_path):
    """Derives the element table of a table of our own; `csv` is what stands there already."""

    def put(csv=""):
        (tmp_path / "own").mkdir(exist_ok=True)
        (tmp_path / "own" / "parcel.yaml").write_text(TABLE)
        if csv:
            (tmp_path / "own" / "parcel.csv").write_text("path,min,max,kind,format,facets,wco_id,name\n" + csv)
        registry = Registry([tmp_path])
        (head,) = [head for head in registry.heads() if head.format == "own/parcel"]
        return derived(registry, head, [HERE / "parcel.xsd"])

    return put


def test_table_without_an_element_table_gets_one_that_it_can_be_built_with(own, tmp_path):
    found = own()
    assert (found.path, found.before, found.findings) == (tmp_path / "own" / "parcel.csv", "", ())
    found.path.write_text(found.after)
    assert [f.code for f in Registry([tmp_path]).faults("own/parcel") if f.severity == "error"] == []
    assert list(grammar.load([found.path]).children["Parcel"].children)[:2] == ["ID", "Weight"]
    assert own().after == found.after


def test_rows_that_the_element_table_lacks_are_put_in_order_and_others_left_alone(own):
    found = own("# ours\nParcel,1,1,group,,,,our own word\nParcel/Class,0,1,element,an1,enum=U,,class\n")
    lines = found.after.splitlines()
    assert lines[0] == "# ours"
    assert "Parcel,1,1,group,,,,our own word" in lines
    assert "Parcel/Class,0,1,element,an1,enum=U,,class" in lines  # narrower than the schema, as a profile is
    assert [line.split(",")[0] for line in lines[2:]] == [
        "Parcel", "Parcel/ID", "Parcel/Weight", "Parcel/Weight/@unit", "Parcel/Sender", "Parcel/Sender/Name",
        "Parcel/Class",
    ]  # fmt: skip


def test_element_table_that_is_wider_than_its_schema_is_told(own):
    found = own(
        'Parcel,1,1,group,,,,\nParcel/Weight,0,2,element,"n..7,3",,,\nParcel/ID,0,1,element,an13,,145,\n'
        "Parcel/Class,0,1,element,an..3,enum=U|E,,\nParcel/Colour,0,1,element,,,,\nParcel/Piece,0,1,element,,,,\n"
    )  # fmt: skip
    told = sorted((f.code, f.values["path"], f.values.get("said", "")) for f in found.findings)
    assert told == [
        ("MAP157", "Parcel/ID", ""),
        ("MAP157", "Parcel/Piece", ""),
        ("MAP163", "Parcel/Class", "the values U|E"),
        ("MAP163", "Parcel/ID", "WCO id 145"),
        ("MAP163", "Parcel/ID", "no pattern"),
        ("MAP163", "Parcel/ID", "that it may be missing (min 0)"),
        ("MAP163", "Parcel/Piece", "element"),
        ("MAP163", "Parcel/Weight", "'n..7,3'"),
        ("MAP163", "Parcel/Weight", "at most 2"),
        ("MAP164", "Parcel/Sender", ""),
        ("MAP164", "Parcel/Weight/@unit", ""),
        ("MAP165", "Parcel/Colour", ""),
    ]


@pytest.mark.skipif(not UK.is_dir(), reason="needs the published schemas (GATEWAY_SHARED_DATA)")
@pytest.mark.parametrize(
    ("name", "folder", "message"),
    [
        ("customs/wco/declaration-3.6", "declaration", "WCO_DEC_2_DMS.xsd"),
        ("customs/uk/response", "notification", "WCO_RES_2_DMS.xsd"),
    ],
)
def test_shipped_element_table_holds_the_facts_of_the_published_schema(name, folder, message):
    registry = Registry()
    (head,) = [head for head in registry.heads() if head.format == name]
    found = derived(registry, head, [UK / folder / "DocumentMetaData_2_DMS.xsd", UK / folder / message])
    assert found.findings == ()
    assert found.after == found.before
