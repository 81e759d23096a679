"""ITMATT as it comes: any root, prefixes, several messages, three rows of what a sender may write."""

from collections import Counter
from datetime import date

import pytest

from gateway.mapping.registry import shipped

ON = date(2026, 9, 14)


def test_the_sample_of_three_items_survives(desk, shared, leaves):
    data = (shared / "upu/samples/itmatt_3_items.xml").read_bytes()
    itmatt = desk("upu/itmatt-1.5")
    readings = itmatt.read(data)
    assert [reading.findings for reading in readings] == [()] * 3
    again = b"".join(
        itmatt.format.frame(itmatt.outer(data)[0].record, [itmatt.format.write(each.record).text for each in readings])
    )
    added = Counter(leaves(again)) - Counter(leaves(data))
    assert Counter(leaves(data)) - Counter(leaves(again)) == Counter()
    assert sorted(text for _, text in added) == ["4300", "JPY"]  # the sum of the goods where the sender states none


def test_what_is_written_is_valid_against_the_reconstructed_schema(desk, shared, samples):
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(shared / "upu/profiles/itmatt-1.5.0.xsd"))
    itmatt = desk("upu/itmatt-1.5")
    for path in sorted((samples / "uk-h7").glob("*.xml")):
        data = path.read_bytes()
        units = [itmatt.format.write(each.record).text for each in itmatt.read(data)]
        schema.assertValid(etree.fromstring(b"".join(itmatt.format.frame(itmatt.outer(data)[0].record, units))))


def test_every_item_of_the_rule_samples_is_read(desk, shared):
    data = (shared / "upu/samples/itmatt_rules.xml").read_bytes()
    readings = desk("upu/itmatt-1.5").read(data)
    assert len(readings) == 31
    assert [reading.findings for reading in readings if reading.findings] == []


@pytest.mark.parametrize(
    ("path", "model_path"),
    [
        ("item/content-piece[2]/value", "goods_items[2].value"),
        ("item/recipient/address/postcode", "consignee.address.postcode"),
        ("item/sender/id-ref", "consignor.ids[1].id"),
        ("item/content-piece[3]/hs-code", "goods_items[3].hs_code"),
    ],
)
def test_each_value_has_its_place(path, model_path, desk, case):
    data, _, _ = case("02-china-parcel-three-kinds")
    (trace,) = desk("upu/itmatt-1.5").traces(data)
    (entry,) = [each for each in trace.entries if each.message_path == path]
    assert entry.model_path == model_path
    span = entry.span
    assert data[span.offset : span.offset + span.length].decode() == entry.text


def test_character_data_and_references_are_the_text_they_stand_for(desk, case):
    data, _, _ = case("07-thailand-markup")
    (reading,) = desk("upu/itmatt-1.5").read(data)
    assert reading.record.consignor.name == "สมชาย ตัวอย่าง"
    assert reading.record.goods_items[0].description == 'สบู่ & "ครีม" <50 ml> / herbal soap & cream'


def test_further_fields_are_kept_by_name(desk, case):
    data, _, _ = case("06-ukraine-returned-goods")
    (reading,) = desk("upu/itmatt-1.5").read(data)
    assert reading.record.extension == {"return-reason": "wrong size"}
    assert reading.record.goods_items[0].extension == {"size": "M", "colour": "white & red"}


def test_the_fax_of_a_recipient_is_kept_apart_from_the_telephone(desk, case):
    data, _, _ = case("06-ukraine-returned-goods")
    (reading,) = desk("upu/itmatt-1.5").read(data)
    assert {each.type for each in reading.record.consignee.communications} == {"TE", "FX"}


def test_itmatt_is_recognised_by_its_content_and_another_format_is_not(registry, samples):
    for path in sorted((samples / "uk-h7").glob("*.xml")):
        assert registry.recognise(path.read_bytes()[:65536], ON) == ("upu/itmatt-1.5",), path
    assert registry.recognise((samples / "faults" / "file-of-another-format.xml").read_bytes(), ON) == ()


def test_declarations_and_answers_are_told_apart(registry, samples, shared):
    def first(path):
        return registry.recognise(path.read_bytes()[:65536], ON)[0]

    assert first(samples / "uk-response" / "accepted.xml") == "customs/uk/response"
    assert first(samples / "uk-response" / "released-local-offset.xml") == "customs/uk/response"
    assert first(shipped() / "customs/uk/cases/h7/03-japan-ems-gift.in") == "customs/uk/h7"
    assert first(shared / "uk-cds/samples/TT_IM072a.xml") == "customs/uk/birds"


@pytest.fixture
def read(desk, samples):
    def one(name):
        data = (samples / "itmatt" / name).read_bytes()
        itmatt = desk("upu/itmatt-1.5")
        readings = itmatt.read(data)
        assert [reading.findings for reading in readings] == [()] * len(readings)
        return [each.record for each in itmatt.outer(data)], [reading.record for reading in readings]

    return one


def test_a_test_message_says_so(read):
    (envelope,), items = read("switzerland-documents.xml")
    assert envelope.test is True
    assert [(item.nature, item.mail_class) for item in items] == [("91", "U"), ("91", "E")]


def test_several_messages_in_one_file_keep_their_envelopes(read):
    envelopes, items = read("czechia-and-slovakia-two-messages.xml")
    assert [(each.sender, each.control_reference) for each in envelopes] == [
        ("CZ001", "ITM00000000022"),
        ("SK001", "ITM00000000023"),
    ]
    assert [item.consignor.address.country for item in items] == ["CZ", "CZ", "SK"]
    assert items[0].goods_items[0].description == "Dřevěná loutka / wooden puppet"


def test_an_older_encoding_is_read(read):
    _, (item,) = read("sweden-latin-1.xml")
    assert item.consignor.address.city == "Malmö"
    assert item.posted_at.iso == "2026-09-13T08:15:00+02:00"
