"""Differences of golden files show the field, whatever the length of a record."""

from gateway.mapping.cases import told
from gateway.workbench.proof.unified import differences

MESSAGE = "<parcels><parcel><id>A</id><class>C</class></parcel></parcels>"
RECORD = '{"item_id":"A","mail_class":"D"}\n'
ROWS = "id: item_id\nclass: mail_class"


def test_field_that_differs_stands_alone_in_the_difference(bench):
    desk = bench(ROWS, {"one.in": MESSAGE, "one.out": RECORD})
    lines = list(differences(desk.cases[0], told(desk.table, desk.cases[0])))
    assert lines[:2] == ["--- own/cases/parcel/one.out expected", "+++ own/cases/parcel/one.out got"]
    assert [line for line in lines[2:] if line[0] in "+-"] == ['-  "mail_class": "D"', '+  "mail_class": "C"']


def test_findings_have_a_difference_of_their_own(bench):
    desk = bench("id: item_id", {"one.in": MESSAGE, "one.out": '{"item_id":"A"}\n'})
    lines = list(differences(desk.cases[0], told(desk.table, desk.cases[0])))
    assert lines[0] == "--- own/cases/parcel/one.findings expected"
    assert lines[-1] == "+item 1: SRC255 parcel/class"


def test_case_that_holds_has_no_difference(bench):
    desk = bench(ROWS, {"one.in": MESSAGE, "one.out": RECORD.replace("D", "C")})
    assert list(differences(desk.cases[0], told(desk.table, desk.cases[0]))) == []
