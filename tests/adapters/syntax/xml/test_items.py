"""What is handed out: elements inside their message, hundreds at a time, caps, hints."""

import subprocess
import sys

import pytest

from adapters.syntax.xml import SYNTAX
from gateway.mapping.plan import Plan
from gateway.mapping.protocols import Bad, Item, Limits, Slice

ANY = Plan("", "", "xml", "", "", (), (), {})


def test_an_item_stands_inside_its_message(item, file, read):
    body = read(file([item(number) for number in range(1, 251)])).items[230].body
    assert body.findtext("{m33}item-id") == "RR00000231CN"
    root = body.getroottree().getroot()
    assert root.findtext(".//{m33}sender") == "CNA"
    assert [one.tag for one in body.iterancestors()] == [
        "{m33}itmatt_1_5_0", "{m33}msgbody", "{m33}message", "{m33}interchange",
    ]  # fmt: skip


def test_comments_instructions_and_sections_leave_no_trace(item, file, read):
    one = item(1).replace(b"toy car", b"<?p x?>toy<!-- red --> <![CDATA[car]]>")
    assert read(file([one])).items[0].body.findtext("{m33}description") == "toy car"


def test_references_are_resolved(item, file, read):
    one = item(1).replace(b"toy car", b"&lt;&#233;&#x20AC;&amp;&gt;&quot;&apos;")
    assert read(file([one])).items[0].body.findtext("{m33}description") == "<é€&>\"'"


def test_a_fault_leaves_the_other_items_of_its_hundred_where_they_are(item, file, read):
    items = [item(number) for number in range(1, 301)]
    items[149] = items[149].replace(b"toy", b"&")
    found = read(file(items))
    assert [one.ordinal for one in found.bad] == [150]
    assert len(found.items) == 299


def test_a_slice_may_be_cut_in_two(item, file, read, plan):
    data = file([item(number) for number in range(1, 11)])
    found = read(data)
    [opening], [whole] = found.openings, found.slices
    middle = found.items[4].span.offset
    first = Slice(1, 1, whole.offset, middle - whole.offset, whole.line, 4)
    second = Slice(1, 5, middle, whole.offset + whole.length - middle, found.items[4].span.line, 6)
    spans = []
    for half in (first, second):
        stretch = data[half.offset : half.offset + half.length]
        spans += [one.span for one in SYNTAX.items(opening, half, stretch, plan, Limits())]
    assert spans == [one.span for one in found.items]


def test_depth_is_that_of_the_document(item, file, read):
    deep = item(1).replace(b"toy car", b"<a>" * 20 + b"</a>" * 20)
    assert read(file([deep]), limits=Limits(depth=26)).codes() == []
    assert read(file([deep]), limits=Limits(depth=25)).codes() == ["SRC231"]


def test_many_attributes_of_many_elements_are_fine(item, file, read):
    assert read(file([item(1).replace(b"toy car", b"<a b='' c=''/>" * 200)])).codes() == []


def test_outer_is_the_message_without_its_items(item, file, read, plan):
    [opening] = read(file([item(1)])).openings
    outer = SYNTAX.outer(opening, plan)
    assert outer.body.tag == "{m33}message"
    assert outer.body.findtext("{m33}msghead/{m33}control-reference") == "1"
    assert outer.body.find(".//{m33}item") is None


@pytest.mark.parametrize(
    ("raw", "hint"),
    [
        (b"<item><item-id> RR1 </item-id><a", "RR1"),
        (b"<m:item><m:item-id x='1'>RR1</m:item-id>", "RR1"),
        (b"<Response><FunctionalReferenceID>a1</FunctionalReferenceID>", "a1"),
        (b"<item><id>7</id>", "7"),
        (b"<item><paid>7</paid>", ""),
        (b"<item><item-id>R\xff\x00R</item-id>", "R\ufffdR"),
        (b"<item><item-id>" + b"9" * 200, "9" * 70),
        (b"nothing", ""),
    ],
)
def test_the_hint_is_what_looks_like_an_identifier(raw, hint):
    assert SYNTAX.id_hint(raw, ANY) == hint


MEASURE = """
import io, resource, sys
from adapters.syntax.xml import SYNTAX
from gateway.mapping.plan import Plan, Step
from gateway.mapping.protocols import Limits, Opening, Slice
item = b"<item>" + b"<a>text</a>" * 60 + b"</item>\\n"
data = b"<m><b>" + item * int(sys.argv[1]) + b"</b></m>"
plan = Plan("", "", "xml", "", "", (Step("m"),), (Step("b"), Step("item")), {"": ("",)})
limits = Limits(items=10**6)
opening, *stretches, _ = SYNTAX.slices(io.BytesIO(data), plan, 10**6, limits)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
at = stretches[0]
for one in SYNTAX.items(opening, at, data[at.offset : at.offset + at.length], plan, limits):
    one.body[0].text
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_long_slice_holds_one_hundred_in_memory():
    grown = [int(subprocess.check_output([sys.executable, "-c", MEASURE, count])) for count in ("500", "6000")]
    assert grown[1] - grown[0] < 15_000  # KiB; the bytes of the slice itself are 4 MiB, its tree 50 MiB


def test_outcomes_are_items_or_bad(item, file, read):
    found = read(file([item(1), item(2).replace(b"toy", b"&")]))
    assert [type(one) for one in found.outcomes] == [Item, Bad]
