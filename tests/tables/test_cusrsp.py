"""What the post is told: CUSRSP, written from decisions and read back."""

from decimal import Decimal

from gateway.model import Amount, Decision, Message, Moment, Reason, Tax

ANSWER = Decision(
    item_id="CP200200016CN",
    posted_at=Moment("2026-09-12"),
    code="03",
    stage="declaration",
    issued_at=Moment("2026-09-14T10:16:00Z"),
    reasons=(
        Reason(code="XX10001", text="Commodity code is not of the tariff", sender_path="item/content-piece[2]/hs-code"),
        Reason(code="XX10002", text="Value is not plausible", sender_path="item/content-piece[3]/value"),
    ),
)
CLEARED = Decision(
    item_id="CP200200016CN",
    code="09",
    stage="release",
    cleared_at=Moment("2026-09-14T14:00:00Z"),
    dutiable=True,
    taxes=(Tax(type="B00", goods_item=1, rate=Decimal("20.00"), amount=Amount(Decimal("2.16"), "GBP")),),
    total=Amount(Decimal("2.16"), "GBP"),
    late=False,
    extension={"site": "Example & Co"},
)
ENVELOPE = Message(
    sender="GB501",
    recipient="CN001",
    prepared_at=Moment("2026-09-14T15:00:00Z"),
    control_reference="CRS00000000001",
    reference="1",
)


def framed(desk, *decisions):
    cusrsp = desk("upu/cusrsp-1").format
    written = [cusrsp.write(decision) for decision in decisions]
    assert [each.findings for each in written] == [()] * len(decisions)
    return b"".join(cusrsp.frame(ENVELOPE, [each.text for each in written]))


def test_a_rejection_names_each_element_of_the_sender(desk, leaves):
    texts = [text for path, text in leaves(framed(desk, ANSWER)) if "reason" in path]
    assert texts == [
        "XX10001",
        "XX10002",
        "Commodity code is not of the tariff",
        "Value is not plausible",
        "item/content-piece[2]/hs-code",
        "item/content-piece[3]/value",
    ]


def test_the_stage_of_a_declaration_is_advance_and_that_of_a_release_final(desk, leaves):
    texts = [text for path, text in leaves(framed(desk, ANSWER, CLEARED)) if path.endswith("/stage")]
    assert texts == ["advance", "final"]


def test_what_is_written_is_read_again(desk):
    data = framed(desk, ANSWER, CLEARED)
    first, second = (reading.record for reading in desk("upu/cusrsp-1").read(data))
    assert first.reasons == ANSWER.reasons
    assert (second.taxes, second.total, second.dutiable, second.extension) == (
        CLEARED.taxes,
        CLEARED.total,
        True,
        CLEARED.extension,
    )
    assert desk("upu/cusrsp-1").outer(data)[0].record == ENVELOPE


def test_the_envelope_is_that_of_the_message(desk, leaves):
    found = dict(leaves(framed(desk, ANSWER)))
    assert found["/interchange/message/msghead/control-reference"] == "CRS00000000001"
    assert found["/interchange/message/msgbody/cusrsp_1_0_0/item/item-id"] == "CP200200016CN"


def test_an_answer_is_valid_against_the_reconstructed_schema(desk, shared):
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(shared / "upu/profiles/cusrsp-1.xsd"))
    schema.assertValid(etree.fromstring(framed(desk, ANSWER, CLEARED)))


def test_the_sample_of_three_replies_survives(desk, shared, leaves):
    data = (shared / "upu/samples/cusrsp_3_replies.xml").read_bytes()
    cusrsp = desk("upu/cusrsp-1")
    readings = cusrsp.read(data)
    assert [reading.findings for reading in readings] == [()] * 3
    again = b"".join(
        cusrsp.format.frame(cusrsp.outer(data)[0].record, [cusrsp.format.write(each.record).text for each in readings])
    )
    assert leaves(again) == leaves(data)
