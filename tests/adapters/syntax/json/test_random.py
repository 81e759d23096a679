"""Documents made at random: what is found is what was put in; damage costs what it hits and raises nothing."""

import contextlib
import io
import json
from decimal import Decimal

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.syntax import window
from adapters.syntax.json import SYNTAX, run
from gateway.mapping.plan import Element, Plan, Step
from gateway.mapping.protocols import Bad, Item, Limits, Slice

NAMES = st.sampled_from(["a", "id", "goods", 'q"', "naïve", "x:y", "\\"]) | st.text(max_size=3)
NUMBERS = (
    st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
    | st.floats(allow_nan=False, allow_infinity=False)
)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text(max_size=12) | st.sampled_from(['},{"id":', "[{", '"', "\\"])
VALUES = st.recursive(
    SCALARS, lambda one: st.lists(one, max_size=3) | st.dictionaries(NAMES, one, max_size=3), max_leaves=8
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=4).map(lambda one: {"unit": 1, **one})
SPACE = st.sampled_from(["", " ", "\n", "\r\n\t "])
PLAN = Plan(
    "t",
    "",
    "json",
    "Consignment",
    "Consignment",
    (Step("parcel"),),
    (),
    {},
    document=Element("parcel", "parcel", "parcel"),
)
PIECES = st.sampled_from(
    [bytes([sign]) for sign in b'[]{}",:\\01eE.-ntf \n\xff']
    + [b'{"id": 1}', b'"parcels": [', b'"orders": ', b", ", b"]}"]
)
USUAL = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


class Exact(json.JSONEncoder):
    """Decimals as the numbers they are."""

    def iterencode(self, o, _one_shot=False):
        return super().iterencode(_floats(o), _one_shot)


def _floats(value):
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: _floats(one) for name, one in value.items()}
    return [_floats(one) for one in value] if isinstance(value, list) else value


def dumped(value, indent, *, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only, cls=Exact)
    return text.encode("utf-8", "surrogatepass")


@st.composite
def files(draw):
    """The bytes of a file with the objects that were put into it."""
    objects = draw(st.lists(OBJECTS, min_size=1, max_size=8))
    indent, ascii_only = draw(st.sampled_from([None, 1])), draw(st.booleans())
    texts = [dumped(one, indent, ascii_only=ascii_only) for one in objects]
    space = draw(SPACE).encode()
    if draw(st.booleans()):
        return b"[" + space + (space + b"," + space).join(texts) + space + b"]", objects
    return b"\n".join(dumped(one, None, ascii_only=ascii_only) for one in objects) + space, objects


@contextlib.contextmanager
def blocks_of(size):
    """Small blocks, so that everything lies across two of them some time."""
    usual = window.BLOCK, run.REACH, run.GAP
    window.BLOCK, run.REACH = size, max(size, 8)
    try:
        yield
    finally:
        window.BLOCK, run.REACH, run.GAP = usual


def read(data, size=3, limits=None, way=PLAN):
    """Every outcome of a file, checked for its place."""
    limits, found, opening = limits or Limits(), [], None
    end = 0
    for event in SYNTAX.slices(io.BytesIO(data), way, size, limits):
        if isinstance(event, Slice):
            stretch = data[event.offset : event.offset + event.length]
            one = list(SYNTAX.items(opening, event, stretch, way, limits))
            assert len(one) == event.items
            found += one
        elif isinstance(event, Bad):
            found.append(event)
        elif hasattr(event, "head"):
            opening = event
    for one in found:
        if one.ordinal is not None:
            assert one.span.offset >= end
            assert one.span.length > 0
            end = one.span.offset + one.span.length
            assert one.span.line == 1 + data.count(b"\n", 0, one.span.offset)
            assert end <= len(data)
    return found


def plain(node):
    """A tree as a list of names and values, in the order of the text."""
    return [(child.tag, child.kind, child.text if child.kind != "object" else plain(child)) for child in node]


def listed(value):
    """The same of plain objects."""
    entries = ((name, one if isinstance(one, list) else [one]) for name, one in value.items())
    return [(name, *typed(entry)) for name, some in entries for entry in some if entry is not None]


def typed(value):
    if isinstance(value, dict):
        return "object", listed(value)
    if isinstance(value, list):
        return "object", [("*", *typed(entry)) for entry in value if entry is not None]
    if isinstance(value, bool):
        return "boolean", str(value).lower()
    return ("string", value) if type(value) is str else ("number", str(value))


@settings(USUAL, max_examples=400)
@given(file=files(), block=st.sampled_from([1, 7, 64, 1 << 20]), size=st.integers(1, 5))
def test_units_are_those_of_a_parser_of_the_whole(file, block, size):
    data, objects = file
    with blocks_of(block):
        found = read(data, size)
    assert [type(one) for one in found] == [Item] * len(objects)
    for one, wanted in zip(found, objects, strict=True):
        raw = data[one.span.offset : one.span.offset + one.span.length]
        assert json.loads(raw) == json.loads(dumped(wanted, None, ascii_only=True))
        value = json.loads(raw, parse_float=str, parse_int=str)
        assert [(name, kind) for name, kind, _ in plain(one.body)] == [(n, k) for n, k, _ in listed(json.loads(raw))]
        if one.body.value is not None:
            assert listed(one.body.value) == plain(one.body)
        assert {name for name, _, _ in plain(one.body)} <= set(value)


@settings(USUAL, max_examples=800)
@given(
    data=st.binary(max_size=80) | st.lists(PIECES, max_size=40).map(b"".join),
    block=st.sampled_from([1, 16, 1 << 20]),
    which=st.integers(0, 2),
)
@example(data=b'[{"', block=1, which=0)
@example(data=b'{"a":1}\n\x00', block=1, which=0)
def test_arbitrary_bytes_raise_nothing(data, block, which, enveloped, nested):
    way = (PLAN, enveloped, nested)[which]
    with blocks_of(block):
        read(data, way=way)
        SYNTAX.refuse(data, len(data), Limits())
        SYNTAX.recognise(data, (way,))
        SYNTAX.id_hint(data, way)


@settings(USUAL, max_examples=600)
@given(data=st.data())
def test_one_damaged_byte_costs_one_unit(data, item, plan):
    items = [item(number) for number in range(1, 9)]
    whole = data.draw(st.sampled_from([b"[%s]", b"[\n  %s\n]"])) % data.draw(st.sampled_from([b", ", b",\n  "])).join(
        items
    )
    hit = data.draw(st.integers(0, 7))
    begin = whole.index(items[hit])
    at = data.draw(st.integers(begin, begin + len(items[hit]) - 1))
    sign = data.draw(
        st.sampled_from([b"", b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\", b"\n", b"x", b"0", b"\xff"])
    )
    damaged = whole[:at] + sign + whole[at + data.draw(st.integers(0, 1)) :]
    read_ids = {
        one.body.value["id"]
        for one in read(damaged, way=plan)
        if isinstance(one, Item) and one.body.value and "id" in one.body.value
    }
    assert {f"P{n}" for n in range(1, 9) if n != hit + 1} <= read_ids
