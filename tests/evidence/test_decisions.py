"""The figures of answers of customs hold: each kind is read, nothing is lost unsaid, each code has its meaning."""

import pytest

from gateway.mapping.listing import ANY, read
from gateway.mapping.registry import shipped
from tests.evidence.decisions import DIFFERENCES, SCHEMES, codes, rows, stories
from tests.tables.conftest import registry, shared

__all__ = ["registry", "shared"]

HELD = {  # kinds, notifications, leaves, leaves that a field of the decision holds, pointers
    "notification": (31, 52, 625, 602, 9),
    "notification-1": (11, 15, 219, 203, 2),
    "synchronous-error": (1, 3, 27, 27, 2),
    "synchronous-error-validation": (1, 2, 11, 11, 2),
    "synchronous-receipt": (1, 2, 8, 8, 0),
}
ASIDE = {  # left aside by a row that says why
    "Declaration/Exporter/Name", "Declaration/Declarant/ID", "Declaration/Agent/ID",
    "Declaration/amendment/createdBy", "Declaration/amendment/sequenceNumber",
    "Declaration/amendment/amendmentActionType", "Declaration/amendment/declarationVersion",
    "Declaration/amendment/timestamp/DateTimeString", "Declaration/amendment/timestamp/DateTimeString/@formatCode",
    "Goodsitem/SequenceNumeric", "Goodsitem/QuotaOrderNumber", "UpdatedDeclaration",
    "TimerDetails/Timer/ExternalId", "TimerDetails/Timer/ActionType",
}  # fmt: skip


@pytest.fixture(scope="module")
def found(shared, registry):
    return rows(shared, registry)


@pytest.fixture(scope="module")
def compared(shared):
    return codes(shared)


@pytest.mark.parametrize("table", HELD)
def test_every_leaf_of_a_notification_is_carried_or_left_aside_on_purpose(table, found):
    mine = [row for row in found if row.table == table]
    sums = (sum(getattr(row, name) for row in mine) for name in ("samples", "leaves", "carried", "pointers"))
    assert (len(mine), *sums) == HELD[table]
    assert {path for row in mine for path in row.aside} <= ASIDE


def test_every_kind_of_notification_has_a_sample(found):
    listed = {row["message"] for row in read("", shipped() / "codes/customs/dk/notification-event.csv").rows} - {ANY}
    assert listed <= {row.kind for row in found if row.table == "notification"}
    assert len(listed) == 30


def test_every_code_of_the_map_means_the_same_or_says_why_not(compared):
    differing = {(one.scheme, one.code) for one in compared if one.differing}
    assert differing == set(DIFFERENCES)
    assert {name for one in compared for name in one.differing} == {"outcome"}
    assert (len(compared), len(differing)) == (106, 12)


def test_no_list_has_a_code_that_the_map_does_not_have(compared):
    mapped = {(one.scheme, one.code) for one in compared}
    ours = {
        (name, row["message"])
        for name in SCHEMES.values()
        for row in read(name, shipped() / "codes" / f"{name}.csv").rows
        if row["message"] != ANY
    }
    assert ours == mapped


def test_every_order_of_six_answers_ends_alike():
    found = stories()
    assert len(found) == 6
    assert {(one.orders, len(one.ends)) for one in found} == {(720, 1)}
