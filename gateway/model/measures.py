"""Masses in units of UN/ECE Recommendation 20, converted exactly: a factor is a fact, rounding is a decision.

Sources: UN/ECE Recommendation 20; the international pound is 0.45359237 kg exactly (1959).

>>> kilograms(Measure(Decimal(16), "ONZ"))
Decimal('0.453592370000')
>>> convert(Measure(Decimal("0.45"), "KGM"), "GRM")
Decimal('450')
>>> kilograms(Measure(Decimal(1), "MTR")) is None
True
>>> rounded(Decimal("0.0125"), 3)
Decimal('0.013')
"""

from decimal import ROUND_HALF_UP, Decimal

from gateway.model.quantities import Measure

KILOGRAM = "KGM"
KILOGRAMS = {
    "KGM": Decimal(1),
    "GRM": Decimal("0.001"),
    "MGM": Decimal("0.000001"),
    "HGM": Decimal("0.1"),
    "DTN": Decimal(100),
    "TNE": Decimal(1000),
    "LBR": Decimal("0.45359237"),
    "ONZ": Decimal("0.028349523125"),
    "STN": Decimal("907.18474"),
    "LTN": Decimal("1016.0469088"),
}


def kilograms(measure: Measure) -> Decimal | None:
    """Return the mass in kilograms, None where the unit is no unit of mass."""
    if measure.unit == KILOGRAM:
        return measure.value
    factor = KILOGRAMS.get(measure.unit)
    return None if factor is None else measure.value * factor


def convert(measure: Measure, unit: str) -> Decimal | None:
    """Return the mass in another unit; exact but for pounds and ounces, which have no end as decimals of a kilogram."""
    if measure.unit == unit:
        return measure.value
    mass, factor = kilograms(measure), KILOGRAMS.get(unit)
    if mass is None or factor is None:
        return None
    result = mass / factor
    return result.quantize(Decimal(1)) if result == result.to_integral_value() else result


def fits(value: Decimal, decimals: int) -> bool:
    """Say whether a number has at most that many decimals that are not zero."""
    return value == rounded(value, decimals)


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Return the number rounded half up."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
