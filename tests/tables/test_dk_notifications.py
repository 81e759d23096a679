"""Answers of Denmark, as they really come: many on a page, codes between blanks, dates of four forms, no MRN."""

import pytest

from gateway.mapping.protocols import Bad, Item
from gateway.mapping.registry import shipped
from gateway.model import Release
from gateway.model.outcomes import said

CASES = shipped() / "customs" / "dk" / "cases"
EXPECTED = {
    "CWMRCV": ("received", "declaration", False, False),
    "CWMACC": ("accepted", "declaration", False, False),
    "CWMREJ": ("rejected", "declaration", True, True),
    "CWMCTL": ("under_control", "control", True, False),
    "CWMDOC": ("information_requested", "control", True, False),
    "CWMMAC": ("held", "control", True, False),
    "CWMCAS": ("notice", "control", False, False),
    "CWMWTR": ("rejected", "control", True, False),
    "CWMTAX": ("duty_assessed", "duty", False, False),
    "CWMCPI": ("payment_requested", "duty", True, False),
    "CWMCPR": ("payment_requested", "duty", True, False),
    "CWMING": ("payment_requested", "duty", True, False),
    "CWMROG": ("released", "release", False, True),
    "CWMCLE": ("cleared", "release", False, True),
    "CWMPGR": ("partly_released", "release", True, False),
    "CWMRES": ("changed_by_customs", "after", False, False),
    "CWMREQ": ("request_granted", "after", False, False),
    "CWMINV": ("cancelled", "after", True, True),
    "CWMEXT": ("manual", "declaration", True, False),
    "CWMINC": ("incomplete", "after", False, False),
    "CWMEOG": ("exit_confirmed", "after", False, True),
    "CWMGER": ("exit_missing", "after", False, False),
    "DMSGRE": ("notice", "control", True, False),
}


@pytest.fixture
def read(desk):
    def of(name, table="notification"):
        readings = desk(f"customs/dk/{table}").read((CASES / table / f"{name}.in").read_bytes())
        return [reading.record for reading in readings]

    return of


@pytest.fixture
def kinds(read):
    return {record.code: record for record in read("every-kind")}


@pytest.mark.parametrize("code", EXPECTED)
def test_a_kind_of_notification_becomes_an_outcome(code, kinds):
    record = kinds[code]
    assert (record.outcome, record.stage, record.blocks_goods, record.final) == EXPECTED[code]
    assert record.scheme == "customs/dk"


def test_each_notification_of_a_page_is_a_decision_of_its_own(read):
    records = read("every-kind")
    assert len(records) == len({record.notification_id for record in records}) == 30
    assert {record.extension["page"] for record in records} == {"0"}


def test_a_second_page_is_read_like_the_first(read):
    (record,) = read("every-element")
    assert {name: record.extension[name] for name in ("notifications", "pages", "page")} == {
        "notifications": "41",
        "pages": "3",
        "page": "1",
    }
    assert record.lrn == "GW-DK-000009"


def test_a_rejection_is_matched_by_the_reference_of_the_submitter_as_it_has_no_mrn(kinds):
    record = kinds["CWMREJ"]
    assert (record.lrn, record.mrn, record.version) == ("GW-DK-000002", None, None)


def test_blanks_around_a_code_are_no_part_of_it(kinds):
    assert [reason.code for reason in kinds["CWMREJ"].reasons] == ["DK1043", "DK1009"]


def test_every_pointer_of_an_error_is_kept_as_it_was_written(kinds):
    first, second = kinds["CWMREJ"].reasons
    assert [step.text for step in first.pointer] == [
        "$.consignmentShipment[?(@.sequenceNumber == 1)].goodsItems[?(@.sequenceNumber == 2)].commodity.classification"
    ]
    assert [step.text for step in second.pointer] == ["$.representative", "$.declarant"]
    assert (first.rule, first.text) == ("VR67", "Commodity code is not possible here")


def test_dates_of_four_forms_are_read(read):
    assert [record.decided_at.iso for record in read("dates-of-four-forms")] == [
        "2023-02-27T12:47:07Z",
        "2025-04-04T09:14:31.241",
        "2024-07-17",
        "2023-03-13T09:32:21.284070",
    ]


def test_a_part_of_the_goods_is_released_goods_item_by_goods_item(kinds):
    assert kinds["CWMPGR"].releases == (
        Release(goods_item=1, released=True, text="N/A"),
        Release(goods_item=2, released=False, text="N/A"),
    )


def test_the_position_of_customs_answers_the_request_that_it_names(read, kinds):
    assert kinds["CWMREQ"].request_reference == "26DKCOR00000000009"
    (denied,) = read("every-element")
    assert (denied.outcome, denied.position) == ("request_denied", "DENIED")


def test_a_rejection_that_names_a_request_leaves_the_declaration_as_it_is(read):
    refused = next(record for record in read("one-or-the-other") if record.code == "CWMREJ")
    assert (refused.request_reference, said(refused)) == ("26DKCOR00000000012", "request_denied")


def test_a_closure_is_no_clearance(read):
    closed = next(record for record in read("one-or-the-other") if record.code == "CWMCLE")
    assert (closed.outcome, closed.blocks_goods, closed.final) == ("closed", True, True)


def test_duties_belong_to_their_goods_items_and_a_bill_without_currency_is_in_kroner(read, kinds):
    record = kinds["CWMTAX"]
    assert [(tax.goods_item, tax.type, str(tax.rate), str(tax.amount.amount)) for tax in record.taxes] == [
        (1, "B00", "25.0", "275.0")
    ]
    assert (str(record.total.amount), record.total.currency, record.payment_reference) == (
        "275.0",
        "DKK",
        "DK00000000:1",
    )
    bare = next(record for record in read("one-or-the-other") if record.code == "CWMTAX")
    assert (bare.total.currency, bare.taxes[1].payable.currency) == ("DKK", "DKK")


def test_documents_are_wanted_by_a_day_that_may_be_missing(read):
    asked = [record for record in read("one-or-the-other") if record.code == "CWMDOC"]
    assert [record.deadline.iso if record.deadline else None for record in asked] == ["2026-09-21T23:59:59Z", None]


def test_documents_and_controls_are_named(kinds):
    record = kinds["CWMDOC"]
    assert [(document.type, document.id) for document in record.documents] == [("N380", "INV-7")]
    assert [(control.number, control.type) for control in record.controls] == [(1, "20")]


def test_what_a_presentation_changed_stands_beside_what_was_declared(kinds):
    (change,) = kinds["CWMRES"].changes
    assert (change.before, change.after, change.pointer[0].text) == ("D", "A", "$.type")


def test_an_unknown_kind_is_for_information_with_a_finding(desk):
    data = (CASES / "notification" / "values-that-no-list-has.in").read_bytes()
    first = desk("customs/dk/notification").read(data)[0]
    assert (first.record.code, first.record.outcome) == ("CWMXYZ", "notice")
    assert {(finding.code, finding.severity) for finding in first.findings} == {("SRC259", "warning")}


def test_version_1_says_the_references_once_for_all_notifications(read):
    records = read("references-outside", "notification-1")
    assert {(record.lrn, record.mrn) for record in records} == {("GW-DK-000007", "26DK000000000007R0")}
    assert [record.outcome for record in records] == ["received", "accepted", "partly_released"]


def test_a_refusal_at_once_rejects_with_every_reason(read):
    (record,) = read("every-element", "synchronous-error")
    assert (record.outcome, record.lrn, record.mrn) == ("rejected", "GW-DK-000005", "26DK000000000005R0")
    assert [(reason.code, reason.rejecting) for reason in record.reasons] == [("DK1043", True), ("DKW11607", False)]


def test_a_receipt_tells_the_mrn(read):
    (record,) = read("every-element", "synchronous-receipt")
    assert (record.outcome, record.lrn, record.mrn) == ("received", "GW-DK-000005", "26DK000000000005R0")


def test_a_page_that_breaks_off_loses_none_of_what_came_before(desk):
    whole = (CASES / "notification" / "every-kind.in").read_bytes()
    parts = [part for part, _, _ in desk("customs/dk/notification").parts(whole[: len(whole) // 2])]
    assert sum(isinstance(part, Item) for part in parts) >= 10
    assert any(isinstance(part, Bad) and part.findings for part in parts)


def test_an_empty_page_holds_nothing(desk):
    whole = (CASES / "notification" / "every-kind.in").read_bytes()
    head, tail = whole.index(b"<TraderNotification>"), whole.rindex(b"</TraderNotification>")
    page = whole[:head] + whole[tail + len(b"</TraderNotification>") :]
    assert desk("customs/dk/notification").items(page) == []
