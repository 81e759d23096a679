"""The figures of the declarations to the United Kingdom: nothing lost, nothing invalid, nothing in the way."""

import pytest

from tests.evidence.uk_declarations import KINDS, rows
from tests.tables.conftest import registry, shared

__all__ = ["registry", "shared"]

HELD = {  # published samples, own messages, valid ones, elements
    "h7": (2, 11, 13, 743),
    "h7-grouped": (0, 2, 2, 280),
    "birds": (1, 2, 3, 215),
    "low-value-import": (0, 2, 2, 259),
    "low-value-export": (0, 2, 2, 179),
}


@pytest.fixture(scope="module")
def found(shared, registry):
    return {row.kind: row for row in rows(shared, registry)}


@pytest.mark.parametrize("kind", KINDS)
def test_samples_are_valid_and_come_back_element_by_element(kind, found):
    row = found[kind]
    assert (row.samples, row.own, row.valid, row.leaves) == HELD[kind]
    assert (row.kept, row.differences) == (row.leaves, ())


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_made_of_each_consignment_is_valid_and_lacks_nothing(kind, found):
    row = found[kind]
    assert (row.written, row.valid_written, row.faults) == (10, 10, ())
