"""What a person reads of a filing's standing, beside its outcome."""

from decimal import Decimal

import pytest

from gateway.cli.standing import lines
from gateway.model import Amount
from gateway.steps.hearing.fold import Standing


@pytest.mark.parametrize(
    ("standing", "read"),
    [
        (Standing("cleared", final=True), []),
        (Standing("rejected", blocks_goods=True, final=True), []),
        (
            Standing("partly_released", blocks_goods=True, goods=((1, "released"), (2, "under_control"))),
            ["some goods may not move", "goods item 1: released", "goods item 2: under control"],
        ),
        (
            Standing(
                "accepted",
                blocks_goods=True,
                duty="payment_requested",
                total=Amount(Decimal("275.00"), "DKK"),
                deadline="2026-09-21",
            ),
            ["goods may not move", "money: payment requested, 275.00 DKK", "due by 2026-09-21"],
        ),
        (
            Standing("accepted", requests=(("26DKCOR00000000009", "request_denied"),)),
            ["request 26DKCOR00000000009: request denied"],
        ),
    ],
)
def test_only_what_the_outcome_does_not_say_is_said(standing, read):
    assert list(lines(standing)) == read
