"""Which tables fit a file: by the way to its units and by constants, never by a namespace alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.syntax.xml import SYNTAX
from gateway.mapping.plan import Plan, Step

DEC = "urn:dec"
WIDE = Plan(
    "wide", "", "xml", "Consignment", "Consignment",
    (Step("MetaData", "urn:md", (("Type", "DEC"),)), Step("Declaration", DEC)), (), {"": (DEC,), "md": ("urn:md",)},
)  # fmt: skip
NARROW = replace(
    WIDE, name="narrow", root=(WIDE.root[0], Step("Declaration", DEC, (("Category", "H7"), ("Category", "H6"))))
)
RESPONSE = replace(WIDE, name="response", root=(Step("MetaData", "urn:md", (("Type", "RES"),)), Step("Response", DEC)))
PLANS = (WIDE, NARROW, RESPONSE)


def document(inner, kind="DEC"):
    return f'<MetaData xmlns="urn:md"><Type>{kind}</Type>{inner}</MetaData>'.encode()


def declaration(category, uri=DEC):
    return document(f'<Declaration xmlns="{uri}"><Category>{category}</Category></Declaration>')


def names(head):
    return [plan.name for plan in SYNTAX.recognise(head, PLANS)]


def test_the_plan_with_more_constants_comes_first():
    assert names(declaration("H7")) == ["narrow", "wide"]


def test_one_of_several_constants_is_enough():
    assert names(declaration("H6")) == ["narrow", "wide"]


def test_a_constant_that_contradicts_excludes():
    assert names(declaration("H1")) == ["wide"]


def test_a_constant_that_is_missing_excludes_when_the_file_is_whole():
    assert names(document(f'<Declaration xmlns="{DEC}"/>')) == ["wide"]


def test_a_constant_that_may_still_come_does_not_exclude():
    head = document(f'<Declaration xmlns="{DEC}"><A/>').removesuffix(b"</MetaData>")
    assert names(head) == ["wide", "narrow"]


def test_without_namespaces_the_way_decides():
    assert names(b"<MetaData><Type>RES</Type><Response/></MetaData>") == ["response"]


def test_a_namespace_alone_does_not():
    assert names(f'<Other xmlns="{DEC}"><Declaration/></Other>'.encode()) == []


def test_another_namespace_excludes():
    assert names(declaration("H7", uri="urn:other")) == []


def test_any_root_is_recognised_by_what_is_inside(plan, item, file):
    data = file([item(1)])
    assert SYNTAX.recognise(data, (*PLANS, plan)) == (plan,)
    assert SYNTAX.recognise(data.replace(b"interchange", b"anything"), (plan,)) == (plan,)
    assert SYNTAX.recognise(data.replace(b"itmatt_1_5_0", b"itmatt_1_4_0"), (plan,)) == ()


def test_a_file_is_recognised_by_its_head(plan, item, file):
    data = file([item(number) for number in range(1, 100)])
    assert SYNTAX.recognise(data[:1000], (plan,)) == (plan,)


def test_a_fault_in_an_item_does_not_hide_the_format(plan, item, file):
    assert SYNTAX.recognise(file([item(1).replace(b"toy", b"&"), item(2)]), (plan,)) == (plan,)


def test_a_prefix_that_nothing_declares_is_part_of_the_name(plan, item, file):
    data = file([item(1), item(2)])
    spoiled = data.replace(b"<item>", b"<q:item>", 1)
    assert spoiled != data and SYNTAX.recognise(spoiled, (plan,)) == (plan,)
    assert names(b"<p:MetaData><p:Type>RES</p:Type></p:MetaData>") == []


def test_a_start_tag_longer_than_the_head_shows_no_format(plan):
    attributes = " ".join(f'a{number}="1"' for number in range(20_000))
    assert SYNTAX.recognise(f'<m33:interchange {attributes} xmlns:m33="m33">'.encode()[:65_536], (plan,)) == ()


@pytest.mark.parametrize("head", [b"", b"text", b"<", b"<a", b"<?xml version='1.0'?>", b"\xff\xfe<\x00"])
def test_what_is_no_xml_is_no_format(head):
    assert names(head) == []


@given(data=st.data())
def test_no_damage_raises(data):
    whole = declaration("H7")
    at = data.draw(st.integers(0, len(whole)))
    SYNTAX.recognise(whole[:at] + data.draw(st.binary(max_size=9)) + whole[at + data.draw(st.integers(0, 9)) :], PLANS)


def test_a_container_without_units_is_of_its_format_and_a_message_without_container_is_not():
    steps = [Step(name, "m33") for name in ("interchange", "message", "body", "items", "item")]
    plan = replace(WIDE, root=tuple(steps[:2]), unit=tuple(steps[2:]), namespaces={"": ("m33",)})
    empty = b'<interchange xmlns="m33"><message><body><items/></body></message></interchange>'
    assert SYNTAX.recognise(empty, (plan,)) == (plan,)
    assert SYNTAX.recognise(empty.replace(b"<items/>", b"<others/>"), (plan,)) == ()
