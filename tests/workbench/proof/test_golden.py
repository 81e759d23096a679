"""Golden cases notice when a table reads otherwise, finds something else, loses something on the way back."""

from gateway.workbench.proof.golden import one_way, rows_without_case, run, updated

ROWS = "id: item_id\nweight: {is: gross_mass, unit: KGM}\nclass: mail_class"
MESSAGE = "<parcels><parcel><id>RR473124829GB</id><weight>1.250</weight><class>C</class></parcel></parcels>"
RECORD = '{"item_id":"RR473124829GB","mail_class":"C","gross_mass":{"value":"1.250","unit":"KGM"}}\n'
CASE = {"one.in": MESSAGE, "one.out": RECORD}


def found(bench):
    return [fault for case in bench.cases for fault in run(bench.table, case)]


def test_case_that_holds_has_no_findings(bench):
    desk = bench(ROWS, CASE)
    assert [*found(desk), *rows_without_case(desk.table, desk.cases)] == []


def test_other_reading_is_noticed_with_its_first_difference(bench):
    (fault,) = found(bench(ROWS.replace("KGM", "GRM"), CASE))
    assert (fault.code, fault.values["difference"]) == ("MAP136", "gross_mass.unit: was 'KGM', is 'GRM'")


def test_row_that_is_deleted_is_noticed(bench):
    faults = found(bench(ROWS.replace("\nclass: mail_class", ""), CASE))
    assert [fault.code for fault in faults] == ["MAP136", "MAP303"]
    assert faults[1].values["difference"] == "now SRC255 parcel/class"


def test_record_too_many_is_noticed(bench):
    (fault,) = found(bench(ROWS, CASE | {"one.out": RECORD * 2}))
    assert (fault.code, fault.source.path) == ("MAP136", "record 2")


def test_finding_that_is_gone_is_noticed(bench):
    (fault,) = found(bench(ROWS, CASE | {"one.findings": "item 1: SRC301 item_id\n"}))
    assert (fault.code, fault.values["difference"]) == ("MAP303", "not SRC301 item_id")


def test_record_that_is_written_otherwise_is_noticed_once(bench):
    (fault,) = found(bench(ROWS, {"one.record": '{"item_id":"A"}', "one.out": "other\nlines\n"}))
    assert (fault.code, fault.source.path) == ("MAP136", "line 1")


def test_value_that_does_not_come_back_is_noticed(bench):
    desk = bench(ROWS.replace("class: mail_class", "class: {is: mail_class, when: not(item_id)}"), CASE)
    assert [fault.values.get("path") for fault in found(desk)][:1] == ["parcel/class"]


def test_what_no_row_carries_need_not_come_back_where_that_is_expected(bench):
    coloured = MESSAGE.replace("</parcel>", "<colour>red</colour></parcel>")
    desk = bench(ROWS, CASE | {"one.in": coloured, "one.findings": "item 1: SRC255 parcel/colour\n"})
    assert found(desk) == []


def test_row_without_a_value_in_any_case_is_named_with_its_place(bench):
    desk = bench(f"{ROWS}\ncategory: mail_category", CASE)
    (fault,) = rows_without_case(desk.table, desk.cases)
    assert (fault.code, fault.severity, fault.values["path"]) == ("MAP139", "warning", "category")
    assert fault.source.path == "own/parcel.yaml:10:1"


def test_exceptions_from_the_law_are_listed_and_break_nothing(bench):
    desk = bench(ROWS.replace("mail_class", "{is: mail_class, only: read}"), CASE)
    assert [(each.code, each.values["reason"]) for each in one_way(desk.table)] == [("MAP304", "only: read")]
    assert found(desk) == []


def test_update_writes_what_is_understood_and_found_now(bench):
    coloured = MESSAGE.replace("</parcel>", "<colour>red</colour></parcel>")
    desk = bench(ROWS, {"one.in": coloured})
    assert updated(desk.table, desk.cases[0])
    again = bench(ROWS)
    assert found(again) == []
    assert again.cases[0].expected.findings == ("item 1: SRC255 parcel/colour",)
    assert not updated(again.table, again.cases[0])


def test_update_takes_away_findings_that_are_no_more(bench):
    desk = bench(ROWS, CASE | {"one.findings": "item 1: SRC301 item_id\n"})
    assert updated(desk.table, desk.cases[0])
    assert not desk.cases[0].path.with_suffix(".findings").exists()
