"""What is filed in Denmark is valid, whatever is filed; and what stands in the way is known."""

import pytest

from tests.evidence.dk_filed import rows
from tests.tables.conftest import registry, shared

__all__ = ["registry", "shared"]

REQUESTS = ("-amendment", "-invalidation", "-invalidation-repayment", "-repayment")
WITH_SCHEMA = [f"customs/dk/{data_set}{kind}" for data_set in ("h7", "h6") for kind in ("", *REQUESTS)]


@pytest.fixture(scope="module")
def found(shared, registry):
    return {row.format: row for row in rows(shared, registry)}


def test_every_data_set_and_request_is_filed_of_every_parcel(found):
    assert len(found) == 12
    assert {(row.parcels, row.written) for row in found.values()} == {(10, 10)}
    assert {name: row.valid for name, row in found.items() if row.valid is not None} == dict.fromkeys(WITH_SCHEMA, 10)


def test_nothing_else_stands_in_the_way(found):
    assert {name: row.faults for name, row in found.items() if row.faults} == {}
