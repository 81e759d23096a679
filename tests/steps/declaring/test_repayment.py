"""Money is asked back: of what was cleared, of what customs assessed last; nothing is claimed that nobody assessed."""

from decimal import Decimal

import pytest

from gateway.model import Amount, Decision, Duty, Repayment, Tax
from gateway.steps.declaring.assessed import claim
from gateway.steps.declaring.requests import ask
from tests.danish import to_denmark
from tests.steps.test_exchange import itmatt
from tests.steps.test_told_in_denmark import cheap, danish

__all__ = ["danish"]

MRN = "26DK000000000001R0"
TAX = """\
<DutyTaxFee><Payment><PaymentAmount currencyID="DKK">{due}</PaymentAmount></Payment></DutyTaxFee>
<GoodsShipment><GovernmentAgencyGoodsItem><SequenceNumeric>1</SequenceNumeric><Commodity><DutyTaxFee>
<Payment><PaymentAmount currencyID="DKK">{due}</PaymentAmount></Payment><TypeCode>B00</TypeCode>
</DutyTaxFee></Commodity></GovernmentAgencyGoodsItem></GoodsShipment>
"""
NOTIFICATION = """\
<TraderNotificationResponseDTO><TotalNumberOfNotifications>1</TotalNumberOfNotifications><TotalPages>1</TotalPages>
<ViewedPage>0</ViewedPage><TraderNotification><MetaData><PayloadSpecification>ERMIS/2.0</PayloadSpecification>
<PayloadType>{event}</PayloadType></MetaData><Payload><Notification>
<NotificationEventType>{event}</NotificationEventType>
<NotificationSID>0a8f1d52-0001-4c5e-9d10-00000000000{number}</NotificationSID>
<Declaration><MRN>{mrn}</MRN><SubmitterReferenceNumber>{lrn}</SubmitterReferenceNumber>{tax}</Declaration>
<IssueDateTime><DateTimeString formatCode="304">2026091510160{number}Z</DateTimeString></IssueDateTime>
{answer}</Notification></Payload></TraderNotification></TraderNotificationResponseDTO>
"""
ANSWER = "<CustomsPosition><Type>{}</Type></CustomsPosition><AdditionalMessage><URN>{}</URN></AdditionalMessage>"
CONTACT = "declarant-contact: B. Broker, declarant-phone: '+4512345678', declarant-email: b@example.org, "


@pytest.fixture
def lodged(danish):
    """The site with one declaration, which customs has told so much of."""

    def of(*events):
        site = danish()
        site.change("partners/dk-customs.yaml", "settings: {", f"settings: {{{CONTACT}")
        site.post(cheap(to_denmark(itmatt(1))))
        with site.gate() as gate:
            site.run(gate)
            (filed,) = site.rows(gate, "filing")
            for number, (event, due) in enumerate(events, start=1):
                told(site, gate, event, number, filed["lrn"], tax=TAX.format(due=due) if due else "")
        return site

    return of


def told(site, gate, event, number, lrn, *, tax="", answer=""):
    """What customs say under an LRN and the MRN of the declaration."""
    facts = {"event": event, "number": number, "mrn": MRN, "lrn": lrn, "tax": tax, "answer": answer}
    site.say(NOTIFICATION.format(**facts), f"{number}.xml", "dk-customs")
    site.run(gate)


def asked(site, purpose, reason):
    """What is sent to customs, and what is said of the request."""
    with site.gate() as gate:
        (filed,) = site.rows(gate, "filing")
        with gate.journal.write() as conn:
            ask(gate, conn, filed["id"], purpose, "O:tester", reason=reason, note="sent back")
        site.run(gate)
        (request,) = (row for row in site.rows(gate, "filing") if row["purpose"] == purpose)
        text = site.filed("dk-customs").get(f"{request['lrn']}.xml", b"").decode()
        return request, text, site.codes(gate, "filing")


ACCEPTED, CLEARED = ("CWMACC", ""), ("CWMCLE", "")


def test_what_was_cleared_is_invalidated_with_the_money_that_customs_assessed_last(lodged):
    site = lodged(ACCEPTED, ("CWMTAX", "300.00"), ("CWMTAX", "275.00"), CLEARED)
    request, text, _ = asked(site, "cancel", "122")
    assert (request["kind"], request["state"]) == ("customs/dk/h7-invalidation-repayment", "lodged")
    assert f"<ID>{MRN}</ID>" in text and "<ChangeReasonCode>122<" in text
    assert "275.00" in text and "300.00" not in text and ">B00<" in text


@pytest.mark.parametrize(
    ("position", "outcome", "last"), [("GRANTED", "request_granted", "CWMINV"), ("DENIED", "request_denied", "")]
)
def test_an_answer_under_the_lrn_of_the_declaration_is_of_the_request(lodged, position, outcome, last):
    site, number = lodged(ACCEPTED, ("CWMTAX", "275.00"), CLEARED), "26DKINV0000000001"
    request, text, _ = asked(site, "cancel", "122")

    def now(gate):
        return {row["purpose"]: (row["outcome"], row["mrn"]) for row in site.rows(gate, "filing")}

    with site.gate() as gate:
        (lrn,) = (row["lrn"] for row in site.rows(gate, "filing") if row["purpose"] == "declare")
        assert f"<FunctionalReferenceID>{lrn}<" in text and request["lrn"] not in text
        told(site, gate, "CWMRCV", 5, lrn)
        assert now(gate) == {"declare": ("cleared", MRN), "cancel": (None, None)}
        told(site, gate, "CWMREQ", 6, lrn, answer=ANSWER.format(position, number))
        assert now(gate) == {"declare": ("cleared", MRN), "cancel": (outcome, number)}
        if last:
            told(site, gate, last, 7, lrn)
            assert now(gate) == {"declare": ("cancelled", MRN), "cancel": (outcome, number)}
        assert site.violations(gate) == []


def test_what_was_accepted_only_is_invalidated_alone(lodged):
    request, text, _ = asked(lodged(ACCEPTED, ("CWMTAX", "275.00")), "cancel", "124")
    assert request["kind"] == "customs/dk/h7-invalidation"
    assert "275.00" not in text and "<ChangeReasonCode>124<" in text


def test_money_is_asked_back_of_a_declaration_that_stands(lodged):
    request, text, _ = asked(lodged(ACCEPTED, ("CWMTAX", "275.00"), CLEARED), "repay", "A")
    assert (request["kind"], request["state"]) == ("customs/dk/h7-repayment", "lodged")
    assert "275.00" in text and "LegalBasis>A<" in text


def test_nothing_is_claimed_that_customs_never_assessed(lodged):
    request, text, codes = asked(lodged(ACCEPTED, CLEARED), "repay", "A")
    assert (request["state"], text) == ("held", "") and "TGT590" in codes


def dkk(value):
    return Amount(Decimal(value), "DKK")


@pytest.mark.parametrize(
    ("decision", "claimed"),
    [
        (Decision(), None),
        (Decision(total=dkk("5.00")), Repayment(amount=dkk("5.00"))),
        (
            Decision(taxes=(Tax(type="B00", amount=dkk("4")), Tax(type="B00", payable=dkk("2"), amount=dkk("9")))),
            Repayment(amount=dkk("6"), duties=(Duty(type="B00", amount=Decimal(6)),)),
        ),
        (Decision(total=dkk("5.00"), taxes=(Tax(type="B00", amount=Amount(Decimal(1), "EUR")),)), None),
    ],
)
def test_what_one_decision_lets_be_claimed(decision, claimed):
    assert claim(decision) == claimed
