"""How a file is cut: interchanges, what stands around their units, slices; everything that is not a fault of a unit."""

import io
import tracemalloc

import pytest
from lxml import etree

from adapters.syntax.xml import SYNTAX
from gateway.mapping.plan import Plan, Step
from gateway.mapping.protocols import Bad, Closing, Limits, Opening, Slice

MESSAGE = (
    b"<message><msghead><sender>%s</sender></msghead><msgbody><itmatt_1_5_0>%s</itmatt_1_5_0></msgbody>"
    b"<total>2</total></message>"
)


def test_every_item_has_its_place(item, file, read):
    items = [item(number) for number in range(1, 1201)]
    data = file(items)
    found = read(data)
    assert [cut(data, one) for one in found.items] == items
    assert [one.items for one in found.slices] == [500, 500, 200]


def test_slices_hold_as_many_items_as_asked_for(item, file, read):
    found = read(file([item(number) for number in range(1, 8)]), size=3)
    assert [one.items for one in found.slices] == [3, 3, 1]


def test_head_and_tail_are_everything_around_the_items(item, read):
    data = b'<?xml version="1.0"?><x xmlns="m33"><h/>' + MESSAGE % (b"CNA", item(1) + item(2)) + b"</x>"
    [opening] = read(data).openings
    assert opening.head == (
        b'<?xml version="1.0"?><x xmlns="m33"><h/>'
        b"<message><msghead><sender>CNA</sender></msghead><msgbody><itmatt_1_5_0>"
    )
    assert opening.tail == b"</itmatt_1_5_0></msgbody><total>2</total></message></x>"
    assert cut(data, opening).startswith(b"<message>")
    assert cut(data, opening).endswith(b"</message>")


def test_several_messages_in_one_file(item, read):
    data = b'<x xmlns="m33">' + MESSAGE % (b"CNA", item(1)) + b"\n" + MESSAGE % (b"JPA", item(2) + item(3)) + b"</x>"
    found = read(data)
    assert [closing.items for closing in found.closings] == [1, 2]
    assert [one.interchange for one in found.slices] == [1, 2]
    assert b"CNA" not in found.openings[1].head
    assert etree.fromstring(found.openings[1].head + found.openings[1].tail)[0][0][0].text == "JPA"


def test_a_message_without_items_is_told_and_the_others_are_read(item, read):
    data = b'<x xmlns="m33">' + MESSAGE % (b"CNA", b"") + MESSAGE % (b"JPA", item(2)) + b"</x>"
    found = read(data)
    assert found.codes() == ["SRC206"]
    assert cut(data, found.parts[0]) == MESSAGE % (b"CNA", b"") and found.parts[0].interchange == 1
    assert len(found.items) == 1


def test_a_header_that_cannot_be_read_costs_its_message(item, read, plan):
    data = b'<x xmlns="m33">' + MESSAGE % (b"A & B", item(1)) + MESSAGE % (b"JPA", item(2)) + b"</x>"
    found = read(data)
    assert found.codes() == ["SRC218"]
    assert [(cut(data, one), one.id_hint) for one in found.outcomes if isinstance(one, Bad)] == [
        (item(1), "RR00000001CN")
    ]
    assert [cut(data, one) for one in found.items] == [item(2)]
    assert [isinstance(SYNTAX.outer(one, plan), Bad) for one in found.openings] == [True, False]


@pytest.mark.parametrize(("header", "code"), [(b"&name;", "SRC203"), (b"\xff", "SRC224"), (b"<a></b>", "SRC210")])
def test_what_is_wrong_with_a_header_is_told(header, code, item, read, plan):
    (opening,) = read(b'<x xmlns="m33">' + MESSAGE % (header, item(1)) + b"</x>").openings
    found = SYNTAX.outer(opening, plan)
    assert [one.code for one in found.findings] == [code] and found.interchange == opening.interchange


def test_totals_that_cannot_be_read_cost_no_item(item, file, read):
    found = read(file([item(1), item(2)]).replace(b"</msgbody>", b"</msgbody><total>1 & 2</total>"))
    assert len(found.items) == 2
    assert found.notes == ["SRC216"]


@pytest.mark.parametrize("lost", [b"</itmatt_1_5_0>", b"</msgbody>", b"</message>", b"</interchange>"])
def test_end_tag_of_the_envelope_missing(lost, item, file, read):
    found = read(file([item(1), item(2)]).replace(lost, b""))
    assert len(found.items) == 2
    assert set(found.notes) == {"SRC211"}


def test_end_tag_of_a_message_missing_costs_no_other(item, read):
    first = (MESSAGE % (b"CNA", item(1))).replace(b"</message>", b"")
    found = read(b'<x xmlns="m33">' + first + MESSAGE % (b"JPA", item(2)) + b"</x>")
    assert len(found.items) == 2
    assert found.notes == ["SRC211"]


def test_a_file_cut_off_loses_the_item_it_is_cut_off_in(item, file, read):
    items = [item(number) for number in range(1, 4)]
    data = file(items)
    data = data[: data.index(items[2]) + 90]
    found = read(data)
    assert [cut(data, one) for one in found.items] == items[:2]
    assert found.codes() == ["SRC221"]
    assert found.notes == ["SRC211"]


@pytest.mark.parametrize("surplus", [b"x", b"<item/>", b"</interchange>", b"\x00", b"<!DOCTYPE a>"])
def test_content_behind_the_document_is_told(surplus, item, file, read):
    found = read(file([item(1)]) + surplus)
    assert len(found.items) == 1
    assert found.notes == ["SRC215"]


@pytest.mark.parametrize("between", [b"", b"\n", b'\n<?xml version="1.0"?>\n', b"<!-- next -->"])
def test_a_second_document_refuses_the_file(between, item, file, read):
    data = file([item(1)])
    assert read(data + between + data.partition(b"?>")[2].lstrip()).codes() == ["SRC217"]


@pytest.mark.parametrize("empty", [b"", b"  ", b"<a/>", b"text", b"<a>", b"<x><message><msgbody/></message></x>"])
def test_no_item(empty, read):
    assert read(empty).codes() == ["SRC206"]


def test_a_document_type_refuses_the_file(item, file, read):
    found = read(file([item(1)]).replace(b"<interchange", b"<!DOCTYPE interchange []>\n<interchange"))
    assert found.codes() == ["SRC202"]
    assert found.items == []


def test_too_many_items(item, file):
    found = SYNTAX.slices(io.BytesIO(file([item(1)] * 21)), PLAN, 500, Limits(items=20))
    assert [one.findings[0].code for one in found] == ["SRC214"]


def test_too_much_around_the_items(item, file):
    data = file([item(1)]).replace(b"<msghead>", b"<msghead>" + b"<sender>CNA</sender>" * 1000)
    assert [one.findings[0].code for one in SYNTAX.slices(io.BytesIO(data), PLAN, 500, Limits(item_bytes=9000))] == [
        "SRC212"
    ]


def test_prefixes_may_vary(item, file, read):
    data = file([item(1), b'<n:item xmlns:n="m33"><n:item-id>2</n:item-id></n:item>', item(3)])
    found = read(data)
    assert [one.body.tag for one in found.items] == ["{m33}item"] * 3


def test_elements_between_items_belong_to_the_tail(item, file, read):
    found = read(file([item(1) + b"<page>2</page>", item(2)]))
    assert len(found.items) == 2
    assert b"<page>2</page>" in found.openings[0].tail


def test_an_item_inside_an_element_beside_the_items_is_none(item, file, read):
    found = read(file([b"<related><item>x</item></related>" + item(1), item(2) + b"<also><item/></also>"]))
    assert len(found.items) == 2


def test_an_element_beside_the_items_left_open_costs_what_is_in_it(item, file, read):
    found = read(file([item(1) + b"<page>2", item(2), item(3)]))
    assert found.codes() == ["SRC222"]
    assert len(found.items) == 3


def test_items_in_comments_are_none(item, file, read):
    data = file([b"<!-- " + item(1) + b" -->" + item(2), item(3) + b"<!-- <item> -->"])
    assert [cut(data, one) for one in read(data).items] == [item(2), item(3)]


def test_items_of_the_same_name_inside_an_item(item, file, read):
    nested = item(1).replace(b"toy car", b"<related><item><item-id>2</item-id></item></related>")
    data = file([nested, item(3)])
    assert [cut(data, one) for one in read(data).items] == [nested, item(3)]


def test_greater_than_in_an_attribute(item, file, read):
    data = file([item(1).replace(b"<item>", b"<item note='a > b </item'>".replace(b"</", b"")), item(2)])
    assert len(read(data).items) == 2


def test_the_document_element_may_be_the_unit(read):
    plan = Plan("p", "", "xml", "Decision", "Decision", (Step("Response"),), (), {"": ("",)})
    data = b'<?xml version="1.0"?>\n<!-- x -->\n<Response>\n<ID>1</ID></Response>\n'
    found = read(data, plan)
    assert [cut(data, one) for one in found.items] == [b"<Response>\n<ID>1</ID></Response>"]
    assert found.items[0].body[0].text == "1"


def test_a_record_may_be_the_unit(read):
    plan = Plan("p", "", "xml", "Decision", "Decision", (Step("MetaData"), Step("Response")), (), {"": ("",)})
    data = b"<MetaData><Type>RES</Type><Response><ID>1</ID></Response><End/></MetaData>"
    found = read(data, plan)
    assert [cut(data, one) for one in found.items] == [b"<Response><ID>1</ID></Response>"]
    assert [one.tag for one in found.items[0].body.getparent()] == ["Type", "Response", "End"]


def test_units_of_several_parents_keep_their_own(read):
    plan = Plan("p", "", "xml", "Movement", "Consignment", (Step("m"),), (Step("house"), Step("parcel")), {"": ("",)})
    data = b"<m><id>1</id><house><n>A</n><parcel/></house><house><n>B</n><parcel/><parcel/></house><end/></m>"
    found = read(data, plan)
    assert [one.body.getparent()[0].text for one in found.items] == ["A", "B", "B"]
    assert [closing.items for closing in found.closings] == [1, 2]


def test_memory_does_not_grow_with_the_file(item, file):
    made = file([item(1)])
    head, tail = made.split(item(1))
    stream = Endless(head, (item(1) + b"\n") * 1000, 400, tail)
    tracemalloc.start()
    events = list(SYNTAX.slices(stream, PLAN, 500, Limits(items=10**6)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert stream.given > 60_000_000
    assert sum(one.items for one in events if isinstance(one, Slice)) == 400_000
    assert peak < 8_000_000


class Endless(io.RawIOBase):
    """A long file that is never whole in memory."""

    def __init__(self, head, middle, times, tail):
        self.parts = iter([head, *[middle] * times, tail])
        self.rest = b""
        self.given = 0

    def read(self, size=-1):
        while len(self.rest) < size and (part := next(self.parts, None)) is not None:
            self.rest += part
        block, self.rest = self.rest[:size], self.rest[size:]
        self.given += len(block)
        return block


def test_events_come_in_the_order_of_the_file(item, file):
    kinds = [type(event) for event in SYNTAX.slices(io.BytesIO(file([item(1)])), PLAN, 500, Limits())]
    assert kinds == [Opening, Slice, Closing]


def steps(*names):
    return tuple(Step(name, "m33") for name in names)


PLAN = Plan(
    "p", "", "xml", "Message", "Consignment", steps("interchange", "message"), steps("msgbody", "itmatt_1_5_0", "item"),
    {"": ("m33",)}, any_root=True,
)  # fmt: skip


def cut(data, one):
    return data[one.span.offset : one.span.offset + one.span.length]
