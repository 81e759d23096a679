from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model import Measure
from gateway.model.measures import KILOGRAMS, convert, fits, kilograms, rounded

MASSES = st.decimals(0, 10_000, places=6)


@pytest.mark.parametrize(
    ("value", "unit", "mass"),
    [("450", "GRM", "0.45"), ("1", "LBR", "0.45359237"), ("16", "ONZ", "0.45359237"), ("2", "TNE", "2000")],
)
def test_conversion_is_exact(value, unit, mass):
    assert kilograms(Measure(Decimal(value), unit)) == Decimal(mass)


def test_a_unit_that_is_no_mass_has_no_kilograms():
    assert kilograms(Measure(Decimal(1), "MTR")) is None
    assert convert(Measure(Decimal(1), "KGM"), "MTR") is None


@given(MASSES, st.sampled_from(["GRM", "MGM", "HGM", "TNE", "DTN"]))
def test_metric_units_convert_there_and_back(value, unit):
    there = convert(Measure(value), unit)
    assert convert(Measure(there, unit), "KGM") == value


@given(MASSES, st.sampled_from(sorted(KILOGRAMS)))
def test_every_conversion_comes_back_within_a_milligram(value, unit):
    there = convert(Measure(value), unit)
    assert rounded(convert(Measure(there, unit), "KGM"), 6) == value


def test_rounding_is_half_up_and_told_from_what_fits():
    assert rounded(Decimal("2.5"), 0) == 3
    assert fits(Decimal("1.500"), 1)
    assert not fits(Decimal("1.55"), 1)


def test_converted_numbers_are_plain():
    assert str(convert(Measure(Decimal(2), "TNE"), "GRM")) == "2000000"
