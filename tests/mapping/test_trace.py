"""A trace tells each value's place in message and model, the row that carries it, and what was done to it."""

from decimal import Decimal

from gateway.model import Amount, Consignment, GoodsItem, Measure

ROWS = """
    id: {is: item_id, note: given by the post}
    nature: {is: nature, codes: nature}
    weight: {is: gross_mass, unit: GRM}
    piece:
      is: goods_items
      fields:
        '@no': '#'
        text: description
        value: {is: value, currency: '@currency'}
    units: package_count
"""
GRAMMAR = """
    parcel,1,1,group,,,29A,
    parcel/id,0,1,element,an..13,,D014,
    parcel/nature,0,1,element,an..3,,,
    parcel/weight,0,1,element,"n..8,3",,126,
    parcel/piece,0,unbounded,group,,,68A,
    parcel/piece/@no,0,1,attribute,n..3,,,
    parcel/piece/text,0,1,element,an..70,,137,
    parcel/piece/value,0,1,element,"n..9,2",,112,
    parcel/piece/value/@currency,0,1,attribute,a3,,,
    parcel/units,0,1,element,n..3,,,
"""
CODES = {"nature": "message,model,preferred\n1,sale,1\n2,gift,1\n"}
MESSAGE = (
    "<parcel>\n<id>A1</id>\n<nature>2</nature><piece no='1'><text>Caf&#233; &amp; co</text></piece>"
    "<piece no='2'><text>Tea</text><value currency='EUR'>4.50</value></piece></parcel>"
)


def traced(desk):
    return desk(ROWS, grammar=GRAMMAR, codes=CODES).trace(MESSAGE)


def test_each_value_has_its_place_in_message_and_model(desk):
    assert [(entry.message_path, entry.model_path, entry.text) for entry in traced(desk).entries] == [
        ("parcel/id", "item_id", "A1"),
        ("parcel/nature", "nature", "2"),
        ("parcel/piece/@no", "", "1"),
        ("parcel/piece/text", "goods_items[1].description", "Café & co"),
        ("parcel/piece[2]/@no", "", "2"),
        ("parcel/piece[2]/text", "goods_items[2].description", "Tea"),
        ("parcel/piece[2]/value", "goods_items[2].value", "4.50"),
        ("parcel/piece[2]/value/@currency", "goods_items[2].value.currency", "EUR"),
    ]


def test_each_value_has_its_bytes(desk):
    data = MESSAGE.encode()
    raw = {
        entry.message_path: data[entry.span.offset : entry.span.offset + entry.span.length]
        for entry in traced(desk).entries
        if entry.span
    }
    assert raw["parcel/id"] == b"A1"
    assert raw["parcel/piece/text"] == b"Caf&#233; &amp; co"
    assert raw["parcel/piece[2]/value"] == b"4.50"
    assert raw["parcel/piece[2]/value/@currency"] == b"EUR"


def test_each_value_has_its_row_and_the_chain_of_wco_ids(desk):
    found = {entry.message_path: entry for entry in traced(desk).entries}
    deep = found["parcel/piece[2]/value"]
    assert deep.wco_ids == ("29A", "68A", "112")
    assert (deep.row.file, deep.row.line) == ("own/table.yaml", 16)
    assert found["parcel/id"].note == "given by the post"


def test_what_is_written_is_traced_in_the_order_of_the_grammar(desk):
    goods = (GoodsItem(number=7, value=Amount(Decimal("4.50"), "EUR")),)
    record = Consignment(item_id="A1", nature="gift", gross_mass=Measure(Decimal("1.5"), "KGM"), goods_items=goods)
    table = desk(ROWS, grammar=GRAMMAR, codes=CODES)
    assert [(entry.message_path, entry.model_path, entry.text) for entry in table.form.trace_write(record).entries] == [
        ("parcel/id", "item_id", "A1"),
        ("parcel/nature", "nature", "2"),
        ("parcel/weight", "gross_mass", "1500"),
        ("parcel/piece/@no", "", "1"),
        ("parcel/piece/value", "goods_items[1].value", "4.50"),
        ("parcel/piece/value/@currency", "goods_items[1].value.currency", "EUR"),
    ]


def test_trace_of_a_shipped_message_leads_to_the_same_record(shipped):
    """An item that was understood without a parser is traced as well."""
    from gateway.mapping.registry import shipped as folder

    table = shipped("upu/itmatt-1.5")
    text = (folder() / "upu" / "cases" / "itmatt-1.5" / "every-element.in").read_text()
    for (_, opening, raw), fast in zip(table.units(text), table.scanned(text), strict=True):
        trace = table.form.trace_read(fast, raw, opening)
        assert trace.record == table.form.read(fast).record
        assert all(entry.span is not None for entry in trace.entries)
        data = text.encode()
        for entry in trace.entries:
            assert entry.span.line == data[: entry.span.offset].count(b"\n") + 1
