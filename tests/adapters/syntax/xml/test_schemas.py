"""Official schemas: made of bytes in hand and nothing else; what of a document is not as they demand."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.syntax.xml import SYNTAX
from gateway.mapping.protocols import Validator

FOLDER = Path(__file__).resolve().parents[3] / "samples/schemas"
XSD = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
PARCEL = (
    '<Parcel xmlns="urn:example:parcel"><ID>RR473124829GB</ID><Name>Ada</Name>'
    '<Piece><Code>1</Code><Value currency="EUR">1.00</Value></Piece>'
    '<Piece><Code>2</Code><Value currency="EUR">2.00</Value></Piece></Parcel>'
)


@pytest.fixture(scope="module")
def files():
    return {p.relative_to(FOLDER).as_posix(): p.read_bytes() for p in FOLDER.rglob("*.xsd")}


@pytest.fixture(scope="module")
def schema(files):
    return SYNTAX.compiled(files, "parcel.xsd").schema


def codes(made):
    return [(one.code, one.source.file, one.source.line) for one in made.findings]


def test_xml_is_a_syntax_with_schemas():
    assert isinstance(SYNTAX, Validator)


def test_a_schema_takes_the_files_that_it_names(files):
    made = SYNTAX.compiled(files | {"other.xsd": b"<broken"}, "parcel.xsd")
    assert made.findings == () and set(made.used) == {"parcel.xsd", "parts/parts.xsd"}


def test_a_valid_document_has_no_breach(schema):
    assert schema.breaches(PARCEL.encode()) == ()


@pytest.mark.parametrize(
    ("old", "new", "path", "problem"),
    [
        ("<Code>2</Code>", "", "Parcel/Piece[2]/Value", "not expected. Expected is ( Code )"),
        ("<Name>Ada</Name>", "", "", ""),
        ("<ID>RR473124829GB</ID><Name>Ada</Name>", "<Name>Ada</Name><ID>RR473124829GB</ID>", "Parcel/Name", "( ID )"),
        ("RR473124829GB", "A B", "Parcel/ID", "the value is not accepted by the pattern '[A-Z]{2}\\d{9}[A-Z]{2}'"),
        (">2.00", ">two", "Parcel/Piece[2]/Value", "the value is not a valid value of the atomic type 'xs:decimal'"),
        ('<Value currency="EUR">2', "<Value>2", "Parcel/Piece[2]/Value", "'currency' is required"),
        ("Ada", "Ada Byron Lovelace", "Parcel/Name", "exceeds the allowed maximum length of '10'"),
        ("<Piece><Code>1", '<Piece kind="x"><Code>1', "Parcel/Piece/@kind", "not allowed"),
    ],
)
def test_a_breach_names_the_element_and_says_what_is_wrong(schema, old, new, path, problem):
    found = schema.breaches(PARCEL.replace(old, new).encode())
    assert [one.path for one in found] == ([path] if path else [])
    assert all(problem in one.problem and "urn:" not in one.problem for one in found)


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="<&"), min_size=11, max_size=60))
def test_what_a_document_says_is_never_quoted(schema, secret):
    text = PARCEL.replace("Ada", secret).replace("RR473124829GB", secret)
    assert not [one for one in schema.breaches(text.encode()) if len(secret.strip()) > 10 and secret in one.problem]


def test_the_line_is_that_of_the_document(schema):
    text = PARCEL.replace("<Value", "\n<Value").replace(">2.00", ">two")
    (found,) = schema.breaches(text.encode())
    assert text.splitlines()[found.line - 1].startswith('<Value currency="EUR">two')


@pytest.mark.parametrize(
    "location",
    ["http://example.org/a.xsd", "file:///etc/passwd", "/etc/passwd", "../a.xsd", "x/../../a.xsd", "C:\\a.xsd",
     "%2e%2e/a.xsd"],
)  # fmt: skip
def test_nothing_outside_is_ever_looked_at(location):
    text = f'<xs:schema {XSD}>\n<xs:include schemaLocation="{location}"/></xs:schema>'
    made = SYNTAX.compiled({"a.xsd": text.encode()}, "a.xsd")
    assert made.schema is None and codes(made) == [("CFG131", "a.xsd", 2)]


def test_a_file_that_is_not_there_is_named():
    text = f'<xs:schema {XSD}><xs:include schemaLocation="b.xsd"/></xs:schema>'
    made = SYNTAX.compiled({"a.xsd": text.encode()}, "a.xsd")
    assert codes(made) == [("CFG132", "a.xsd", 1)]


def test_blanks_and_capitals_in_names_do_no_harm(files):
    named = {"my schemas/Parts V 1.xsd": files["parts/parts.xsd"]}
    named["my schemas/Parcel V 1.xsd"] = files["parcel.xsd"].replace(b"parts/parts.xsd", b"PARTS_V 1.xsd")
    made = SYNTAX.compiled(named, "my schemas/Parcel V 1.xsd")
    assert [one.code for one in made.findings] == ["CFG133"] and len(made.used) == 2
    assert made.schema is not None and made.schema.breaches(PARCEL.encode()) == ()


def test_an_include_of_another_namespace_is_told_as_what_it_is(files):
    text = files["parcel.xsd"].replace(b'import namespace="urn:example:parts"', b"include")
    made = SYNTAX.compiled(files | {"parcel.xsd": text}, "parcel.xsd")
    assert made.schema is None and codes(made) == [("CFG134", "parcel.xsd", 5)]
    assert made.findings[0].values["namespace"] == "urn:example:parts"


def test_what_libxml2_refuses_is_told_with_file_and_line(files):
    text = files["parts/parts.xsd"].replace(b'base="xs:decimal"', b'base="xs:decimals"')
    made = SYNTAX.compiled(files | {"parts/parts.xsd": text}, "parcel.xsd")
    assert made.schema is None and ("CFG130", "parts/parts.xsd", 9) in codes(made)
    assert "decimals" in made.findings[0].values["problem"]


@pytest.mark.parametrize(
    "text",
    [
        b"<xs:schema",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>',
        b"",
    ],
)
def test_what_is_no_schema_is_refused(text):
    made = SYNTAX.compiled({"a.xsd": text}, "a.xsd")
    assert made.schema is None and {one.code for one in made.findings} == {"CFG130"}


def test_schemas_that_name_each_other_are_taken_once():
    def of(other):
        return f'<xs:schema {XSD}><xs:include schemaLocation="{other}"/><xs:element name="{other[0]}"/></xs:schema>'

    made = SYNTAX.compiled({"a.xsd": of("b.xsd").encode(), "b.xsd": of("a.xsd").encode()}, "a.xsd")
    assert made.schema is not None and set(made.used) == {"a.xsd", "b.xsd"}


def test_a_set_begins_where_no_other_leads(files):
    assert SYNTAX.beginnings(files) == ("parcel.xsd",)
    assert SYNTAX.beginnings(files | {"alone.xsd": f"<xs:schema {XSD}/>".encode()}) == ("parcel.xsd", "alone.xsd")


def test_a_chain_of_schemas_may_be_of_any_length():
    last = 2000
    named = {n: f'<xs:include schemaLocation="{n + 1}.xsd"/>' if n < last else "" for n in range(last + 1)}
    files = {f"{n}.xsd": f"<xs:schema {XSD}>{inside}</xs:schema>".encode() for n, inside in named.items()}
    made = SYNTAX.compiled(files, "0.xsd")
    assert (made.findings, len(made.used)) == ((), last + 1) and made.schema is not None
