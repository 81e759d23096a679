"""`gateway mapping codes` and `gateway mapping names` from outside."""

import csv
import io

import pytest

from gateway.checks.converters import CONVERTERS
from gateway.checks.named import CHECKS
from gateway.mapping.registry import Registry

OWN = "# source: an example\n# date: 2026\nmessage,model,label\nIV,N380,our invoice\n"


def test_every_list_is_listed_with_source_date_and_users(gateway):
    found = {one["name"]: one for one in gateway("mapping", "codes", "--json").json["data"]["lists"]}
    assert found.keys() == set(Registry().list_names())
    assert all(one["source"] and one["date"] for one in found.values())
    (use,) = found["upu/document-type"]["used_by"]
    assert (use["format"], use["field"]) == ("upu/itmatt-1.5", "consignments.documents.type")
    assert use["row"]["file"] == "upu/itmatt-1.5.yaml"


def test_a_list_is_shown_with_labels_in_the_language_asked_for(gateway):
    said = gateway("mapping", "codes", "upu/document-type", "--lang", "es")
    assert "factura comercial" in said.out
    assert "used by upu/itmatt-1.5: type = consignments.documents.type  upu/itmatt-1.5.yaml:" in said.out


def test_the_code_that_is_written_for_several_is_marked(gateway):
    lines = gateway("mapping", "codes", "upu/cusrsp-stage").out.splitlines()
    assert any("advance  advance" in line and "✓" in line for line in lines)


def test_codes_come_as_csv(gateway):
    head, *rows = csv.reader(io.StringIO(gateway("mapping", "codes", "checks/class-limits", "--csv").out))
    assert head == ["mail_class", "label", "kilograms"]
    assert ["C", "parcel post", "30"] in rows


def test_own_list_is_shown_in_place_of_the_shipped_one(gateway, tmp_path):
    path = tmp_path / "own/codes/upu/document-type.csv"
    path.parent.mkdir(parents=True)
    path.write_text(OWN)
    said = gateway("mapping", "codes", "upu/document-type", "--tables", tmp_path / "own")
    assert "our invoice" in said.out and "certificate" not in said.out


def test_faults_of_a_list_are_told_by_lint(gateway, tmp_path):
    path = tmp_path / "own/codes/upu/document-type.csv"
    path.parent.mkdir(parents=True)
    path.write_text(OWN + "IV,N380,again\n")
    said = gateway("mapping", "lint", "--tables", tmp_path / "own", "--json")
    found = {(one["code"], one["source"]["line"]) for one in said.json["findings"]}
    assert ("MAP401", 5) in found


def test_unknown_list_is_a_usage_error_with_the_name_meant(gateway):
    said = gateway("mapping", "codes", "upu/document-types")
    assert said.code == 2
    assert "did you mean 'upu/document-type'?" in said.err


def test_every_check_and_converter_is_named(gateway):
    told = gateway("mapping", "names", "--json").json["data"]["names"]
    assert [one["name"] for one in told] == [*CHECKS, *CONVERTERS]


@pytest.mark.parametrize(
    ("name", "shows"), [("s10", '>>> list(check_s10("RR473124820GB"))'), ("one-line", "serves a list")]
)
def test_one_name_is_shown_with_its_examples(gateway, name, shows):
    assert shows in gateway("mapping", "names", name).out


def test_unknown_name_is_a_usage_error(gateway):
    said = gateway("mapping", "names", "s1")
    assert said.code == 2
    assert "did you mean 's10'?" in said.err
