"""`formats`, `read`, `check`, `map` and `explain` on rows: a manifest as CSV and as a workbook, from outside."""

import csv
import io
import json
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[1] / "samples/manifest"
NAME = "ecommerce/manifest"
FILER = [
    *("--set", "declarant-id=GB123456789000", "--set", "location=GBAUEXAEXAEXA", "--set", "exchange-rates=sample"),
    *("--set", "commodity-padding=zeros", "--on", "2026-09-15"),
]
PARCELS = [f"MX-260912-00{number}" for number in (11, 28, 35, 42, 59, 66, 73)]


@pytest.fixture(params=["csv", "xlsx"])
def manifest(request):
    return SAMPLES / f"consolidator.{request.param}"


def test_formats_know_the_syntax(gateway):
    (row,) = [row for row in gateway("formats", "--json").json["data"]["formats"] if row["format"] == NAME]
    assert (row["syntax"], row["reads"], row["writes"], row["record"]) == ("tabular", True, True, "Consignment")


def test_read_gives_a_record_a_parcel(gateway, manifest):
    said = gateway("read", manifest)
    assert [json.loads(line)["item_id"] for line in said.out.splitlines()] == [*PARCELS[:5], PARCELS[6]]
    first = json.loads(said.out.splitlines()[0])
    assert [item["sku"] for item in first["goods_items"]] == ["KET-1", "USB-C"]


def test_check_names_row_and_column(gateway, manifest):
    said = gateway("check", manifest, "--json")
    assert said.code == 1
    (file,) = said.json["data"]["files"]
    assert (file["format"], file["records"], file["held"], file["quarantined"]) == (NAME, 7, 2, 1)
    places = {finding["code"]: finding["source"] for finding in said.json["findings"]}
    assert (places["SRC420"]["line"], places["SRC420"]["path"]) == (5, "parcel/row/ItemHSCode")
    assert (places["SRC421"]["line"], places["SRC410"]["line"], places["SRC413"]["line"]) == (7, 8, 11)


def test_a_workbook_is_not_shown_as_text(gateway):
    said = gateway("check", SAMPLES / "consolidator.xlsx")
    assert "SRC421" in said.err + said.out
    assert "PK" not in said.err + said.out


def test_map_files_what_can_be_filed(gateway, manifest, tmp_path):
    said = gateway("map", manifest, "--to", "customs/uk/h7", *FILER, "--out", tmp_path / "out", "--json")
    assert said.json["data"]["written"] == len(list((tmp_path / "out").glob("*.xml")))
    assert said.json["data"]["quarantined"] == 1


def test_map_to_rows_makes_one_file_of_all_parcels(gateway, manifest, tmp_path):
    gateway("map", manifest, "--to", NAME, "--out", tmp_path / "out", "--on", "2026-09-15")
    (made,) = (tmp_path / "out").iterdir()
    assert made.name == "consolidator.csv"
    rows = list(csv.DictReader(io.StringIO(made.read_text(), newline="")))
    assert [row["ParcelID"] for row in rows] == [PARCELS[0], PARCELS[0], PARCELS[1], PARCELS[3], PARCELS[6]]
    assert [row["NumberOfPieces"] for row in rows] == ["1", "0", "1", "1", "1"]


def test_explain_leads_to_row_and_column(gateway, manifest):
    said = gateway("explain", manifest, "--item", PARCELS[0], "--value", "goods_items[2].description")
    assert said.code == 0
    assert "row[2]" in said.out
    assert "Charging cable, USB-C, 2 m" in said.out
    assert ":4" in said.out
