"""Masses in units of UN/ECE Recommendation 20: a factor is a fact, rounding is left to who writes.

Sources: UN/ECE Recommendation 20; the international pound is 0.45359237 kg exactly (1959).

>>> kilograms(Measure(Decimal(16), "ONZ"))
Decimal('0.453592370000')
>>> convert(Decimal("0.45"), "KGM", "GRM"), convert(Decimal(16), "ONZ", "LBR")
(Decimal('450'), Decimal('1'))
>>> kilograms(Measure(Decimal(1), "MTR")) is None
True
"""

from decimal import Context, Decimal

from gateway.model.quantities import Measure

KILOGRAM = "KGM"
UNITS = {
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
_WIDE = Context(prec=50)


def kilograms(measure: Measure) -> Decimal | None:
    """Return the mass in kilograms, exactly; None where the unit is no unit of mass."""
    if measure.unit == KILOGRAM:
        return measure.value
    factor = UNITS.get(measure.unit)
    return None if factor is None else _WIDE.multiply(measure.value, factor)


def convert(value: Decimal, unit: str, wanted: str) -> Decimal:
    """Return the same mass in another unit, as exact as fifty digits are.

    Raises: KeyError for what is no unit of mass.
    """
    found = _WIDE.divide(_WIDE.multiply(value, UNITS[unit]), UNITS[wanted])
    whole = found == found.to_integral_value() and found.adjusted() < _WIDE.prec
    return found.quantize(Decimal(1), context=_WIDE) if whole else found.normalize(_WIDE)
