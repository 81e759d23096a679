import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from gateway.journal import schema, sqlite, upgrade
from gateway.journal.store import open_journal


@pytest.fixture
def versions():
    config = Config()
    config.set_main_option("script_location", "gateway.journal:migrations")
    return ScriptDirectory.from_config(config)


def test_the_newest_migration_is_the_version_of_the_tables(versions):
    assert versions.get_current_head() == schema.VERSION


def test_migrations_are_named_by_their_version(versions):
    for one in versions.walk_revisions():
        assert one.module.__name__.startswith(f"v{one.revision}_")


def test_from_empty_the_migrations_make_exactly_the_tables(journal):
    with journal.read() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, schema.METADATA) == []


def test_migrations_also_make_what_alembic_does_not_compare(state_dir, clock, tmp_path):
    """The text of every table and index: checks, keys, partial indexes, tables without row numbers."""
    opened = open_journal(state_dir, clock=clock)
    plain = sqlite.engine(tmp_path / "plain").execution_options(journal_write=True)
    with plain.begin() as conn:
        schema.METADATA.create_all(conn)
    query = text(
        "select name, sql from sqlite_master where name not like '%alembic%' and type <> 'trigger' order by name"
    )
    with opened.read() as migrated, plain.connect() as made:
        for left, right in zip(migrated.execute(query), made.execute(query), strict=True):
            assert (left.name, _clauses(left.sql)) == (right.name, _clauses(right.sql))


def _clauses(sql):
    return sorted(line.strip().rstrip(",") for line in (sql or "").splitlines())


def test_a_migration_that_fails_leaves_the_journal_as_it_was(state_dir, monkeypatch):
    broken = {"sqlite": (*schema.APPEND_ONLY["sqlite"], "create nonsense")}
    monkeypatch.setattr("gateway.journal.schema.APPEND_ONLY", broken)
    with pytest.raises(Exception, match="nonsense"):
        open_journal(state_dir)
    monkeypatch.undo()
    opened = open_journal(state_dir)
    with opened.read() as conn:
        assert upgrade.version(conn) == schema.VERSION
        assert set(inspect(conn).get_table_names()) == {*schema.METADATA.tables, "alembic_version"}


def test_a_journal_that_is_up_to_date_opens_without_alembic(state_dir):
    open_journal(state_dir).close()
    code = (
        "import sys; from gateway.journal.store import open_journal; open_journal(sys.argv[1]).close();"
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, state_dir], check=False).returncode == 0
