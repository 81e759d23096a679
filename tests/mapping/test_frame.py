"""Units in their envelope: what stands around them, counted, written before and after them, read by itself."""

import pytest

from gateway.model import Consignment, Message, Movement, Receptacle

ROWS = """
    head/from: {is: sender, required: true}
    head/ref: control_reference
    head/at: {is: prepared_at, date: iso}
    body/parcel:
      is: consignments
      fields:
        id: item_id
    foot/remark: version
"""
TEXT = """<post><head><from>PT</from><ref>7</ref></head>
<body><parcel><id>1</id></parcel><parcel><id>2</id></parcel></body><foot><remark>done</remark></foot></post>"""


@pytest.fixture
def post(desk):
    return desk(ROWS, record="Message", root="post")


def framed(table, message, units):
    return b"".join(table.form.frame(message, [table.form.write(unit).text for unit in units])).decode()


def test_each_unit_is_read_alone(post):
    assert [post.form.read(item).record.item_id for item, _, _ in post.units(TEXT)] == ["1", "2"]


def test_what_stands_around_the_units_is_read_by_itself(post):
    (_, opening, _), *_ = post.units(TEXT)
    reading = post.form.read_outer(opening)
    assert (reading.record.sender, reading.record.version) == ("PT", "done")
    assert [entry.message_path for entry in post.form.trace_outer(opening).entries] == [
        "post/head/from",
        "post/head/ref",
        "post/foot/remark",
    ]


def test_units_are_written_into_their_envelope(post):
    message = Message(sender="PT", control_reference="7", version="done")
    text = framed(post, message, [Consignment(item_id="1"), Consignment(item_id="2")])
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<post>\n  <head>\n    <from>PT</from>\n')
    assert "  <body>\n    <parcel>\n      <id>1</id>\n    </parcel>\n    <parcel>\n      <id>2</id>" in text
    assert text.endswith("  </body>\n  <foot>\n    <remark>done</remark>\n  </foot>\n</post>\n")
    assert [post.form.read(item).record.item_id for item, _, _ in post.units(text)] == ["1", "2"]


def test_envelope_that_lacks_something_is_found_before_it_is_written(post):
    (found,) = post.form.check_frame(Message(control_reference="7"))
    assert (found.code, found.source.path) == ("TGT501", "post/head/from")


ISOLATED = """
    number: id
    bag:
      is: receptacles
      isolate: true
      fields:
        id: {is: id, required: true}
"""


def test_list_that_is_isolated_is_read_and_written_entry_by_entry(desk):
    table = desk(ISOLATED, record="Movement", root="manifest")
    text = "<manifest><number>7</number><bag><id>1</id></bag><bag><no/></bag><bag><id>3</id></bag></manifest>"
    items = [item for item, _, _ in table.units(text)]
    assert [[f.code for f in table.form.read(item).findings] for item in items] == [[], ["SRC255", "SRC253"], []]
    bags = [table.form.read(item).record for item in items]
    assert (bags[0], bags[2]) == (Receptacle(id="1"), Receptacle(id="3"))
    text = framed(table, Movement(id="7"), [bags[0], bags[2]])
    assert [item.ordinal for item, _, _ in table.units(text)] == [1, 2]
    assert "<number>7</number>" in text


def test_goods_items_of_a_declaration_are_never_isolated(faults):
    found = faults("piece: {is: goods_items, isolate: true, fields: {no: description}}")
    assert [(finding.code, finding.source.line) for finding in found] == [("MAP128", 7)]
