"""Golden cases notice when a table reads otherwise, loses something on the way back, or has a row without a case."""

from datetime import date

import pytest

from gateway.mapping.cases import cases_of, records, rows_without_case, run
from gateway.mapping.registry import Registry

ON = date(2026, 9, 14)
TABLE = """format: own/parcel
title: A parcel, as a test has it
basis: invented
syntax: xml
record: Consignment
root: parcels/parcel
fields:
  id: item_id
  weight: {is: gross_mass, unit: KGM}
  class: mail_class
"""
MESSAGE = "<parcels><parcel><id>RR473124829GB</id><weight>1.250</weight><class>C</class></parcel></parcels>"
RECORD = '{"item_id":"RR473124829GB","mail_class":"C","gross_mass":{"value":"1.250","unit":"KGM"}}'


@pytest.fixture
def found(tmp_path):
    def of(table=TABLE, message=MESSAGE, record=RECORD):
        folder = tmp_path / "own" / "cases" / "parcel"
        folder.mkdir(parents=True)
        (tmp_path / "own" / "parcel.yaml").write_text(table)
        (folder / "one.in").write_text(message)
        (folder / "one.out").write_text(record + "\n")
        form = Registry([tmp_path]).format("own/parcel", ON)
        cases = list(cases_of("own/parcel", [tmp_path]))
        return [*(f for case in cases for f in run(form, case)), *rows_without_case(form, cases)]

    return of


def test_case_that_holds_has_no_findings(found):
    assert found() == []


def test_other_reading_is_noticed_with_its_first_difference(found):
    (fault,) = found(table=TABLE.replace("unit: KGM", "unit: GRM"))
    assert (fault.code, fault.values["difference"]) == ("MAP136", "gross_mass.unit: was 'KGM', is 'GRM'")


def test_row_that_is_deleted_is_noticed(found):
    faults = found(table=TABLE.replace("  class: mail_class\n", ""))
    assert {fault.code for fault in faults} == {"MAP136", "MAP138"}
    assert [fault.values["path"] for fault in faults if fault.code == "MAP138"] == ["parcel/class"]


def test_record_too_many_is_noticed(found):
    (fault,) = found(record=f"{RECORD}\n{RECORD}")
    assert (fault.code, fault.source.path) == ("MAP136", "record 2")


def test_row_without_a_value_in_any_case_is_noticed(found):
    (fault,) = found(table=TABLE + "  category: mail_category\n")
    assert (fault.code, fault.severity, fault.values["path"]) == ("MAP139", "warning", "category")
    assert fault.source.line == 11


def test_records_are_what_an_out_file_holds(tmp_path, found):
    found()
    form = Registry([tmp_path]).format("own/parcel", ON)
    assert records(form, MESSAGE.encode()) == (RECORD.encode(),)
