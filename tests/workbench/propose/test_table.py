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


@pytest.mark.parametrize("message", ["<a><b>1</b></a>", "<a/>", "<a>1</a>", "{}", "[]", '{"a": []}', "Parcel,Weight\n"])
def test_message_without_anything_known_is_refused(message, propose):
    with pytest.raises(Refused) as refused:
        propose(message)
    assert refused.value.finding.code == "MAP503"


def test_columns_are_named_as_a_row_can_name_them(propose, registry):
    found = propose("Parcel,Weight (kg),Description,HS/code\nCP200200016CN,1.5,Porcelain cup,691110\n")
    assert "Weight kg:" in found.text
    assert registry(found).faults("own/new") == ()


def test_goods_of_rows_that_no_column_groups_are_read(propose, registry):
    message = "Description,HS Code,Qty,Origin\nPorcelain cup,691110,2,CN\nWooden spoon,441990,1,VN\n"
    assert [one.goods_items[0].hs_code for one in read(propose(message), registry, message)] == ["691110", "441990"]


def test_lines_of_an_address_make_one_row_of_their_own_party(propose, registry):
    message = JSON.replace('"line1": "1 Example Lane"', '"line1": "1 Example Lane", "line2": "Flat 3"')
    found = propose(message)
    assert "address/line1 + address/line2: {is: address.lines, as: lines}" in " ".join(found.text.split())
    (record,) = read(found, registry, message)
    assert record.consignor.address.lines == ("1 Example Lane", "Flat 3")
    assert record.consignee.address.lines == ("Calle Prueba 3",)


def test_units_that_carriers_write_their_own_way_get_a_code_list(propose, registry):
    message = JSON.replace('"unit": "KGM"', '"unit": "kg"')
    found = propose(message)
    assert "codes: carrier/mass-units" in found.text
    assert read(found, registry, message)[0].gross_mass.unit == "KGM"


def test_hs_codes_with_points_are_converted(propose, registry):
    message = JSON.replace("691200", "6912.00")
    assert read(propose(message), registry, message)[0].goods_items[0].hs_code == "691200"


def test_order_number_tells_items_apart_where_nothing_else_does(propose, registry):
    message = JSON.replace('"trackingNumber": "RR473124829GB"', '"orderReference": "A-77"')
    assert read(propose(message), registry, message)[0].item_id == "A-77"
