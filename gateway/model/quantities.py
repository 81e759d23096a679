"""Money and mass as received: finite decimals, no conversion, no rounding, nothing assumed but the unit of mass."""

from decimal import Decimal

import msgspec


class Amount(msgspec.Struct, frozen=True, gc=False):
    """Money (n..16,3 and a3, ISO 4217). An amount without a currency is no amount."""

    amount: Decimal
    currency: str


class Measure(msgspec.Struct, frozen=True, gc=False):
    """A mass and the unit it was stated in (UN/ECE Recommendation 20); converted once, when written.

    The unit is always encoded: msgspec leaves a default out by identity, so two equal records would differ as bytes.
    """

    value: Decimal
    unit: str = "KGM"
