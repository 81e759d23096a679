"""Units of mass: exact factors to the kilogram (UN/ECE Recommendation 20; international pound of 1959).

>>> convert(Decimal("16"), "ONZ", "LBR")
Decimal('1')
"""

from decimal import Context, Decimal

UNITS: dict[str, Decimal] = {
    "KGM": Decimal(1),
    "GRM": Decimal("0.001"),
    "MGM": Decimal("0.000001"),
    "TNE": Decimal(1000),
    "LBR": Decimal("0.45359237"),
    "ONZ": Decimal("0.028349523125"),
}
_WIDE = Context(prec=50)


def convert(value: Decimal, unit: str, wanted: str) -> Decimal:
    """The same mass in another unit, as exact as fifty digits are. Raises: KeyError where a unit is none of mass."""
    found = _WIDE.divide(_WIDE.multiply(value, UNITS[unit]), UNITS[wanted])
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found.normalize(_WIDE)
