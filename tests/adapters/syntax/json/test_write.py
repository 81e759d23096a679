"""Records written as JSON: kinds by grammar and by model, lists, `null`, envelopes; what is read comes back."""

import io
import json
from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.mapping.law import back
from gateway.mapping.protocols import Item, Limits, Opening, Slice
from gateway.mapping.registry import Registry
from gateway.model import Amount, Consignment, GoodsItem, Measure, Message

ON = date(2026, 11, 22)
ROWS = """\
      id:             {is: item_id, required: true}
      returned:       returned
      pieces:         package_count
      mass:           {is: gross_mass, unit: KGM}
      posted:         {is: posted_at, date: iso}
      numbers:        local_ids
      to:
        is: consignee
        fields:
          name:       name
          phone:      "communications[type=TE].value"
      goods:
        is: goods_items
        fields:
          what:       description
          hs:         hs_code
          worth:      {is: value, currency: ../money}
"""
ORDERS = f"""\
format: shop/orders
title: Orders of a shop in one document
syntax: json
record: Message
root: "batch[kind='orders']"
fields:
  kind:               version
  shop:               sender
  number:             control_reference
  data/orders:
    is: consignments
    fields:
{ROWS}
      /currency:      {{is: extension.currency, only: read}}
"""
ORDER = f"""\
format: shop/order
title: One order
syntax: json
grammar: shop/order.csv
record: Consignment
root: order
fields:
{ROWS.replace("      ", "  ")}"""
GRAMMAR = """\
path,min,max,kind,format,facets,wco_id,name
order,1,1,object,,,,order
order/id,1,1,string,an..35,,,number
order/returned,0,1,boolean|null,,,,sent back
order/pieces,0,1,string,n..8,,,packages
order/mass,0,1,number|null,"n..16,6",,,weight
order/posted,0,1,string,an..35,,,posted
order/numbers,0,unbounded,array number,an..35,,,further numbers
order/to,0,1,object|null,,,,addressee
order/to/name,0,1,string,an..70,,,name
order/to/phone,0,1,string|null,an..50,,,telephone
order/goods,0,unbounded,array object,,,,goods
order/goods/what,0,1,string,an..512,,,description
order/goods/hs,0,1,number,an..18,,,HS code
order/goods/money,0,1,string,a3,,,currency
order/goods/worth,0,1,string,"n..16,3",,,value
"""
RECORD = Consignment(
    item_id="0012",
    returned=False,
    package_count=2,
    gross_mass=Measure(Decimal("0.10")),
    local_ids=("7", "A-8"),
    goods_items=(
        GoodsItem(description='a "cup"\n', hs_code="6911", value=Amount(Decimal("5.00"), "EUR")),
        GoodsItem(hs_code="0102"),
    ),
)


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    (folder / "shop").mkdir()
    (folder / "shop/orders.yaml").write_text(ORDERS)
    (folder / "shop/order.yaml").write_text(ORDER)
    (folder / "shop/order.csv").write_text(GRAMMAR)
    found = Registry([folder])
    for name in ("shop/orders", "shop/order"):
        assert [fault for fault in found.faults(name) if fault.severity == "error"] == []
    return found


def units(table, data):
    """Openings, and items with their bytes."""
    opening = None
    for part in table.syntax.slices(io.BytesIO(data), table.plan, 3, Limits()):
        if isinstance(part, Opening):
            opening = part
            yield part, opening, b""
        elif isinstance(part, Slice):
            stretch = data[part.offset : part.offset + part.length]
            for item in table.syntax.items(opening, part, stretch, table.plan, Limits()):
                assert isinstance(item, Item)
                yield item, opening, data[item.span.offset : item.span.offset + item.span.length]


def test_without_a_grammar_the_model_says_what_is_a_number(registry):
    table = registry.format("shop/orders", ON)
    text = table.write(RECORD).text
    assert json.loads(text, parse_float=str, parse_int=str) == {
        "id": "0012",
        "returned": False,
        "pieces": "2",
        "mass": "0.10",
        "numbers": ["7", "A-8"],
        "goods": [{"what": 'a "cup"\n', "hs": "6911", "worth": "5.00", "money": "EUR"}, {"hs": "0102"}],
    }
    assert '"mass": 0.10' in text
    assert '"hs": "0102"' in text
    assert '"pieces": 2,' in text


def test_the_grammar_says_it_where_there_is_one(registry):
    text = registry.format("shop/order", ON).write(RECORD).text
    assert text == (
        '{\n  "id": "0012",\n  "returned": false,\n  "pieces": "2",\n  "mass": 0.10,\n'
        '  "numbers": [\n    7,\n    "A-8"\n  ],\n  "to": null,\n  "goods": [\n'
        '    {\n      "what": "a \\"cup\\"\\n",\n      "hs": 6911,\n'
        '      "money": "EUR",\n      "worth": "5.00"\n    },\n'
        '    {\n      "hs": "0102"\n    }\n  ]\n}\n'  # a number has no leading zeros: it stays a text
    )


def test_null_stands_where_the_grammar_wants_it(registry):
    text = registry.format("shop/order", ON).write(Consignment(item_id="1")).text
    assert json.loads(text) == {"id": "1", "returned": None, "mass": None, "to": None}


def test_units_stand_in_their_envelope(registry):
    table = registry.format("shop/orders", ON)
    message = Message(sender="Shop", control_reference="9", version="orders")
    texts = [table.write(msgspec.structs.replace(RECORD, item_id=str(number))).text for number in range(4)]
    data = b"".join(table.frame(message, texts))
    assert [one["id"] for one in json.loads(data)["data"]["orders"]] == ["0", "1", "2", "3"]
    (opening, *_), *items = units(table, data)
    assert table.read_outer(opening).record == message
    assert [table.read(item).record.item_id for item, _, _ in items] == ["0", "1", "2", "3"]
    assert list(back(table, data)) == []
    empty = json.loads(b"".join(table.frame(message, ())))
    assert empty == {"kind": "orders", "shop": "Shop", "number": "9", "data": {"orders": []}}


def test_an_outer_fact_is_given_to_each_unit(registry):
    table = registry.format("shop/orders", ON)
    data = b'{"kind": "orders", "data": {"orders": [{"id": "1"}, {"id": "2"}]}, "currency": "EUR"}'
    records = [table.read(item) for item, _, raw in units(table, data) if raw]
    assert [reading.record.extension for reading in records] == [{"currency": "EUR"}] * 2
    traces = [table.trace_read(item, raw, opening) for item, opening, raw in units(table, data) if raw]
    assert [trace.record for trace in traces] == [reading.record for reading in records]
    assert registry.recognise(data, ON)[0] == "shop/orders"


def test_every_value_is_found_at_its_bytes(registry):
    table = registry.format("shop/order", ON)
    data = '[\n {"id": "Å1", "goods": [{"hs": 6911},\n  {"what": "cup", "worth": "5.0", "money": "EUR"}]}]'.encode()
    ((item, opening, raw),) = [unit for unit in units(table, data) if unit[2]]
    found = {entry.message_path: entry for entry in table.trace_read(item, raw, opening).entries}
    cut = {path: data[entry.span.offset : entry.span.offset + entry.span.length] for path, entry in found.items()}
    assert cut == {
        "order/id": '"Å1"'.encode(),
        "order/goods/hs": b"6911",
        "order/goods[2]/what": b'"cup"',
        "order/goods[2]/worth": b'"5.0"',
        "order/goods[2]/money": b'"EUR"',
    }
    assert [found[path].span.line for path in ("order/id", "order/goods[2]/what")] == [2, 3]
    assert found["order/goods[2]/worth"].model_path == "goods_items[2].value"


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)
NUMBER = st.decimals(min_value=0, max_value=10**6, places=3, allow_nan=False, allow_infinity=False)
RECORDS = st.builds(
    Consignment,
    item_id=TEXT,
    returned=st.none() | st.booleans(),
    package_count=st.none() | st.integers(0, 10**6),
    gross_mass=st.none() | st.builds(Measure, NUMBER),
    local_ids=st.lists(TEXT, max_size=3).map(tuple),
    goods_items=st.lists(
        st.builds(GoodsItem, description=TEXT, hs_code=st.none() | st.from_regex("[0-9]{4,10}", fullmatch=True)),
        max_size=3,
    ).map(tuple),
)


@pytest.mark.parametrize("name", ["shop/order", "shop/orders"])
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(RECORDS, min_size=1, max_size=4))
def test_what_is_written_is_read_again(registry, name, records):
    table = registry.format(name, ON)
    written = [table.write(record) for record in records]
    assert all(one.text is not None for one in written)
    data = b"".join(
        table.frame(Message(version="orders") if name == "shop/orders" else None, [one.text for one in written])
    )
    assert json.loads(data)
    readings = [table.read(item) for item, _, raw in units(table, data) if raw]
    assert [reading.record for reading in readings] == records
