"""What is named is found by its name, however many wait in the same state; what is due is found by its state."""

import pytest
from sqlalchemy import delete, exists, select, text, update

from gateway.journal import planner, schema
from gateway.journal.store import open_journal
from tests.journal.plans import plans

WALKED = ("batch", "decision", "delivery", "file", "filing", "item")
BY_NAME = {
    "alert.code", "answer.item", "audit.subject", "batch.file", "blob.sha256", "cleared.file", "decision.filing",
    "decision.item", "decision.lrn", "decision.mrn", "decision.notification", "delivery.next_try_at",
    "delivery_part.blob", "delivery_part.delivery", "duty.name", "filing.dossier", "filing.lrn", "finding.subject",
    "identifier.dossier", "identifier.value", "interchange.file", "item.dossier", "item.file", "published.delivery",
    "published.lrn", "ruleset.hash", "sighting.file_id",
}  # fmt: skip
"""Columns by which an index begins and finds few rows: a name, a number, a moment; nothing asks for their nulls."""

FEW_AND_MANY = pytest.mark.parametrize("number", [1, 8, 64, 900])
TABLES = pytest.mark.parametrize("name", WALKED)
d, a, b, n = schema.delivery, schema.answer, schema.blob, schema.finding


def ids(number):
    return [f"{n:026}" for n in range(number)]


def test_every_index_is_told_of_or_finds_few_rows_by_its_name(local):
    """Of a new one say in `ALIKE` how many rows agree in its first column, or here that they are few."""
    with local.read() as conn:
        told = {index for _, index, _ in planner.told(conn)}
        firsts = {}
        for table, index, _, column in conn.exec_driver_sql(planner.WHOLE):
            firsts.setdefault((table, index), column)
    untold = {f"{table}.{column}" for (table, index), column in firsts.items() if index not in told and column != "id"}
    assert untold - {"alembic_version.version_num"} == BY_NAME


def test_every_table_with_a_state_is_told_of(local):
    with local.read() as conn:
        told = {table for table, index, _ in planner.told(conn) if index == f"ix_{table}_state"}
    assert told == {name for name, table in schema.METADATA.tables.items() if "state" in table.c} - {"switch"}
    assert told == set(WALKED)


@FEW_AND_MANY
@TABLES
def test_what_is_moved_is_looked_up_by_the_ids(local, name, number):
    """By the state alone no more would be said than `(state=?)`."""
    table = schema.METADATA.tables[name]
    change = update(table).where(table.c.id.in_(ids(number)), table.c.state == "queued").values(state="sent")
    (step,) = planned(local, change.returning(table.c.id))
    assert step.endswith("id=?)")


@FEW_AND_MANY
@pytest.mark.parametrize("column", [a.c.delivery, b.c.purging_at], ids=str)
def test_what_is_not_done_yet_is_looked_up_by_the_ids(local, column, number):
    """Not among all that is not done yet."""
    change = update(column.table).where(column.table.c.id.in_(ids(number)), column.is_(None)).values({column: None})
    assert planned(local, change)[0].endswith("(id=?)")


def test_what_is_being_purged_is_found_among_that(local, blobs):
    with local.read() as conn:
        assert plans(conn, lambda: blobs.marked(conn)) == ["SCAN blob USING INDEX ix_blob_purging"]


@FEW_AND_MANY
def test_findings_are_looked_up_by_what_they_are_about(local, number):
    """Not among all of their kind."""
    gone = delete(n).where(n.c.subject.in_(ids(number)), n.c.code == "RSP703")
    (some,) = (step for step in planned(local, gone) if "finding" in step)
    assert some.endswith("(subject=?)")
    of_each = select(d.c.id).where(exists().where(n.c.subject == d.c.id, n.c.code == "RSP703"))
    assert planned(local, of_each)[-1].endswith("(subject=?)")


@TABLES
def test_what_is_due_is_found_by_its_state(local, name):
    """Figures that are too large would turn this into a walk of the table."""
    table = schema.METADATA.tables[name]
    due = select(table.c.id).where(table.c.state == "queued").order_by(table.c.id).limit(64)
    assert f"INDEX ix_{name}_state (state=?" in planned(local, due)[0]


def test_a_journal_that_was_counted_by_hand_goes_by_the_figures_again_when_it_is_opened(local, state_dir, clock):
    figures = text("select tbl, idx, stat from sqlite_stat1 order by tbl, idx")
    with local.write() as conn:
        before = conn.execute(figures).all()
        assert planner.is_told(conn)
        conn.exec_driver_sql("insert into counter values ('uk.live', 'test', 'envelope', 1)")
        conn.exec_driver_sql("analyze")
        assert not planner.is_told(conn)
    local.close()
    again = open_journal(state_dir, clock=clock)
    with again.read() as conn:
        assert conn.execute(figures).all() == before
    moved = update(d).where(d.c.id.in_(ids(64)), d.c.state == "queued").values(state="sent")
    assert planned(again, moved)[0].endswith("(id=?)")
    again.close()


def test_samples_of_other_builds_of_sqlite_go_too(local, state_dir, clock):
    with local.write() as conn:
        conn.exec_driver_sql("pragma writable_schema=on")
        conn.exec_driver_sql("create table sqlite_stat4 (tbl, idx, neq, nlt, ndlt, sample)")
        conn.exec_driver_sql("pragma writable_schema=off")
        assert planner.is_told(conn)
        conn.exec_driver_sql("insert into sqlite_stat4 values ('item', 'ix_item_state', '1 1', '0 0', '0 0', x'00')")
        assert not planner.is_told(conn)
    local.close()
    again = open_journal(state_dir, clock=clock)
    with again.read() as conn:
        assert conn.exec_driver_sql("select * from sqlite_stat4").all() == []
    again.close()


def planned(journal, statement):
    with journal.write() as conn:
        return plans(conn, lambda: conn.execute(statement))
