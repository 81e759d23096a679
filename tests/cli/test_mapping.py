"""Tables from the command line: linted, shown, compiled; own tables before the shipped ones."""

import shutil
from pathlib import Path

import pytest

from gateway.mapping.registry import shipped
from tests.cli.messages import itmatt

TABLE = "upu/itmatt-1.5"


@pytest.fixture
def overlay(tmp_path):
    for suffix in (".yaml", ".csv"):
        target = tmp_path / "own" / f"{TABLE}{suffix}"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(shipped()) / f"{TABLE}{suffix}", target)
    return tmp_path / "own"


def test_shipped_tables_have_no_faults(gateway):
    said = gateway("mapping", "lint", "--json")
    assert said.code == 0
    assert {finding["severity"] for finding in said.json["findings"]} <= {"info"}
    assert TABLE in said.json["data"]["formats"]


def test_fault_of_a_table_has_line_and_suggestion(gateway, overlay):
    table = overlay / f"{TABLE}.yaml"
    table.write_text(table.read_text().replace("check: s10", "chek: s10"))
    line = next(n for n, text in enumerate(table.read_text().splitlines(), 1) if "chek" in text)
    said = gateway("mapping", "lint", TABLE, "--tables", overlay, "--json")
    assert said.code == 1
    (finding,) = [each for each in said.json["findings"] if each["code"] == "MAP101"]
    assert finding["source"]["line"] == line
    assert "did you mean 'check'?" in finding["message"]


def test_fault_of_a_table_is_shown_with_its_line(gateway, overlay):
    table = overlay / f"{TABLE}.yaml"
    table.write_text(table.read_text().replace("check: s10", "chek: s10"))
    assert "chek: s10" in gateway("mapping", "lint", TABLE, "--tables", overlay).err


def test_table_that_is_at_fault_stops_its_use_as_configuration(gateway, overlay, tmp_path):
    table = overlay / f"{TABLE}.yaml"
    table.write_text(table.read_text().replace("check: s10", "chek: s10"))
    (tmp_path / "a.xml").write_text("<a/>")
    assert gateway("check", tmp_path / "a.xml", "--as", TABLE, "--tables", overlay).code == 3


def test_show_names_element_field_and_row(gateway):
    rows = gateway("mapping", "show", TABLE, "--json").json["data"]["rows"]
    (hs_code,) = [row for row in rows if row["message_path"].endswith("content-piece/hs-code")]
    assert hs_code["model_path"] == "consignments.goods_items.hs_code"
    assert hs_code["row"]["file"].endswith("upu/itmatt-1.5.yaml")


@pytest.mark.parametrize("name", [TABLE, "customs/uk/h7", "customs/uk/response"])
def test_compiled_form_is_python(gateway, name):
    code = gateway("mapping", "show", name, "--compiled", "--json").json["data"]
    assert code["read"]
    for text in (code["read"], code["write"]):
        compile(text, name, "exec")


def test_cases_of_shipped_tables_hold(gateway):
    said = gateway("mapping", "test", "--no-mutations", "--json")
    assert said.code == 0
    assert set(said.codes) <= {"MAP304"}  # exceptions from the two-way law, listed
    assert all(said.json["data"]["cases"].values())


def test_row_that_no_case_would_miss_is_named(gateway, overlay):
    table = overlay / f"{TABLE}.yaml"
    table.write_text(table.read_text().replace("{is: item_id,", "{is: item_id, default: UNKNOWN,"))
    said = gateway("mapping", "test", TABLE, "--tables", overlay)
    assert said.code == 1
    assert "error[MAP301]: no case notices when `default: UNKNOWN` is deleted from 'item-id'" in said.err
    assert f"--> {TABLE}.yaml:" in said.err
    assert "1 unnoticed" in said.out


def test_case_that_fails_shows_the_difference_without_colour_where_there_is_no_terminal(gateway, overlay):
    case = overlay / "upu/cases/itmatt-1.5/every-element.in"
    case.parent.mkdir(parents=True)
    shutil.copy(Path(shipped()) / "upu/cases/itmatt-1.5/every-element.in", case)
    said = gateway("mapping", "test", TABLE, "--tables", overlay)
    assert said.code == 1
    assert '+  "item_id": "RR473124829GB",' in said.out.splitlines()
    assert "\x1b" not in said.out
    assert "no row was deleted" in said.out


def test_update_names_the_files_it_wrote(gateway, overlay):
    case = overlay / "upu/cases/itmatt-1.5/one.in"
    case.parent.mkdir(parents=True)
    case.write_text(itmatt(1))
    said = gateway("mapping", "test", TABLE, "--update", "--tables", overlay)
    assert f"{case.with_suffix('.out')}: look at it" in said.out
    assert case.with_suffix(".out").exists()


def test_file_that_is_no_table_is_named_and_not_listed(gateway, tmp_path):
    (tmp_path / "x.yaml").write_text("foo: [")
    said = gateway("formats", "--tables", tmp_path)
    assert "x.yaml: no table" in said.err
    assert all(line.split()[0] != "read" for line in said.out.splitlines())


def test_coverage_is_one_matrix_with_ids_and_names(gateway):
    said = gateway("mapping", "coverage", TABLE, "customs/uk/h7")
    assert said.code == 0
    row = next(line.split() for line in said.out.splitlines() if "Consignment.goods_items.net_mass" in line)
    assert row == ["rw", "·", "Consignment.goods_items.net_mass", "128", "Net", "net", "weight"]
    assert "in none of these formats; --all lists them" in said.out


def test_coverage_as_csv_page_and_json_is_the_same_matrix(gateway, tmp_path):
    sheet = gateway("mapping", "coverage", TABLE, "--csv").out.splitlines()
    elements = gateway("mapping", "coverage", TABLE, "--json").json["data"]["elements"]
    assert gateway("mapping", "coverage", TABLE, "--html", tmp_path / "matrix.html").code == 0
    page = (tmp_path / "matrix.html").read_text()
    assert len(sheet) - 1 == len(elements) == page.count('scope="row"')


def test_coverage_tells_before_the_first_message_what_a_second_source_must_give(gateway):
    said = gateway("mapping", "coverage", "--from", TABLE, "--to", "customs/uk/h7")
    assert said.code == 0
    assert "0 without any source, 2 for the filer to say" in said.out
    back = gateway("mapping", "coverage", "--from", "customs/uk/h7", "--to", TABLE, "--json")
    assert back.code == 1
    lacking = {row["model"]: row for row in back.json["data"]["required"] if row["by"] == "nobody"}
    assert (lacking["posted_at"]["why"], lacking["posted_at"]["wco"]) == ("required", "023")


def test_coverage_of_files_lists_what_no_row_carries_and_says_so_by_its_code(gateway, tmp_path):
    (tmp_path / "a.xml").write_text(itmatt(2))
    said = gateway("mapping", "coverage", "--on", "a.xml")
    assert (said.code, "100.00%" in said.out) == (0, True)
    (tmp_path / "b.xml").write_text(itmatt(2).replace("</m33:item>", "<m33:colour>red</m33:colour></m33:item>"))
    said = gateway("mapping", "coverage", "--on", "a.xml", "b.xml", "--json")
    (rest,) = said.json["data"]["formats"][TABLE]["rest"]
    assert (said.code, rest["element"], rest["values"], rest["example"]["text"]) == (1, "item/colour", 2, "red")


def test_coverage_wants_both_sides(gateway):
    assert gateway("mapping", "coverage", "--from", TABLE).code == 2
