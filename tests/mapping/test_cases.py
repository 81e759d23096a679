"""Golden cases are found beside their tables: messages and records, what they say, what is found in them."""

from datetime import date

import pytest

from gateway.mapping.cases import cases_of, entries, records, told
from gateway.mapping.registry import Registry

ON = date(2026, 9, 14)
TABLE = """format: own/parcel
title: A parcel, as a test has it
syntax: xml
record: Consignment
root: parcels/parcel[kind='P']
fields:
  id: {is: item_id, check: s10}
  weight: {is: gross_mass, unit: KGM}
  class: mail_class
"""
MESSAGE = "<parcels><parcel><kind>P</kind><id>RR473124829GB</id><weight>1.250</weight></parcel></parcels>"
RECORD = '{"item_id":"RR473124829GB","gross_mass":{"value":"1.250","unit":"KGM"}}'


@pytest.fixture
def desk(tmp_path):
    """A table with the files of its cases: gives the table and the cases."""
    (tmp_path / "own" / "cases" / "parcel").mkdir(parents=True)
    (tmp_path / "own" / "parcel.yaml").write_text(TABLE)

    def put(**files):
        for name, text in files.items():
            stem, _, suffix = name.rpartition("_")
            (tmp_path / "own" / "cases" / "parcel" / f"{stem}.{suffix}").write_text(text)
        return Registry([tmp_path]).format("own/parcel", ON), list(cases_of("own/parcel", [tmp_path]))

    return put


def test_message_is_told_as_its_records(desk):
    table, (case,) = desk(one_in=MESSAGE)
    assert (told(table, case).lines, told(table, case).findings) == ((RECORD,), ())
    assert records(table, case.message) == (RECORD.encode(),)


def test_findings_of_the_mapping_and_of_the_checks_of_rows_are_told_with_their_item(desk):
    wrong = MESSAGE.replace("29GB", "20GB").replace("</id>", "</id><colour>red</colour>")
    table, (case,) = desk(one_in=wrong)
    assert told(table, case).findings == ("item 1: SRC255 parcel/colour", "item 1: SRC301 item_id")


def test_message_that_the_table_must_not_take_is_told_so(desk):
    table, (case,) = desk(other_in=MESSAGE.replace(">P<", ">Q<"))
    assert (told(table, case).lines, told(table, case).findings) == ((), ("file: SRC205",))


def test_record_is_told_as_its_text(desk):
    table, (case,) = desk(one_record=RECORD)
    assert case.is_record
    assert "    <weight>1.250</weight>" in told(table, case).lines
    assert {entry.message_path for entry in entries(table, case)} == {"parcel/kind", "parcel/id", "parcel/weight"}


def test_record_that_cannot_be_written_is_told_by_what_is_found(desk):
    table, (case,) = desk(one_record=RECORD.replace("KGM", "XXX"))
    assert (told(table, case).lines, told(table, case).findings) == ((), ("record 1: TGT510 parcel/weight",))


def test_expectations_stand_beside_a_case(desk):
    _, (case,) = desk(one_in=MESSAGE, one_out=f"{RECORD}\n", one_findings="item 1: SRC255 parcel/colour\n")
    assert (case.file, case.expected.lines) == ("own/cases/parcel/one.in", (RECORD,))
    assert case.expected.findings == ("item 1: SRC255 parcel/colour",)


def test_case_of_an_overlay_stands_for_the_one_below(tmp_path):
    for root in ("over", "under"):
        (tmp_path / root / "own" / "cases" / "parcel").mkdir(parents=True)
        (tmp_path / root / "own" / "cases" / "parcel" / "one.in").write_text(root)
    (case,) = cases_of("own/parcel", [tmp_path / "over", tmp_path / "under"])
    assert case.message == b"over"
