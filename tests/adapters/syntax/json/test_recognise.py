"""Formats told by the names in the head of a file, whole or cut off."""

import json

import pytest

from adapters.syntax.json import SYNTAX
from gateway.mapping import plan as tables
from gateway.mapping.plan import Element, Plan, Step


def plan(name, *children, tests=()):
    members = tuple(Element(child, child, f"doc/{child}") for child in children)
    document = Element("doc", "doc", "doc", tests=tests, children=members)
    return Plan(name, "", "json", "Consignment", "Consignment", (Step("doc"),), (), {}, document=document)


PARCEL = plan("parcel", "id", "to", "weight", "goods")
LETTER = plan("letter", "id", "to", "stamp")
KIND = plan("kind", "kind", "id", tests=(tables.Test(("kind",), ("return", "claim")),))


def told(value, *plans, cut=None):
    head = value if isinstance(value, bytes) else json.dumps(value).encode()[:cut]
    return [found.name for found in SYNTAX.recognise(head, plans)]


def test_the_one_that_knows_more_names_is_first():
    assert told({"id": 1, "to": 2, "weight": 3}, LETTER, PARCEL) == ["parcel", "letter"]
    assert told([{"id": 1, "to": 2, "stamp": 3}], PARCEL, LETTER) == ["letter", "parcel"]


def test_half_of_the_names_must_be_known():
    assert told({"id": 1, "to": 2, "a": 3, "b": 4}, PARCEL) == ["parcel"]
    assert told({"id": 1, "to": 2, "a": 3, "b": 4, "c": 5}, PARCEL) == []
    assert told({"a": {"id": 1, "to": 2, "weight": 3}}, PARCEL) == []


def test_a_predicate_decides_as_far_as_the_head_shows_it():
    assert told({"id": 1, "kind": "claim"}, KIND) == ["kind"]
    assert told({"id": 1, "kind": "sale"}, KIND) == []
    assert told({"id": 1}, KIND) == []
    assert told({"id": 1, "kind": "claim"}, KIND, cut=9) == ["kind"]


@pytest.mark.parametrize("data", [b"", b"<a/>", b"id;to", b'"id"', b"\xff\xfe[\x00"])
def test_what_is_no_object_is_of_no_format(data):
    assert told(data, PARCEL) == []


def test_an_empty_list_may_be_of_any():
    assert told([], PARCEL) == ["parcel"]
    assert told(b"\xef\xbb\xbf {}", PARCEL) == ["parcel"]
