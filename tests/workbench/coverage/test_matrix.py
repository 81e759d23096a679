"""The matrix holds every element of the model with its ids, and what each format does with it."""

import csv
import io
import re
from datetime import date

import pytest

from gateway.mapping.registry import Registry
from gateway.model.dictionary import fields, records
from gateway.workbench.coverage.matrix import coverage, sheet
from gateway.workbench.coverage.page import page
from gateway.workbench.document.words import Words

NAMES = ("customs/uk/h7", "customs/uk/response", "upu/cusrsp-1", "upu/itmatt-1.5")


@pytest.fixture(scope="module")
def found():
    registry = Registry()
    return coverage([registry.plan(name, date(2026, 9, 14)) for name in NAMES])


def line(found, path, record="Consignment"):
    (one,) = [line for line in found.lines if (line.record, line.path) == (record, path)]
    return one


def test_element_has_its_ids_their_names_and_its_marks(found):
    one = line(found, "goods_items.value")
    assert (one.wco, one.wco_names) == (("108", "112"), ("Customs value", "Item amount"))
    assert (one.labels, one.format) == (("Goods items", "Value of the goods"), "n..16,3")
    assert dict(zip(NAMES, one.marks, strict=True)) == {
        "customs/uk/h7": "rw", "customs/uk/response": "", "upu/cusrsp-1": "", "upu/itmatt-1.5": "rw",
    }  # fmt: skip


def test_element_that_is_only_read_is_marked_so(found):
    assert line(found, "outcome", "Decision").marks == ("", "r", "", "")


def test_element_of_a_record_with_several_roles_has_the_id_of_its_role(found):
    assert line(found, "declarant.name").wco == ("R124",)
    assert line(found, "representative.name").wco == ("R003",)


def test_every_field_of_a_consignment_stands_in_it(found):
    bare = {re.sub(r"\[.*?\]", "", one.path) for one in found.lines if one.record == "Consignment"}
    for name in fields(records()["Consignment"]):
        assert any(path == name or path.startswith(f"{name}.") for path in bare), name


def test_record_that_no_format_goes_into_is_one_line(found):
    assert line(found, "notify").marks == ("", "", "", "")
    assert not [one for one in found.lines if one.path.startswith("notify.")]


def test_field_that_no_format_carries_of_a_record_that_some_do_is_shown(found):
    assert not line(found, "goods_items.sku").is_carried


def test_kind_that_filters_say_is_no_line_of_its_own(found):
    paths = {one.path for one in found.lines}
    assert "consignor.ids.kind" not in paths and "consignor.ids[kind=OTHER].id" in paths


def test_sheet_is_the_matrix_as_csv(found):
    rows = list(csv.DictReader(io.StringIO(sheet(found))))
    assert len(rows) == len(found.lines)
    (one,) = [row for row in rows if row["element"] == "goods_items.hs_code"]
    assert (one["wco_ids"], one["upu/itmatt-1.5"], one["customs/uk/h7"]) == ("145", "read, write", "")


def test_page_stands_alone_and_speaks_to_screen_readers(found):
    text = page(found, "2026-09-14", Words("en"))
    assert not re.search(r"""(?:src|href)=["'](?!#)""", text)
    assert '<html lang="en">' in text and "<caption>" in text and "@media print" in text
    assert text.count('scope="row"') == len(found.lines)
    assert text.count('scope="col"') == 3 + len(NAMES)
    assert '<abbr title="is read, is written">RW</abbr>' in text


def test_page_speaks_the_language_that_is_asked_for(found):
    text = page(found, "2026-09-14", Words("fr"))
    assert '<html lang="fr">' in text
    assert "Data element" not in text and "is read" not in text
