from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model import Measure
from gateway.model.measures import UNITS, convert, kilograms

MASSES = st.decimals(0, 10_000, places=6)


@pytest.mark.parametrize(
    ("value", "unit", "mass"),
    [("450", "GRM", "0.45"), ("1", "LBR", "0.45359237"), ("16", "ONZ", "0.45359237"), ("2", "TNE", "2000")],
)
def test_conversion_is_exact(value, unit, mass):
    assert kilograms(Measure(Decimal(value), unit)) == Decimal(mass)


def test_a_unit_that_is_no_mass_has_no_kilograms():
    assert kilograms(Measure(Decimal(1), "MTR")) is None
    with pytest.raises(KeyError):
        convert(Decimal(1), "KGM", "MTR")


@given(MASSES, st.sampled_from(["GRM", "MGM", "HGM", "TNE", "DTN"]))
def test_metric_units_convert_there_and_back(value, unit):
    assert convert(convert(value, "KGM", unit), unit, "KGM") == value


@given(MASSES, st.sampled_from(sorted(UNITS)), st.sampled_from(sorted(UNITS)))
def test_every_conversion_comes_back_within_a_microgram(value, unit, other):
    back = convert(convert(value, unit, other), other, unit)
    assert abs(back - value) < Decimal("1e-9")


def test_converted_numbers_are_plain():
    assert str(convert(Decimal(2), "TNE", "GRM")) == "2000000"


def test_a_mass_of_more_digits_than_arithmetic_keeps_converts():
    assert convert(Decimal("1" * 60), "KGM", "GRM") == Decimal("1" * 50 + "E13")
    assert convert(Decimal("0." + "0" * 5000 + "1"), "GRM", "KGM") == Decimal("1E-5004")
