"""What a grammar asks of a message: findings with place and row, nothing dropped in silence."""

import pytest

GRAMMAR = """
    list,1,1,group,,,,
    list/parcel,1,unbounded,group,,,42A,
    list/parcel/id,1,1,element,an..13,,D023,
    list/parcel/class,0,1,element,a1,,,
    list/parcel/weight,0,1,element,"n..16,3",,131,
    list/parcel/units,0,1,element,n..3,,,
    list/parcel/kind,0,1,element,an..9,enum=gift|sale,,
    list/parcel/code,0,1,element,an..9,pattern=[A-Z]+\\d,,
    list/parcel/line,0,2,element,an..5,,,
    list/parcel/image,0,1,element,an..9,,,
    list/parcel/party,0,1,group,,,30A,
    list/parcel/party/name,1,1,element,an..9,,,
"""
ROWS = """
    id: item_id
    class: mail_class
    weight: {is: gross_mass, unit: KGM}
    units: package_count
    kind: object_type
    code: handling_class
    line: consignee.address.lines
    party/name: consignor.name
"""


@pytest.fixture
def parcel(desk):
    table = desk(ROWS, root="list/parcel", grammar=GRAMMAR)
    return lambda inner: table.trace(f"<list>\n<parcel>\n{inner}\n</parcel>\n</list>")


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("<id>12345678901234</id>", "SRC250"),
        ("<id>1</id><class>1</class>", "SRC251"),
        ("<id>1</id><class>UU</class>", "SRC250"),
        ("<id>1</id><kind>loan</kind>", "SRC252"),
        ("<id>1</id><code>a1</code>", "SRC251"),
        ("<class>U</class>", "SRC253"),
        ("<id> </id>", "SRC253"),
        ("<id>1</id><party/>", "SRC253"),
        ("<id>1</id><colour>red</colour>", "SRC254"),
        ("<id>1</id><image>x</image>", "SRC255"),
        ("<id>1</id><id>2</id>", "SRC256"),
        ("<id>1</id><id>1</id>", "SRC256"),
        ("<class>U</class><id>1</id>", "SRC257"),
        ("<id>1</id><weight>1,5</weight>", "SRC260"),
        ("<id>1</id><units>1.5</units>", "SRC260"),
        ("<id>1</id><weight>1.2345</weight>", "SRC263"),
        ("<id>1</id><weight>12345678901234567</weight>", "SRC263"),
        ("<id note='x'>1</id>", "SRC271"),
        ("some words <id>1</id>", "SRC272"),
        ("<id>1</id> and more", "SRC272"),
        ("<id>1</id><line>a</line><line>b</line><line>c</line>", "SRC276"),
        ("<id>1<b>2</b></id>", "SRC254"),
    ],
)
def test_every_breach_is_one_finding(parcel, inner, code):
    assert [finding.code for finding in parcel(inner).findings] == [code]


def test_what_fits_is_read_without_findings(parcel):
    trace = parcel("<id>1</id><class>U</class><weight>1.500</weight><units>2</units><kind>gift</kind><code>AB1</code>")
    assert trace.findings == ()
    assert trace.record.gross_mass.value == trace.record.gross_mass.value.__class__("1.500")


def test_several_breaches_are_several_findings(parcel):
    found = parcel("<class>11</class><colour>red</colour><weight>x</weight>").findings
    assert {finding.code for finding in found} >= {"SRC253", "SRC254", "SRC260"}


def test_finding_says_where_it_stands_and_by_which_row(parcel):
    (found,) = parcel("<id>1</id>\n<weight>heavy</weight>").findings
    assert (found.source.path, found.source.line) == ("parcel/weight", 4)
    assert (found.row.file, found.row.line) == ("own/table.yaml", 10)
    assert (found.model_path, found.wco_id) == ("gross_mass", "131")


def test_empty_optional_elements_say_nothing(parcel):
    trace = parcel("<id>1</id><class/><weight></weight>")
    assert (trace.findings, trace.record.mail_class, trace.record.gross_mass) == ((), None, None)


def test_element_of_another_namespace_is_unknown(desk):
    table = desk("id: item_id", head='namespaces: {"": urn:a}')
    text = '<parcel xmlns="urn:a" xmlns:b="urn:b"><id>1</id><b:id>2</b:id></parcel>'
    assert [(f.code, f.source.path) for f in table.trace(text).findings] == [("SRC255", "parcel/id[2]")]


def test_schema_locations_are_no_part_of_what_is_said(desk):
    text = '<parcel xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b"><id>1</id></parcel>'
    assert desk("id: item_id").codes(text) == []


def test_comments_sections_and_references_are_text_or_nothing(desk):
    table = desk("name: consignee.name")
    text = "<parcel><!-- one --><name><![CDATA[A & B]]> &lt;C&gt;<!-- two --> &#233;</name></parcel>"
    assert table.read(text).consignee.name == "A & B <C> é"
