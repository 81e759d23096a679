"""A slip in a table that no case notices is listed with its place and what case to add."""

import shutil
from collections import Counter
from datetime import date

import pytest

from gateway.findings.catalogue import hint, text
from gateway.mapping.cases import cases_of
from gateway.mapping.markup import DECLARATION
from gateway.mapping.registry import Registry, shipped
from gateway.workbench.proof.golden import run
from gateway.workbench.proof.mutation import tried

ROWS = "id: item_id\nweight: {is: gross_mass, unit: KGM}\nclass: {is: mail_class, default: U}"
MESSAGE = "<parcels><parcel><id>RR473124829GB</id><weight>1.250</weight><class>C</class></parcel></parcels>"
RECORD = '{"item_id":"RR473124829GB","mail_class":"C","gross_mass":{"value":"1.250","unit":"KGM"}}\n'
CASE = {"one.in": MESSAGE, "one.out": RECORD}


def fates(bench, rows=ROWS, cases=CASE, head=""):
    desk = bench(rows, cases, head)
    return list(tried(desk.table, desk.merged, desk.registry.built, desk.cases))


def unnoticed(found):
    return [(each.mutant.path, each.mutant.kind) for each in found if each.fate == "unnoticed"]


def test_row_that_a_case_needs_is_noticed_by_it(bench):
    found = {(each.mutant.path, each.mutant.kind): each for each in fates(bench)}
    assert (found["id", "row"].fate, found["id", "row"].case) == ("case", "own/cases/parcel/one.in")


def test_word_without_which_the_table_cannot_be_built_is_noticed_on_loading(bench):
    found = {(each.mutant.path, each.mutant.kind): each.fate for each in fates(bench)}
    assert found["weight", "unit"] == "loading"


def test_default_that_no_case_needs_is_listed_with_place_and_remedy(bench):
    (slip,) = [each for each in fates(bench) if each.fate == "unnoticed"]
    assert (slip.mutant.path, slip.mutant.kind) == ("class", "default")
    finding = slip.finding()
    assert finding.source.path.startswith("own/parcel.yaml:9:")
    assert text(finding) == "no case notices when `default: U` is deleted from 'class'"
    assert "a record without this value" in hint(finding)


def test_record_without_the_value_makes_a_default_noticed(bench):
    elements = ("<parcels>", "  <parcel>", "    <id>A</id>", "    <class>U</class>", "  </parcel>", "</parcels>")
    written = DECLARATION + "\n".join(elements)
    assert unnoticed(fates(bench, cases=CASE | {"two.record": '{"item_id":"A"}', "two.out": written})) == []


def test_row_that_stands_in_no_case_is_listed(bench):
    assert ("category", "row") in unnoticed(fates(bench, f"{ROWS}\ncategory: mail_category"))


def test_check_is_noticed_by_a_wrong_value_only(bench):
    rows = "id: {is: item_id, check: s10}"
    right = {
        "one.in": "<parcels><parcel><id>RR473124829GB</id></parcel></parcels>",
        "one.out": '{"item_id":"RR473124829GB"}\n',
    }
    assert unnoticed(fates(bench, rows, right)) == [("id", "check")]
    wrong = {
        "two.in": "<parcels><parcel><id>RR473124820GB</id></parcel></parcels>",
        "two.out": '{"item_id":"RR473124820GB"}\n',
        "two.findings": "item 1: SRC301 item_id\n",
    }
    assert unnoticed(fates(bench, rows, right | wrong)) == []


def test_required_element_is_noticed_where_it_is_missing(bench):
    rows = "id: {is: item_id, required: true}\nclass: mail_class"
    there = {
        "one.in": "<parcels><parcel><id>A</id><class>C</class></parcel></parcels>",
        "one.out": '{"item_id":"A","mail_class":"C"}\n',
    }
    assert unnoticed(fates(bench, rows, there)) == [("id", "required")]
    missing = {
        "two.in": "<parcels><parcel><class>C</class></parcel></parcels>",
        "two.out": '{"mail_class":"C"}\n',
        "two.findings": "item 1: SRC253 parcel/id\n",
    }
    assert unnoticed(fates(bench, rows, there | missing)) == []


def test_predicate_that_is_left_by_the_row_before_is_no_mutant(bench):
    rows = '"box[code]": {is: packages, fields: {code: type}}\n"box[not(code)]/text": description'
    said = {
        "one.in": "<parcels><parcel><box><code>A</code></box><box><text>B</text></box></parcel></parcels>",
        "one.out": '{"description":"B","packages":[{"type":"A"}]}\n',
    }
    found = {(each.mutant.lost): each.fate for each in fates(bench, rows, said)}
    assert (found["`[code]`"], found["`[not(code)]`"]) == ("case", "same")


def test_hint_and_note_are_no_mutants(bench):
    found = fates(bench, "id: {is: item_id, hint: Ask, note: once}", {"one.in": "<parcels/>"})
    assert {each.mutant.kind for each in found} == {"row"}


@pytest.mark.parametrize("row", ["gross-weight", "msghead/control-reference", "hs-code", "phone"])
def test_real_row_that_is_deleted_from_a_shipped_table_is_noticed_by_its_cases(row, tmp_path):
    """The edit is made in the file itself; what the machine says of its mutants is true of real ones."""
    shutil.copytree(shipped() / "upu", tmp_path / "upu")
    table = tmp_path / "upu/itmatt-1.5.yaml"
    lines = table.read_text().splitlines(keepends=True)
    gone = next(line for line in lines if line.strip().startswith(f"{row}:"))
    table.write_text("".join(line for line in lines if line is not gone))
    registry = Registry([tmp_path])
    form = registry.format("upu/itmatt-1.5", date(2026, 9, 14))
    assert [fault for case in cases_of("upu/itmatt-1.5", [tmp_path]) for fault in run(form, case)]


def test_empty_message_notices_the_loss_of_no_row(bench):
    found = Counter(each.fate for each in fates(bench, cases={"one.in": "<parcels><parcel/></parcels>"}))
    assert found["case"] == 0
    assert found["unnoticed"] > 2
