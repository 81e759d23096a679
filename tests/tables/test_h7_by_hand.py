"""Ten consignments and their declarations, each written by hand from the message and the rules, then compared."""

import re
from collections import Counter

import msgspec
import pytest
from lxml import etree

BODY = "/interchange/message/msgbody/itmatt_1_5_0"
DERIVED = {"declared-value", "declared-value/@currency"}  # the sum of the goods where the sender states none
CASES = (
    "01-portugal-registered-letter",
    "02-china-parcel-three-kinds",
    "03-japan-ems-gift",
    "04-kuwait-three-decimals",
    "05-india-samples-with-invoice",
    "06-ukraine-returned-goods",
    "07-thailand-markup",
    "08-united-states-to-northern-ireland",
    "09-greece-corrected",
    "10-germany-four-kinds",
)


@pytest.mark.parametrize("name", CASES)
def test_a_consignment_is_declared_as_a_person_would_declare_it(name, case, desk, declare, leaves):
    message, settings, expected = case(name)
    (reading,) = desk("upu/itmatt-1.5").read(message)
    assert reading.findings == ()
    lrn = re.search(rb"<FunctionalReferenceID>(.*?)<", expected)[1].decode()
    declared, findings = declare(reading.record, settings, lrn)
    written = desk("customs/uk/h7").format.write(declared)
    assert (findings, written.findings) == ((), ())
    assert leaves(written.text.encode()) == leaves(expected)


@pytest.mark.parametrize("name", CASES)
def test_what_was_declared_by_hand_is_valid_and_survives_reading_and_writing(name, case, desk, leaves, schema):
    _, _, expected = case(name)
    schema.assertValid(etree.fromstring(expected))
    (reading,) = desk("customs/uk/h7").read(expected)
    assert reading.findings == ()
    written = desk("customs/uk/h7").format.write(reading.record)
    assert leaves(written.text.encode()) == leaves(expected)


@pytest.mark.parametrize("name", CASES)
def test_a_message_survives_reading_and_writing(name, case, desk, leaves):
    message, _, _ = case(name)
    itmatt = desk("upu/itmatt-1.5")
    (reading,), ((item, _, _),) = itmatt.read(message), itmatt.items(message)
    unit = itmatt.format.write(reading.record).text
    again = b"".join(itmatt.format.frame(itmatt.outer(message)[0].record, [unit]))
    before, after = leaves(item.body), [leaf for leaf in leaves(again) if "/item/" in leaf[0]]
    added = Counter(after) - Counter((f"{BODY}{path}", text) for path, text in before)
    assert {path.removeprefix(f"{BODY}/item/") for path, _ in added} <= DERIVED
    assert [leaf for leaf in after if leaf not in added] == [(f"{BODY}{path}", text) for path, text in before]
    assert msgspec.structs.replace(itmatt.read(again)[0].record, value=reading.record.value) == reading.record


@pytest.fixture(scope="module")
def schema(shared):
    return etree.XMLSchema(etree.parse(shared / "uk-cds/schemas/customs/wrapper_submit.xsd"))
