"""The figures of the requests to and the answers of the United Kingdom: nothing lost, every pointer followed."""

import pytest

from tests.evidence.uk_answers import CODES, REQUESTS, rows
from tests.tables.conftest import registry, shared

__all__ = ["registry", "shared"]

HELD = {  # published samples, own messages, valid as they are, valid in the namespaces, elements, pointers
    "amendment": (1, 20, 21, 21, 980, 22),
    "cancellation": (1, 1, 2, 2, 35, 2),
    "presentation": (0, 1, 1, 1, 10, 0),
    "01": (1, 2, 0, 3, 23, 0),
    "02": (1, 1, 0, 2, 14, 0),
    "03": (2, 3, 1, 5, 89, 8),
    "05": (1, 1, 0, 2, 14, 0),
    "06": (1, 1, 0, 2, 21, 0),
    "07": (1, 2, 0, 3, 167, 5),
    "08": (2, 1, 2, 3, 30, 0),
    "09": (1, 3, 0, 3, 36, 0),
    "10": (1, 1, 0, 2, 17, 0),
    "11": (1, 4, 0, 5, 41, 0),
    "13": (1, 2, 0, 3, 89, 0),
    "14": (1, 1, 0, 2, 23, 0),
    "15": (1, 2, 0, 3, 29, 0),
    "16": (1, 2, 0, 0, 31, 0),  # all three have dates in words, as the published one has
    "17": (0, 1, 0, 0, 7, 0),  # a date of ISO 8601
    "18": (1, 1, 0, 2, 18, 0),
    "50": (0, 1, 1, 1, 9, 0),
    "51": (0, 1, 1, 1, 7, 0),
    "other": (0, 1, 0, 1, 7, 0),
}
NOT_CARRIED = {"09": 2}  # two dates that are none
STOPPING = {"03": ("rejected-four-errors: 42A 67A 68A[9]+108 stops",)}  # a goods item that was never declared


@pytest.fixture(scope="module")
def found(shared, registry):
    return {row.kind: row for row in rows(shared, registry)}


def test_every_kind_is_looked_at(found):
    assert set(found) == {*REQUESTS, *CODES, "other"}


@pytest.mark.parametrize("kind", HELD)
def test_the_figures_hold(kind, found):
    row = found[kind]
    assert (row.samples, row.own, row.valid, row.valid_with_namespaces, row.leaves, row.pointers) == HELD[kind]


@pytest.mark.parametrize("kind", HELD)
def test_every_value_is_kept_or_carried(kind, found):
    assert found[kind].leaves - found[kind].kept == NOT_CARRIED.get(kind, 0)


@pytest.mark.parametrize("kind", HELD)
def test_every_pointer_leads_to_what_it_names(kind, found):
    row = found[kind]
    assert tuple(each for each in row.differences if each.endswith(" stops")) == STOPPING.get(kind, ())
    assert row.pointers - row.resolved == len(STOPPING.get(kind, ()))


def test_fourteen_of_the_fifteen_published_notifications_fit_the_schema_in_its_namespaces(found):
    invalid = {row.kind for row in found.values() if any("16_DMSEOG" in each for each in row.differences)}
    others = [each for row in found.values() for each in row.differences if each[:2].isdigit() and "DMSEOG" not in each]
    assert (invalid, others) == ({"16"}, [])
