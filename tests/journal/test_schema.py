import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.schema import CreateIndex, CreateTable

from gateway.journal import audit, schema
from gateway.journal.schema import METADATA

DIALECTS = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}

UNIQUE = {  # the keys by which work that is done again does no harm
    "interchange": [("file", "seq")],
    "batch": [("file", "seq")],
    "dossier": [("environment", "kind", "business_id", "epoch")],
    "item": [("file", "seq")],
    "filing": [("dossier", "route", "purpose", "attempt"), ("lrn", "declarant", "environment")],
    "delivery": [("connection", "final_name"), ("connection", "environment", "kind", "control_reference")],
    "decision": [("authority", "environment", "notification")],
    "answer": [("cause_kind", "cause", "route")],
}


@pytest.mark.parametrize("table", UNIQUE)
def test_what_must_not_happen_twice_has_a_unique_key(table):
    keys = {
        tuple(column.name for column in constraint.columns)
        for constraint in METADATA.tables[table].constraints
        if type(constraint).__name__ == "UniqueConstraint"
    }
    assert set(UNIQUE[table]) <= keys


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_reference_is_unique_among_interchanges_that_repeat_nothing(dialect):
    index = next(i for i in schema.interchange.indexes if i.name == "uq_interchange_reference")
    ddl = str(CreateIndex(index).compile(dialect=DIALECTS[dialect]))
    assert ddl.startswith("CREATE UNIQUE INDEX")
    assert "(environment, sender, recipient, type, reference) WHERE repeat_of IS NULL" in ddl


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("table", METADATA.tables)
def test_every_table_can_be_made_on_both_stores(dialect, table):
    compiled = CreateTable(METADATA.tables[table]).compile(dialect=DIALECTS[dialect])
    assert str(compiled).strip().startswith(f"CREATE TABLE {table}")
    names = [c.name for c in METADATA.tables[table].constraints] + [i.name for i in METADATA.tables[table].indexes]
    assert all(name and len(name) <= 63 for name in names)  # PostgreSQL cuts longer names


def test_times_are_native_on_postgresql_and_sort_as_text_on_sqlite():
    column = CreateTable(schema.audit).compile(dialect=DIALECTS["postgresql"])
    assert "at TIMESTAMP WITH TIME ZONE NOT NULL" in str(column)


def test_a_time_is_read_as_it_was_written(journal):
    now = journal.clock.now().replace(microsecond=123456)
    with journal.write() as conn:
        row = {"hash": "a", "manifest": "{}", "package_version": "1", "first_used_at": now}
        conn.execute(schema.ruleset.insert(), row)
    with journal.read() as conn:
        assert conn.scalar(select(schema.ruleset.c.first_used_at)) == now
        assert conn.scalar(select(func.max(schema.ruleset.c.first_used_at))) == now


def test_the_same_reference_again_is_refused_unless_it_is_a_repeat(world):
    first = world.file()
    original = world.interchange(first)
    again = world.file()
    with pytest.raises(IntegrityError):
        world.interchange(again)
    world.interchange(again, repeat_of=original)
    world.interchange(again, seq=2, environment="test")


def test_interchanges_without_a_reference_do_not_collide(world):
    file = world.file()
    world.interchange(file, reference=None)
    world.interchange(file, reference=None, seq=2)


def test_an_item_cannot_join_a_dossier_of_the_other_environment(world):
    file = world.file()
    interchange = world.interchange(file)
    batch = world.batch(file, interchange)
    with pytest.raises(IntegrityError):
        world.item(file, interchange, batch, dossier=world.dossier(environment="test"))


def test_an_item_has_the_environment_of_its_interchange(world):
    file = world.file()
    interchange = world.interchange(file)
    batch = world.batch(file, interchange)
    with pytest.raises(IntegrityError):
        world.item(file, interchange, batch, environment="test")


def test_a_filing_cannot_travel_in_a_delivery_of_the_other_environment(world):
    file = world.file()
    interchange = world.interchange(file)
    dossier = world.dossier()
    item = world.item(file, interchange, world.batch(file, interchange), dossier=dossier)
    filing = world.filing(dossier, item, "L1")
    delivery = world.delivery(environment="test")
    with pytest.raises(IntegrityError), world.journal.write() as conn:
        conn.execute(schema.filing.update().where(schema.filing.c.id == filing).values(delivery=delivery))


def test_a_decision_cannot_be_about_a_filing_of_the_other_environment(world):
    file = world.file()
    interchange = world.interchange(file)
    dossier = world.dossier()
    item = world.item(file, interchange, world.batch(file, interchange), dossier=dossier)
    facts = {"authority": "uk", "notification": "1", "connection": "uk.test", "environment": "test", "state": "matched"}
    with pytest.raises(IntegrityError):
        world.add("decision", **facts, filing=world.filing(dossier, item, "L1"))


def test_an_environment_is_production_or_test(world):
    with pytest.raises(IntegrityError):
        world.file(environment="staging")


@pytest.mark.parametrize(
    "statement", ["update audit set who = 'X'", "delete from audit", "delete from audit where seq = 1"]
)
def test_the_audit_trail_only_grows(journal, statement):
    with journal.write() as conn:
        audit.append(conn, "look", "S", who="O:ana")
    with pytest.raises(DBAPIError, match="append-only"), journal.write() as conn:
        conn.execute(text(statement))
    with journal.read() as conn:
        assert conn.scalar(select(func.count()).select_from(schema.audit)) == 1


def test_a_blob_that_is_named_is_there(journal):
    with pytest.raises(IntegrityError), journal.write() as conn:
        conn.execute(insert(schema.file).values(
            id="F", connection="c", environment="test", name=b"a", state="received", blob="nowhere"
        ))  # fmt: skip
