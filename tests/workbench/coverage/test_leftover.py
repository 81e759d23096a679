"""What no row carries is found by the raw message, not by the table."""

import io
import os
from datetime import date
from pathlib import Path

import pytest

from gateway.mapping.cases import cases_of
from gateway.mapping.protocols import Limits
from gateway.mapping.registry import Registry
from gateway.workbench.coverage.leftover import Leftover, look

ON = date(2026, 9, 14)


def over(table, *messages):
    found = Leftover()
    for number, message in enumerate(messages, 1):
        data = message.encode() if isinstance(message, str) else message
        look(found, table, io.BytesIO(data), f"{number}.xml", Limits())
    return found


def test_message_whose_values_all_have_rows_is_carried_whole(bench):
    desk = bench("id: item_id\nvalue: {is: value, currency: '@currency'}")
    found = over(desk.table, "<parcels><parcel><id>A</id><value currency='EUR'>5</value></parcel></parcels>")
    assert (found.units, found.values, found.uncarried, found.share) == (1, 3, 0, 1.0)


def test_rest_is_counted_by_element_with_its_first_place(bench):
    parcel = "<parcel>\n<id>A</id><box><colour>red</colour></box><box><colour>blue</colour></box></parcel>"
    found = over(bench("id: item_id").table, f"<parcels>{parcel}{parcel}</parcels>")
    (rest,) = found.in_order()
    assert (rest.path, rest.values, rest.units) == ("parcel/box/colour", 4, 2)
    assert (rest.example.file, rest.example.line, rest.example.text) == ("1.xml", 2, "red")
    assert (found.values, found.share) == (6, pytest.approx(1 / 3))


def test_predicate_carries_what_it_asks_for_and_no_other_value(bench):
    desk = bench("\"doc[type='IV']/no\": consignor.name")
    found = over(
        desk.table, "<parcels><parcel><doc><type>IV</type><no>1</no></doc><doc><type>LI</type></doc></parcel></parcels>"
    )
    assert [(one.path, one.example.text) for one in found.in_order()] == [("parcel/doc/type", "LI")]


def test_value_that_a_row_reads_otherwise_is_not_carried_twice(bench):
    desk = bench("id: item_id")
    found = over(desk.table, "<parcels><parcel><id>A</id><id>B</id></parcel></parcels>")
    assert [(one.path, one.values) for one in found.in_order()] == [("parcel/id", 1)]


def test_what_stands_around_the_units_counts(bench):
    desk = bench("id: item_id")
    found = over(desk.table, "<parcels><sender>Z</sender><parcel><id>A</id></parcel></parcels>")
    assert [(one.path, one.example.text) for one in found.in_order()] == [("/parcels/sender", "Z")]


def test_what_a_row_leaves_aside_on_purpose_is_told_apart(bench):
    desk = bench("id: item_id\nbox: {note: the shop's own}")
    found = over(desk.table, "<parcels><parcel><id>A</id><box><colour>red</colour></box></parcel></parcels>")
    (rest,) = found.in_order()
    assert (rest.path, rest.aside.line, found.aside, found.uncarried) == ("parcel/box/colour", 8, 1, 0)


def test_unreadable_unit_is_counted_not_hidden(bench):
    desk = bench("id: item_id")
    found = over(desk.table, "<parcels><parcel><id>A</id></parcel><parcel><id>B</parcel></parcels>")
    assert (found.units, found.unreadable) == (1, 1)


@pytest.mark.parametrize("name", Registry().names())
def test_golden_messages_without_findings_are_carried_whole(name):
    registry = Registry()
    table = registry.format(name, ON)
    clean = [case for case in cases_of(name, registry.roots) if not case.is_record and not case.expected.findings]
    found = over(table, *(case.message for case in clean))
    assert {one.path: one.example.text for one in found.in_order() if not one.aside} == {}


SAMPLES = {
    "TT_IM067a.xml": "customs/uk/h7",
    "h7_postal_c07_f48_ioss.xml": "customs/uk/h7",
    "TT_IM072a.xml": "customs/uk/birds",
    "amend_one_value.xml": "customs/uk/amendment",
    "cancel.xml": "customs/uk/cancellation",
}


def test_published_examples_of_the_united_kingdom_are_carried_whole():
    """Each as what it is: several declarations look alike, the connection says which is meant. Others are answers."""
    beside = Path(__file__).resolve().parents[4] / "shared" / "data"
    samples = Path(os.environ.get("GATEWAY_SHARED_DATA", beside)) / "uk-cds" / "samples"
    if not samples.is_dir():
        pytest.skip("no shared data: set GATEWAY_SHARED_DATA")
    registry, found = Registry(), {}
    for file in sorted(samples.rglob("*.xml")):
        data, name = file.read_bytes(), SAMPLES.get(file.name, "customs/uk/response")
        assert name in registry.recognise(data[:65536], ON)
        look(found.setdefault(name, Leftover()), registry.format(name, ON), io.BytesIO(data), file.name, Limits())
    counted = {name: (one.units, one.values, one.uncarried, one.unreadable) for name, one in found.items()}
    assert counted == {
        "customs/uk/h7": (2, 127, 0, 0),
        "customs/uk/birds": (1, 55, 0, 0),
        "customs/uk/amendment": (1, 25, 0, 0),
        "customs/uk/cancellation": (1, 17, 0, 0),
        "customs/uk/response": (17, 249, 0, 0),
    }
