"""What is named is found by its name, however many wait in the same state; what is due is found by its state."""

import pytest
from sqlalchemy import select, text, update

from gateway.journal import planner, schema
from tests.journal.plans import plans

WALKED = ("batch", "decision", "delivery", "file", "filing", "item")
FEW_AND_MANY = pytest.mark.parametrize("number", [1, 8, 64, 900])
TABLES = pytest.mark.parametrize("name", WALKED)


def ids(number):
    return [f"{n:026}" for n in range(number)]


def test_every_table_with_a_state_is_told_of(local):
    with local.read() as conn:
        told = {table for table, index, _ in planner.told(conn) if index == f"ix_{table}_state"}
    assert told == {name for name, table in schema.METADATA.tables.items() if "state" in table.c} - {"switch"}
    assert told == set(WALKED)


@FEW_AND_MANY
@TABLES
def test_a_list_of_ids_is_looked_up_by_the_ids(local, name, number):
    """By the state alone no more would be said than `(state=?)`."""
    table = schema.METADATA.tables[name]
    change = update(table).where(table.c.id.in_(ids(number)), table.c.state == "queued").values(state="sent")
    with local.write() as conn:
        (step,) = plans(conn, lambda: conn.execute(change.returning(table.c.id)))
    assert step.endswith("id=?)")


@TABLES
def test_what_is_due_is_found_by_its_state(local, name):
    table = schema.METADATA.tables[name]
    due = select(table.c.id).where(table.c.state == "queued").order_by(table.c.id).limit(64)
    with local.read() as conn:
        assert f"INDEX ix_{name}_state (state=?" in plans(conn, lambda: conn.execute(due))[0]


def test_the_figures_are_the_same_whatever_was_counted(local):
    """`ANALYZE` by hand lasts until the next migration: it counts what there is today."""
    figures = text("select tbl, idx, stat from sqlite_stat1 order by tbl, idx")
    with local.write() as conn:
        before = conn.execute(figures).all()
        conn.exec_driver_sql("analyze")
        planner.tell(conn)
        assert conn.execute(figures).all() == before
        assert sorted(before, key=str) == sorted(planner.told(conn), key=str)
