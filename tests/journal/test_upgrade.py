import re
import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from gateway.journal import postgresql, schema, sqlite, upgrade
from gateway.journal.audit import make_key
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
        "select name, sql from sqlite_master where type <> 'trigger'"
        " and name not like '%alembic%' and name <> 'sqlite_stat1' order by name"
    )
    with opened.read() as migrated, plain.connect() as made:
        for left, right in zip(migrated.execute(query), made.execute(query), strict=True):
            assert (left.name, _clauses(left.sql)) == (right.name, _clauses(right.sql))


def _clauses(sql):
    """What a statement says, clause by clause: a column that was added with its key says both in one."""
    said = re.split(r",\s+(?![^(]*\))|\n", sql or "")
    return sorted(part for one in said if (line := one.strip().rstrip(",")) for part in _apart(line))


def _apart(clause):
    if found := re.fullmatch(r"(\w+) (.+?) constraint (\w+) references (\w+) \((\w+)\)\)?", clause, re.IGNORECASE):
        name, kind, key, table, column = found.groups()
        return f"{name} {kind}".upper(), f"CONSTRAINT {key} FOREIGN KEY({name}) REFERENCES {table} ({column})".upper()
    return (clause.upper(),)


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


def test_a_journal_of_the_first_version_keeps_its_rows(target, state_dir, clock):
    """Brought up to date by being opened: what was filed is there, and says nothing of what it did not know."""
    old = postgresql.engine(target) if "://" in str(target) else sqlite.engine(target)
    tables = sa.MetaData()
    with old.execution_options(journal_write=True).begin() as conn:
        config = Config()
        config.set_main_option("script_location", "gateway.journal:migrations")
        config.attributes["connection"] = conn
        command.upgrade(config, "0001")
        tables.reflect(conn)
        dossier = {"id": "D", "environment": "test", "kind": "consignment", "business_id": "RR123456785GB"}
        filing = {"id": "F1", "dossier": "D", "environment": "test", "route": "uk", "purpose": "declare",
                  "connection": "uk.test", "kind": "customs/uk/h7", "declarant": "GB1", "state": "lodged"}  # fmt: skip
        decision = {"id": "W", "authority": "uk", "environment": "test", "notification": "1", "connection": "uk.test",
                    "state": "matched", "filing": "F1"}  # fmt: skip
        conn.execute(tables.tables["dossier"].insert(), dossier)
        conn.execute(tables.tables["filing"].insert(), filing | {"lrn": "L1"})
        conn.execute(
            tables.tables["filing"].insert(), filing | {"id": "F2", "lrn": "L2", "attempt": 2, "replaces": "F1"}
        )
        conn.execute(tables.tables["decision"].insert(), decision)
    old.dispose()
    make_key(state_dir)
    journal = open_journal(target, state_dir=state_dir, clock=clock)
    f, d = schema.filing, schema.decision
    with journal.read() as conn:
        assert upgrade.version(conn) == schema.VERSION
        kept = conn.execute(sa.select(f.c.id, f.c.lrn, f.c.replaces, f.c.about, f.c.reason).order_by(f.c.id)).all()
        assert kept == [("F1", "L1", None, None, None), ("F2", "L2", "F1", None, None)]
        assert conn.execute(sa.select(d.c.id, d.c.filing, d.c.cause, d.c.request)).all() == [("W", "F1", None, None)]
    request = filing | {"id": "R", "lrn": "L3", "purpose": "cancel", "about": "F2", "reason": "10"}
    with journal.write() as conn:
        conn.execute(f.insert(), request)
    with pytest.raises(IntegrityError), journal.write() as conn:
        conn.execute(f.insert(), request | {"id": "S", "lrn": "L4", "attempt": 2, "about": "nowhere"})
    journal.close()
