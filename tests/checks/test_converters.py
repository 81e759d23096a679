from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.checks.converters import CONVERTERS

LINES, NAME, MINOR = (CONVERTERS[name] for name in ("one-line", "person-name", "minor-units"))
EACH, POINTS = CONVERTERS["lines"], CONVERTERS["hs-points"]
WORDS = st.lists(st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1), min_size=1).map(" ".join)


@given(st.text(min_size=1))
def test_one_line_law(text):
    assert LINES.format(LINES.parse(text, ""), "") == text


@given(st.lists(WORDS.map(lambda line: "".join(line.splitlines())).filter(bool), min_size=1, max_size=3))
def test_lines_law(lines):
    text = EACH.glue.join(lines)
    assert EACH.format(EACH.parse(text, ""), "") == text
    assert list(EACH.pieces(text)) == list(EACH.parse(text, "")) == lines


@given(st.from_regex(r"[0-9]{4}(\.[0-9]{2}(\.[0-9]{2,4})?)?", fullmatch=True))
def test_hs_points_law(code):
    assert POINTS.format(POINTS.parse(code, ""), "") == code


def test_hs_points_takes_every_way_to_write_it():
    assert {POINTS.parse(text, "") for text in ("9103.10.00", "91031000", "9103 10 00")} == {"91031000"}
    with pytest.raises(ValueError, match="HS"):
        POINTS.parse("watches", "")


@given(WORDS)
def test_person_name_law(name):
    assert NAME.format(NAME.parse(name, ""), "") == name
    assert " ".join(NAME.pieces(name)) == name


@given(st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "JPY", "KWD", "UYW", ""]))
def test_minor_units_law(number, currency):
    assert MINOR.format(MINOR.parse(str(number), currency), currency) == str(number)


def test_examples():
    assert LINES.format(("12 High Street", "Flat 3"), "") == "12 High Street, Flat 3"
    assert LINES.parse("", "") == ()
    assert NAME.pieces("Anna Maria Beispiel") == ("Anna Maria", "Beispiel")
    assert NAME.pieces("Plato") == ("Plato",)
    assert MINOR.parse("12345", "EUR") == Decimal("123.45")
    assert MINOR.parse("12345", "JPY") == Decimal(12345)
    assert MINOR.parse("12345", "KWD") == Decimal("12.345")


def test_parts_of_a_minor_unit_are_never_cut():
    with pytest.raises(ValueError, match=r"1\.234"):
        MINOR.format(Decimal("1.234"), "EUR")


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "1E999999", "1.5", "", " 1", "1_0", "１２", "9" * 29])  # noqa: RUF001
def test_minor_units_are_whole_numbers(text):
    with pytest.raises(ValueError, match="whole"):
        MINOR.parse(text, "EUR")


def test_every_converter_says_its_domain():
    assert all("Domain" in (converter.format.__doc__ or "") for converter in CONVERTERS.values())
