"""What goods are worth, shown as people write it."""

from decimal import Decimal

import pytest

from adapters.customs.worth import Worth


@pytest.mark.parametrize(
    ("total", "shown"), [("2", "2.00"), ("2.005", "2.00"), ("9" * 60, f"{'9' * 60}.00"), (None, "")]
)
def test_a_sum_is_shown_whatever_its_digits(total, shown):
    """A `Decimal` reckons with 28 digits; what senders say may have more."""
    assert Worth(Decimal(total) if total else None, "").shown == shown
