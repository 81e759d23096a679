"""`gateway mapping diff` from outside: one row of a code list changed, and what that would change."""

import shutil
from pathlib import Path

import pytest

from gateway.mapping.registry import shipped
from tests.cli.messages import itmatt, replaced

LIST = "codes/upu/document-type.csv"
DOCUMENT = "<m33:document><m33:type>IV</m33:type><m33:number>7</m33:number></m33:document>"
CARRIES = replaced("        </m33:item>", f"          {DOCUMENT}\n        </m33:item>")
RECEIVER = ("--to", "customs/uk/h7", "--set", "declarant-id=GB123456789000", "--set", "location=GBAUABC")
STAGES = "message,model,preferred\nadvance,advance,\nearly,advance,yes\nfinal,final,\n"
DAY = ("--on", "2026-09-14")


@pytest.fixture
def own(tmp_path):
    """A folder of own tables in which an invoice is a proforma invoice."""
    target = tmp_path / "own" / LIST
    target.parent.mkdir(parents=True)
    lines = (Path(shipped()) / LIST).read_text().splitlines(keepends=True)
    target.write_text("".join(line.replace("N380", "N325") if line.startswith("IV,") else line for line in lines))
    return tmp_path / "own"


@pytest.fixture
def message(tmp_path):
    path = tmp_path / "itmatt.xml"
    path.write_text(itmatt(4, {2: CARRIES, 3: CARRIES}))
    return path


def test_equal_tables_have_no_difference(gateway, message):
    said = gateway("mapping", "diff", "shipped", "shipped", message, *DAY)
    assert said.code == 0
    assert "4 items of 1 file, 0 would differ" in said.out


def test_row_of_a_code_list_shows_in_the_values_it_makes(gateway, message, own):
    said = gateway("mapping", "diff", "shipped", own, message, *DAY, "--json")
    assert said.code == 1
    data = said.json["data"]
    assert (data["items"], data["differ"]) == (4, 2)
    (change,) = data["changes"]
    assert (change["kind"], change["what"], change["changes"]) == ("value", "documents.type", 2)
    assert (change["examples"][0]["before"], change["examples"][0]["after"]) == ("N380", "N325")


def test_what_is_written_is_compared_on_request(gateway, message, own):
    said = gateway("mapping", "diff", "shipped", own, message, *DAY, *RECEIVER)
    assert said.code == 1
    assert "AdditionalDocument/TypeCode" in said.out
    assert "380 → 325" in said.out


def test_decisions_are_written_as_the_answers_of_the_target(gateway, tmp_path):
    stages = tmp_path / "own/codes/upu/cusrsp-stage.csv"
    stages.parent.mkdir(parents=True)
    stages.write_text(STAGES)
    case = Path(shipped()) / "upu/cases/cusrsp-1/every-element.in"
    said = gateway("mapping", "diff", "shipped", tmp_path / "own", case, "--to", "upu/cusrsp-1", "--json")
    ((kind, element, example),) = [
        (one["kind"], one["what"].rpartition("/")[2], one["examples"][0]) for one in said.json["data"]["changes"]
    ]
    assert (kind, element, example["before"], example["after"]) == ("output", "stage", "advance", "early")
    same = gateway("mapping", "diff", "shipped", "shipped", case, "--to", "upu/cusrsp-1")
    assert same.code == 0


def test_folders_of_messages_are_gone_through(gateway, tmp_path, message, own):
    shutil.copy(message, tmp_path / "other.xml")
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for number in range(3):
        shutil.copy(message, tmp_path / "in" / "deep" / f"{number}.xml")
    data = gateway("mapping", "diff", "shipped", own, tmp_path / "in", *DAY, "--json").json["data"]
    assert (data["files"], data["items"], data["differ"]) == (3, 12, 6)


def test_table_that_is_at_fault_is_named_and_nothing_is_compared(gateway, message, own):
    table = own / "upu/itmatt-1.5.yaml"
    table.parent.mkdir()
    table.write_text((Path(shipped()) / "upu/itmatt-1.5.yaml").read_text().replace("check: s10", "chek: s10"))
    said = gateway("mapping", "diff", "shipped", own, message, *DAY)
    assert said.code == 3
    assert "chek" in said.err


def test_files_of_another_format_are_refused_by_both_sides_alike(gateway, tmp_path, own):
    (tmp_path / "a.xml").write_text("<a/>")
    assert gateway("mapping", "diff", "shipped", own, tmp_path / "a.xml").code == 0


def test_what_is_compared_must_be_said(gateway):
    said = gateway("mapping", "diff", "shipped", "shipped")
    assert said.code == 2
    assert "name FILEs, or --journal" in said.err


@pytest.mark.parametrize("words", [("shipped", "in-force"), ("shipped", "disk"), ("shipped", "shipped", "--journal")])
def test_what_only_a_configuration_knows_needs_one(gateway, message, words):
    said = gateway("mapping", "diff", *words[:2], *(words[2:] or [message]))
    assert said.code == 3
    assert "name one with --config" in said.err
