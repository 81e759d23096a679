"""Answers of the United Kingdom, as they really come: without namespaces, with odd dates, with codes nobody knows."""

import pytest

from adapters.customs.uk import AUTHORITY
from gateway.mapping.protocols import Bad, Item
from gateway.model import Step

EXPECTED = {
    "accepted.xml": ("01", "accepted", "declaration", False, False),
    "received.xml": ("02", "received", "declaration", False, False),
    "rejected-four-errors.xml": ("03", "rejected", "declaration", True, True),
    "under-control.xml": ("05", "under_control", "control", True, False),
    "documents-wanted.xml": ("06", "information_requested", "control", True, False),
    "changed-by-customs.xml": ("07", "changed_by_customs", "control", False, False),
    "released-local-offset.xml": ("08", "released", "release", False, False),
    "cleared.xml": ("09", "cleared", "release", False, True),
    "taxed-two-items.xml": ("13", "duty_assessed", "duty", False, False),
    "payment-without-currency.xml": ("15", "payment_requested", "duty", True, False),
    "odd-dates.xml": ("16", "exit_confirmed", "after", False, True),
    "unknown-declaration.xml": ("01", "accepted", "declaration", False, False),
}


@pytest.fixture
def read(desk, samples):
    def one(name):
        (reading,) = desk("customs/uk/response").read((samples / "uk-response" / name).read_bytes())
        return reading

    return one


@pytest.mark.parametrize("name", EXPECTED)
def test_a_function_code_becomes_an_outcome(name, read):
    reading = read(name)
    decision = reading.record
    said = (decision.code, decision.outcome, decision.stage, decision.blocks_goods, decision.final)
    assert said == EXPECTED[name]
    assert decision.scheme == "customs/uk"
    assert [finding for finding in reading.findings if finding.severity == "error"] == []


def test_the_three_references_are_told_apart(read):
    decision = read("accepted.xml").record
    assert (decision.notification_id, decision.lrn, decision.mrn, decision.version) == (
        "00000000000000000000000000000001",
        "GW1-CHINA",
        "26GB00CH1NA0000AR1",
        "1",
    )
    assert (decision.issued_at.iso, decision.decided_at.iso) == ("2026-09-14T10:15:00Z", "2026-09-14T10:14:59Z")


def test_every_error_keeps_its_pointer(read):
    reasons = read("rejected-four-errors.xml").record.reasons
    assert [reason.code for reason in reasons] == ["XX10001", "XX10002", "XX10003", "XX10004"]
    assert reasons[0].text == "Commodity code is not of the tariff"
    assert [(step.section, step.tag, step.number) for step in reasons[0].pointer] == [
        ("42A", None, None),
        ("67A", None, None),
        ("68A", None, 2),
        ("23A", None, None),
        ("21A", "145", 1),
    ]


def test_an_unknown_code_is_a_notice_with_a_finding(read):
    reading = read("unknown-code.xml")
    assert (reading.record.code, reading.record.outcome) == ("77", "notice")
    assert [(finding.code, finding.severity) for finding in reading.findings] == [("SRC259", "warning")]


def test_dates_of_other_forms_are_read(read):
    decision = read("odd-dates.xml").record
    assert (decision.issued_at.iso, decision.decided_at.iso) == ("2026-09-14T16:00:00Z", "2026-09-14T00:00:00Z")
    assert decision.decided_at.text == "Mon Sep 14 00:00:00 UTC 2026"


def test_a_two_digit_offset_is_kept(read):
    assert read("released-local-offset.xml").record.issued_at.iso == "2026-09-14T13:15:00+01:00"


def test_the_day_by_which_documents_are_wanted_is_the_deadline(read):
    decision = read("documents-wanted.xml").record
    assert decision.deadline.iso == "2026-09-21T23:59:59Z"
    assert decision.statements[0].text == "Invoice of the sale & proof of payment"


def test_what_customs_changed_stands_beside_what_was_declared(read):
    decision = read("changed-by-customs.xml").record
    assert [step.tag for step in decision.changes[0].pointer] == [None, None, "108"]
    (goods,) = decision.changed.goods_items
    assert (goods.number, str(goods.value.amount), goods.value.currency) == (2, "260.00", "CNY")
    assert decision.lrn == "GW1-CHINA"


def test_taxes_belong_to_their_goods_items(read):
    decision = read("taxed-two-items.xml").record
    assert [(tax.goods_item, tax.type, str(tax.rate), str(tax.amount.amount)) for tax in decision.taxes] == [
        (1, "A00", "2.70", "0.28"),
        (1, "B00", "20.00", "2.16"),
        (2, "B00", "20.00", "5.16"),
    ]


def test_a_bill_without_a_currency_is_in_pounds(read):
    decision = read("payment-without-currency.xml").record
    assert (str(decision.total.amount), decision.total.currency) == ("7.60", "GBP")
    assert decision.payment_reference == "1909241"


def test_an_answer_that_is_not_well_formed_is_bad_and_never_lost(desk, samples):
    data = (samples / "uk-response" / "not-well-formed.xml").read_bytes()
    parts = [part for part, _, _ in desk("customs/uk/response").parts(data)]
    assert any(isinstance(part, Bad) and part.findings for part in parts)
    assert not any(isinstance(part, Item) for part in parts)


def test_pointers_lead_from_customs_to_the_element_of_the_sender(read, desk, case, declare):
    message, settings, _ = case("02-china-parcel-three-kinds")
    itmatt = desk("upu/itmatt-1.5")
    (source,) = itmatt.traces(message)
    declared, _ = declare(source.record, settings, "GW1-CHINA")
    written = desk("customs/uk/h7").format.trace_write(declared).entries
    places = {entry.model_path: entry.message_path for entry in source.entries}
    led = [AUTHORITY.locate(reason.pointer, written) for reason in read("rejected-four-errors.xml").record.reasons]
    origins = [AUTHORITY.origin(entry.model_path) for entry in led]
    assert origins == ["goods_items[2].hs_code", "goods_items[3].value", "consignor", ""]
    assert places[origins[0]] == "item/content-piece[2]/hs-code"
    assert places[origins[1]] == "item/content-piece[3]/value"


def test_a_complaint_about_the_previous_document_is_one_about_the_mail_item(desk, case, declare):
    message, settings, _ = case("05-india-samples-with-invoice")
    (source,) = desk("upu/itmatt-1.5").traces(message)
    declared, _ = declare(source.record, settings)
    written = desk("customs/uk/h7").format.trace_write(declared).entries
    pointer = (Step(section="42A"), Step(section="67A"), Step(section="99A", tag="D018", number=1))
    found = AUTHORITY.locate(pointer, written)
    assert (found.message_path, found.model_path) == ("Declaration/GoodsShipment/PreviousDocument/ID", "item_id")
