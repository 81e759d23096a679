"""`gateway mapping fmt`, `lint` of files and `show --hash`, from outside."""

import shutil
from pathlib import Path

import pytest

from gateway.mapping.registry import shipped

TABLE = "upu/cusrsp-1"


@pytest.fixture
def table(tmp_path):
    """A copy of a shipped table in a folder of our own, its layout disturbed."""
    path = tmp_path / "own" / f"{TABLE}.yaml"
    path.parent.mkdir(parents=True)
    for suffix in (".yaml", ".csv"):
        shutil.copy(Path(shipped()) / f"{TABLE}{suffix}", path.with_suffix(suffix))
    path.write_text(path.read_text().replace("      late:", "      # said late\n      late:    "))
    return path


def test_table_is_written_in_the_canonical_layout_and_left_alone_then(gateway, table):
    first = gateway("mapping", "fmt", "--tables", "own")
    assert (first.code, first.out.splitlines()[-1]) == (0, "1 table, 1 formatted")
    text = table.read_text()
    assert "# said late" in text
    assert gateway("mapping", "fmt", "--tables", "own").out == "1 table, 0 formatted\n"
    assert table.read_text() == text


def test_check_changes_nothing_and_ends_with_one(gateway, table):
    before = table.read_text()
    said = gateway("mapping", "fmt", table, "--check", "--json")
    assert (said.code, said.codes, said.json["data"]["changed"]) == (1, ["MAP160"], [f"{TABLE}.yaml"])
    assert table.read_text() == before


def test_diff_shows_what_would_change(gateway, table):
    before = table.read_text()
    said = gateway("mapping", "fmt", TABLE, "--tables", "own", "--diff")
    assert said.code == 0
    assert [line for line in said.out.splitlines() if line.startswith("+") and "late:" in line]
    assert table.read_text() == before


def test_table_that_cannot_be_read_is_left_with_its_fault(gateway, table):
    table.write_text(table.read_text() + "  x: [\n")
    said = gateway("mapping", "fmt", table, "--json")
    assert (said.code, said.codes) == (1, ["MAP110"])


def test_unknown_format_is_a_usage_error(gateway):
    assert gateway("mapping", "fmt", "no/such").code == 2
    assert gateway("mapping", "lint", "no/such.yaml").code == 2


def test_file_is_linted_as_the_table_that_it_is(gateway, table):
    table.write_text(table.read_text().replace("is: item_id", "is: item_idd"))
    said = gateway("mapping", "lint", table, "--json")
    assert said.code == 1
    assert "MAP103" in said.codes
    assert said.json["data"]["formats"] == [TABLE]


def test_hash_that_an_overlay_names_is_shown_and_taken(gateway, table):
    said = gateway("mapping", "lint", table)
    assert "does not say what it was made from" in said.err
    layers = gateway("mapping", "show", TABLE, "--hash", "--tables", "own", "--json").json["data"]["layers"]
    assert [layer["file"] for layer in layers] == [str(Path("own") / f"{TABLE}.yaml"), str(shipped() / f"{TABLE}.yaml")]
    table.write_text(table.read_text().replace("syntax:", f"replaces: {layers[1]['hash']}\nsyntax:"))
    assert gateway("mapping", "lint", table).code == 0
    assert gateway("mapping", "show", TABLE, "--hash").out.startswith(layers[1]["hash"])


SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="parcel">
<xs:complexType><xs:sequence>
<xs:element name="id"/><xs:element name="class" minOccurs="0"/>
</xs:sequence></xs:complexType></xs:element></xs:schema>"""


def test_element_table_is_written_from_a_schema_and_rows_sorted_by_it(gateway, tmp_path):
    path = tmp_path / "own" / "p.yaml"
    path.parent.mkdir()
    (tmp_path / "p.xsd").write_text(SCHEMA)
    head = "format: own/p\ntitle: P\nsyntax: xml\ngrammar: own/p.csv\nrecord: Consignment\nroot: parcel\nfields:\n"
    path.write_text(f"{head}  class: mail_class\n  id: item_id\n")
    said = gateway("mapping", "fmt", "own/p.yaml", "--schema", "p.xsd", "--json")
    assert (said.code, said.json["data"]["changed"]) == (0, ["own/p.csv", "own/p.yaml"])
    assert [line.split(",")[0] for line in path.with_suffix(".csv").read_text().splitlines()[1:]] == [
        "parcel", "parcel/id", "parcel/class",
    ]  # fmt: skip
    assert [line.split()[0] for line in path.read_text().splitlines()[-2:]] == ["id:", "class:"]
    assert gateway("mapping", "fmt", "own/p.yaml", "--schema", "p.xsd", "--check").code == 0


def test_schema_is_for_one_table(gateway, tmp_path):
    (tmp_path / "p.xsd").write_text("no schema")
    assert gateway("mapping", "fmt", "--schema", "p.xsd").code == 2
    assert gateway("mapping", "fmt", TABLE, "--check", "--schema", "p.xsd", "--json").codes == ["MAP162"]
