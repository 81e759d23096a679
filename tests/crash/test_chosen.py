"""Which cases are run: around a delivery both ways, and on each store what that store's own clean run passes."""

from argparse import Namespace
from collections import Counter

import pytest

from tests.crash.__main__ import _clean, _on, chosen
from tests.crash.matrix import Case

PASSED = {"filing": Counter({"deliver.sent.after": 1, "publish.unlink.before": 1, "pickup.keep.after": 1})}


@pytest.mark.parametrize("once", [True, False])
def test_around_a_delivery_the_partner_has_taken_the_file_or_not(once):
    given = Namespace(only="", once=once, pairs=0, passages=2, every=1, seed=7)
    both = [
        Case("filing", (f"{point}:1",), eager)
        for point in ("deliver.sent.after", "publish.unlink.before")
        for eager in (True, False)
    ]
    assert list(chosen(given, PASSED)) == [*both, Case("filing", ("pickup.keep.after:1",))]


def test_passages_are_counted_on_the_store_that_is_killed():
    assert list(_clean(["filing"], ["sqlite", "postgresql"])) == [("sqlite", "filing"), ("postgresql", "filing")]
    clean = {("sqlite", "filing"): (Counter("a"), ""), ("postgresql", "filing"): (Counter("b"), "")}
    assert _on("postgresql", clean) == {"filing": Counter("b")}
