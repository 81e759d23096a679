"""Documents made at random: what is found is what was put in; damage costs what it hits and raises nothing."""

import contextlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.syntax import window
from gateway.mapping.plan import Plan, Step
from gateway.mapping.protocols import Limits

NAMES = st.sampled_from(["a", "b", "item", "message", "items", "item-id"])
TEXTS = st.sampled_from(["", "x", " \n ", "a &amp; b", "&#233;&#x20AC;", "é", "中文", "]] >", "a > b"])
ASIDES = st.sampled_from(
    ["<!-- <item> </item> -->", "<!---->", "<?target <item> ?>", "<![CDATA[</item><item>]]>", "<![CDATA[<!-- ]]>"]
)
ATTRIBUTES = st.sampled_from(["", " a='>'", ' b="</item>"'.replace("<", "&lt;"), ' c = "\'"', "\n\td='x'"])
SPACES = st.sampled_from(["", "\n", "  ", "\n<!-- <item/> -->\n", "<?skip me?>"])


def nested(children):
    return st.builds(
        lambda name, attributes, inner: f"<{name}{attributes}>{''.join(inner)}</{name}>",
        NAMES,
        ATTRIBUTES,
        st.lists(children, max_size=4),
    )


CONTENT = st.recursive(TEXTS | ASIDES, nested, max_leaves=12)
PREFIXES = st.sampled_from(["", "m:"])


@st.composite
def units(draw, prefix):
    """One unit with anything in it."""
    inner = draw(st.lists(CONTENT, max_size=4).map("".join))
    start = f"<{prefix}item{draw(ATTRIBUTES)}"
    return draw(
        st.sampled_from([f"{start}>{inner}</{prefix}item>", f"{start}/>", f"{start} >{inner}</{prefix}item\n>"])
    )


@st.composite
def files(draw):
    """The bytes of a file with the units that were put into it, message by message."""
    prefix = draw(PREFIXES)
    declared = f'xmlns{":" if prefix else ""}{prefix[:-1]}="u"'
    text, placed = draw(st.sampled_from(['<?xml version="1.0"?>\n', "", "\ufeff"])) + f"<root {declared}>", []
    for _ in range(draw(st.integers(1, 3))):
        text += draw(SPACES) + f"<{prefix}message>" + draw(st.lists(nested(TEXTS), max_size=2).map("".join))
        text += f"<{prefix}items>"
        for unit in draw(st.lists(units(prefix), min_size=1, max_size=8)):
            text += draw(SPACES)
            placed.append((len(text.encode()), unit.encode()))
            text += unit
        text += draw(SPACES) + f"</{prefix}items><total>1</total></{prefix}message>"
    return (text + "</root>").encode(), placed


PLAN = Plan(
    "test/random",
    "",
    "xml",
    "Message",
    "Consignment",
    (Step("root", "u"), Step("message", "u")),
    (Step("items", "u"), Step("item", "u")),
    {"": ("u",)},
    any_root=True,
)


@contextlib.contextmanager
def blocks_of(size):
    """Small blocks, so that every piece of markup lies across two of them some time."""
    usual, window.BLOCK = window.BLOCK, size
    try:
        yield
    finally:
        window.BLOCK = usual


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=files(), block=st.sampled_from([1, 7, 64, 1 << 20]), size=st.integers(1, 5))
def test_units_are_found_where_they_were_put(file, block, size, read):
    data, placed = file
    with blocks_of(block):
        found = read(data, PLAN, size=size)
    assert found.codes() == []
    assert found.notes == []
    assert [(one.span.offset, cut(data, one)) for one in found.items] == placed


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=files())
def test_units_read_alone_say_what_they_say_in_the_whole(file, read):
    data, _ = file
    whole = etree.fromstring(data, etree.XMLParser(remove_comments=True, remove_pis=True))
    wanted = [leaf_texts(unit) for unit in whole.iter("{u}item") if sum(1 for _ in unit.iterancestors()) == 3]
    assert [leaf_texts(one.body) for one in read(data, PLAN).items] == wanted


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_damaged_byte_costs_one_unit_at_most(data, item, file, read):
    items = [item(number) for number in range(1, 9)]
    whole = file(items)
    first, last = whole.index(items[0]), whole.index(items[-1]) + len(items[-1])
    at = data.draw(st.integers(first, last - 1))
    byte = data.draw(st.sampled_from(b"<>/!?-[]&;\"'= \n\x00\xffaim"))
    instead = data.draw(st.sampled_from([b"", bytes([byte]), whole[at : at + 1] + bytes([byte])]))
    damaged = whole[:at] + instead + whole[at + 1 :]
    found = read(damaged)
    assert found.parts == []
    read_again = [cut(damaged, one) for one in found.items]
    assert len([one for one in items if one not in read_again]) <= 1
    assert len(found.bad) <= 2


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_before_the_damage_is_lost(data, item, file, read):
    items = [item(number) for number in range(1, 9)]
    whole = file(items)
    at = data.draw(st.integers(0, len(whole)))
    damaged = whole[:at] + data.draw(st.binary(max_size=20)) + whole[at + data.draw(st.integers(0, 400)) :]
    found = read(damaged)
    before = [one for one in items if whole.index(one) + len(one) <= at]
    if found.openings:
        assert [cut(damaged, one) for one in found.items][: len(before)] == before


TAGS = ("root", "message", "items", "item", "a")
HEAP = [f"<{end}{name}>" for name in TAGS for end in ("", "/")] + [
    *("<item/>", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<", ">", "&", "x", "<item", "</"),
    *("'", '"', "<!DOCTYPE", "\n", "\0"),
]


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.sampled_from(HEAP), max_size=40))
def test_any_heap_of_markup_is_read_without_an_exception(pieces, read):
    read("".join(pieces).encode(), PLAN, limits=Limits(item_bytes=60, items=5))


def cut(data, one):
    return data[one.span.offset : one.span.offset + one.span.length]


def leaf_texts(element):
    return [(etree.QName(one).localname, one.text, dict(one.attrib)) for one in element.iter()]
