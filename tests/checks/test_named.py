import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.checks.descriptions import is_vague, letters
from gateway.checks.named import CHECKS
from gateway.findings.catalogue import all_entries, entry

KNOWN = {row.code for row in all_entries()}


def codes(name, value):
    return [code for code, _ in CHECKS[name](value)]


def test_the_names_that_tables_use():
    assert set(CHECKS) == {"s10", "s9", "s8", "iso3166", "iso4217", "hs", "description", "intact", "whole-hs", "awb"}
    assert all(check.__doc__ for check in CHECKS.values())


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("iso3166", "GB", []),
        ("iso3166", "UK", ["SRC382"]),
        ("iso4217", "EUR", []),
        ("iso4217", "XXX", ["SRC351"]),
        ("hs", "610910", []),
        ("whole-hs", "0902300000", []),
        ("whole-hs", "902300000", ["SRC420"]),
        ("intact", "340434763452009007", []),
        ("intact", "340434763452009000", ["SRC419"]),
        ("intact", "3.40434763452009E+17", ["SRC418"]),
        ("awb", "176-12345675", []),
        ("awb", "176-12345676", ["SRC428"]),
        ("awb", "176-1234", ["SRC429"]),
        ("hs", "6109.10", ["SRC342"]),
        ("hs", "6", ["SRC342"]),
        ("hs", "999999", ["SRC344"]),
        ("description", "leather belt", []),
        ("description", "x1", ["SRC334"]),
        ("description", "12345678", ["SRC335"]),
        ("description", "gift", ["SRC335"]),
    ],
)
def test_values(name, value, expected):
    assert codes(name, value) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Gift",
        "GIFTS",
        "2 gifts",
        "gift items",
        "Spare parts.",
        "said to contain",
        "as per invoice",
        "n/a",
        "***",
        "cadeau",
        "ropa",
        "Geschenke",
        "подарок",
        "礼品",
        "ギフト",
        "선물",
        "هدايا",
        "Personal effects",
        "1 x sample",
    ],
)
def test_vague_in_the_sender_s_own_language(text):
    assert is_vague(text)


@pytest.mark.parametrize(
    "text",
    [
        "gift card holder, leather",
        "car parts: brake pads",
        "T-shirts, blue",
        "chaussures",
        "棉T恤",
        "Lego",
        "sample books",
    ],
)
def test_what_names_the_goods_is_not_vague(text):
    assert not is_vague(text)


def test_ideographs_say_more_than_letters():
    assert letters("棉T恤") == 5
    assert letters("123 ab") == 2


@given(st.text(max_size=60), st.sampled_from(sorted(CHECKS)))
def test_any_text_gives_findings_of_the_catalogue_with_their_values(text, name):
    for code, values in CHECKS[name](text):
        assert code in KNOWN
        assert entry(code).message % values
