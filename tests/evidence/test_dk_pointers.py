"""How far the pointers of Danish customs lead."""

import pytest

from tests.evidence.dk_pointers import rows
from tests.tables.conftest import registry, shared

__all__ = ["registry", "shared"]


@pytest.fixture(scope="module")
def found(shared, registry):
    return {row.origin: row for row in rows(shared, registry)}


def test_every_published_name_leads_to_its_element_or_to_the_class_that_says_less(found):
    """Of a location by its code neither a further identifier nor an office is declared: the location is told."""
    row = found["published names"]
    assert (row.present, row.whole, row.part) == (9, 7, 2)
    assert {each.rpartition(": ")[2] for each in row.short} == {"locationId", "customsOfficeID"}


def test_the_pointers_of_shared_notifications_lead_to_their_end(found):
    assert found["shared notifications"][1:4] == (2, 2, 0)


def test_what_is_left_of_others_is_no_element_of_an_h7(found):
    row = found["our notifications"]
    assert row.whole + len(row.short) == row.present
    assert {each.rpartition(": ")[2] for each in row.short} <= {"invoiceAmount.value", "guarantees", "representative"}
