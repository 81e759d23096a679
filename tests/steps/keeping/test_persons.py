"""Parcels found by what their records say: in values alone, however a message spells them."""

import json
import re
from xml.sax.saxutils import escape

import pytest

from gateway.steps.ground.refusal import NotPossible
from gateway.steps.keeping.persons import folded, holding, said_in
from tests.steps.test_exchange import itmatt

NAMES = ('O\'Neil & "Sons"', 'back\\slash "quoted"', "Ada   Two\nLines", "Zoé Straße", "Zoe\u0301 Strasse")


@pytest.fixture
def named(site):
    """A site with a parcel for each name, and whose is whose."""
    names = iter(NAMES)
    data = re.sub(r"(<recipient>\s*<name>)[^<]*", lambda found: found[1] + escape(next(names)), itmatt(5).decode())
    site.post(data.encode())
    return site


def test_a_name_is_found_however_it_is_written(named):
    with named.gate() as gate:
        named.run(gate)
        items = sorted(row["id"] for row in named.rows(gate, "item"))
        for name, item in zip(NAMES[:3], items, strict=False):
            assert holding(gate, [name]) == [item]
            assert holding(gate, [" " + name.upper().replace(" ", "\t ")]) == [item]
        for name in ("Zoé", "Zoe\u0301", "ZOÉ STRASSE", "zoé straße"):
            assert sorted(holding(gate, [name])) == items[3:]
        assert holding(gate, ["Zoe"]) == [], "another name"


def test_what_a_record_calls_its_values_is_not_searched(named):
    with named.gate() as gate:
        named.run(gate)
        for text in ("{", '":"', "consignee", "country", "\\n", "null"):
            assert holding(gate, [text]) == [], text
        assert len(holding(gate, ["O'Neil", "sons"])) == 1
        assert holding(gate, ["O'Neil", "back"]) == []


@pytest.mark.parametrize("texts", [[""], [" \t\n"], ["O'Neil", ""]])
def test_a_text_that_every_record_holds_is_refused(named, texts):
    with named.gate() as gate, pytest.raises(NotPossible):
        holding(gate, texts)


def test_a_record_that_cannot_be_read_is_searched_as_it_lies():
    assert folded("ADA  specimen") in said_in(b'{"name":"Ada Specimen')
    assert said_in(b"   ") == "" and said_in(b"\xff") == "\ufffd"


def test_values_of_lists_and_records_in_them_are_values():
    said = said_in(json.dumps({"a": ["One", {"b": "two  words"}], "c": None, "d": 3}).encode())
    assert said.split("\n") == ["one", "two words"]
