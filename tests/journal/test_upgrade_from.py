"""Every earlier version of the journal, with a row in each table, comes up to date by being opened; a later one not."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from gateway.journal import postgresql, schema, sqlite, upgrade
from gateway.journal.audit import make_key
from gateway.journal.schema.columns import stamp
from gateway.journal.store import JournalNewer, open_journal

MOMENT = datetime(2026, 9, 13, 8, 0, tzinfo=UTC)


def config():
    made = Config()
    made.set_main_option("script_location", "gateway.journal:migrations")
    return made


VERSIONS = sorted(one.revision for one in ScriptDirectory.from_config(config()).walk_revisions())


def old_engine(target):
    return postgresql.engine(target) if "://" in str(target) else sqlite.engine(target)


def made_by(version, target):
    """A journal as that version made it, with a row in each table; gives the rows."""
    engine, tables, rows = old_engine(target), sa.MetaData(), {}
    with engine.execution_options(journal_write=True).begin() as conn:
        settings = config()
        settings.attributes["connection"] = conn
        command.upgrade(settings, version)
        tables.reflect(conn)
        for table in tables.sorted_tables:
            if table.name != "alembic_version":
                rows[table.name] = row_of(table, rows)
                conn.execute(table.insert(), rows[table.name])
    engine.dispose()
    return rows


def row_of(table, rows):
    """A value in every column; keys name the rows that are there, or nothing where they name their own table."""
    row = {column.name: value_of(table, column) for column in table.c}
    for key in table.foreign_key_constraints:
        for element in key.elements:
            known = rows.get(element.column.table.name)
            if known is not None:
                row[element.parent.name] = known[element.column.name]
            elif element.parent.nullable and len(key.elements) == 1:
                row[element.parent.name] = None
    return row


VALUES = ((sa.DateTime, MOMENT), (sa.Boolean, False), (sa.Integer, 1), (sa.LargeBinary, b"\x01" * 32))
STAMPED = 27  # characters of a moment on SQLite


def value_of(table, column):
    if column.name == "environment":
        return "test"
    known = [value for kind, value in VALUES if isinstance(column.type, kind)]
    width = getattr(column.type, "length", None) or 60
    return known[0] if known else stamp(MOMENT) if width == STAMPED else f"{table.name}.{column.name}"[:width]


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_rows_of_every_table_are_kept(version, target, state_dir, clock):
    rows = made_by(version, target)
    assert {"audit", "blob", "delivery", "filing", "item"} <= rows.keys()
    make_key(state_dir)
    journal = open_journal(target, state_dir=state_dir, clock=clock)
    with journal.read() as conn:
        assert upgrade.version(conn) == schema.VERSION
        for name, row in rows.items():
            table = schema.METADATA.tables[name]
            (kept,) = conn.execute(sa.select(sa.table(name, *map(sa.column, row)))).mappings()
            assert {key: plain(value) for key, value in kept.items()} == {key: plain(row[key]) for key in row}, name
            assert set(row) <= set(table.c.keys())
    journal.close()


def plain(value):
    if isinstance(value, memoryview):
        return bytes(value)
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def test_a_journal_that_is_newer_than_the_program_is_left_alone(target, state_dir, clock):
    open_journal(target, state_dir=state_dir, clock=clock).close()
    engine = old_engine(target)
    with engine.execution_options(journal_write=True).begin() as conn:
        conn.execute(sa.text("update alembic_version set version_num = '9999'"))
    engine.dispose()
    with pytest.raises(JournalNewer, match="of version 9999, this gateway knows " + schema.VERSION):
        open_journal(target, state_dir=state_dir, clock=clock)
