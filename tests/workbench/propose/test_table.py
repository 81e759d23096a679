"""A proposed table is a table: it lints, it reads the message it was made from, it says why."""

from datetime import date

import pytest

from gateway.mapping.law import units
from gateway.workbench.propose.raw import Refused
from tests.workbench.propose.conftest import CSV, JSON, MESSAGES, XML

DAY = date(2026, 11, 22)


def read(found, registry, message):
    table = registry(found).format("own/new", DAY)
    return [table.read(unit.item).record for unit in units(table, message.encode())]


@pytest.mark.parametrize("syntax", MESSAGES)
def test_table_has_no_faults(propose, registry, syntax):
    faults = registry(found := propose(MESSAGES[syntax])).faults("own/new")
    assert [fault for fault in faults if fault.severity != "info"] == [], found.text


@pytest.mark.parametrize("syntax", MESSAGES)
def test_message_is_read_by_the_table_made_from_it(propose, registry, syntax):
    first = read(propose(MESSAGES[syntax]), registry, MESSAGES[syntax])[0]
    assert first.item_id == "RR473124829GB"
    assert first.consignor is not None
    assert first.consignee.address.country == "ES"
    assert [goods.hs_code for goods in first.goods_items] == ["691200", "441990"]
    assert [str(goods.value.amount) for goods in first.goods_items] == ["18.00", "6.50"]


def test_envelope_makes_a_message_of_it(propose):
    found = propose(XML)
    assert found.record == "Message"
    assert "is: consignments" in " ".join(found.text.split())


def test_record_can_be_asked_for(propose, registry):
    found = propose(XML, "Consignment")
    assert "root: sendungen/sendung" in found.text
    assert read(found, registry, XML)[0].gross_mass is not None


def test_rows_of_one_parcel_are_grouped(propose, registry):
    found = propose(CSV)
    assert "group: [Parcel ID]" in found.text
    assert [len(record.goods_items) for record in read(found, registry, CSV)] == [2, 1]


def test_arithmetic_tells_the_price_of_a_piece_from_that_of_the_line(propose):
    lines = propose(JSON).text.splitlines()
    unit = next(line for line in lines if "unitPrice:" in line)
    assert "unit_price" in unit
    assert "unitPrice x quantity = total" in unit


def test_values_of_persons_are_never_quoted(propose):
    for message in MESSAGES.values():
        assert "Ejemplo" not in propose(message).text
        assert "28001" not in propose(message).text


def test_what_fits_nothing_is_said_and_commented_out(propose):
    found = propose(JSON.replace('"shipment": {', '"shipment": {"hue": "blue", '))
    line = next(line for line in found.text.splitlines() if "hue" in line)
    assert line.strip().startswith("# hue:")
    assert "nothing fits" in line


def test_same_sample_gives_the_same_table(propose):
    assert propose(XML).text == propose(XML).text


def test_message_without_anything_known_is_refused(propose):
    with pytest.raises(Refused) as refused:
        propose("<a><b>1</b></a>")
    assert refused.value.finding.code == "MAP503"
