"""The LRN is derived: no clock, no counter, the same after a replay."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.steps.working.lrn import DossierKey, derive

KEY = DossierKey("production", "consignment", "RR473124829GB", "2026-09-13")


@given(st.text("ABCDEFGHIJ0123456789", max_size=12), st.integers(1, 99))
def test_it_fits_the_narrowest_receiver(prefix, attempt):
    made = derive(prefix, "production", "GB1", KEY, "uk-h7", attempt=attempt)
    assert len(made) <= 22 and made.isalnum() and made.isascii() and made.startswith(prefix[:6])


def test_each_part_of_the_key_changes_it():
    given_ = {"prefix": "GW1", "environment": "test", "declarant": "GB1", "key": KEY, "route": "r", "attempt": 1}
    other = {"environment": "production", "declarant": "GB2", "route": "s", "attempt": 2,
             "key": DossierKey("production", "consignment", "RR473124829GB", "2026-09-14")}  # fmt: skip
    made = {derive(**(given_ | {name: value})) for name, value in other.items()} | {derive(**given_)}
    assert len(made) == len(other) + 1
    assert derive(**given_) == derive(**given_)
