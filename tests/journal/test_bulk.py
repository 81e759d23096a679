from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from gateway.journal import bulk, schema

NOW = datetime(2026, 9, 13, 8, 0, 0, 5, tzinfo=UTC)


def facts(n, **values):
    row = {"connection": "c", "directory": "out", "name": b"\xff%d" % n, "size": n, "mtime": 7, "first_seen": NOW}
    return row | {"last_seen": NOW} | values


def names(journal):
    with journal.read() as conn:
        return conn.execute(
            select(schema.sighting.c.name, schema.sighting.c.first_seen).order_by(schema.sighting.c.size)
        ).all()


def test_rows_are_read_as_they_were_given(journal):
    with journal.write() as conn:
        bulk.insert(conn, schema.sighting, [facts(n) for n in range(3)])
    assert names(journal) == [(b"\xff0", NOW), (b"\xff1", NOW), (b"\xff2", NOW)]


def test_the_order_of_columns_in_a_row_does_not_matter(journal):
    backwards = dict(reversed(facts(1).items()))
    with journal.write() as conn:
        bulk.insert(conn, schema.sighting, [facts(0), backwards])
    assert names(journal)[1] == (b"\xff1", NOW)


def test_absent_times_stay_absent(journal):
    with journal.write() as conn:
        bulk.insert(conn, schema.sighting, [facts(0, tidied_at=None), facts(1, tidied_at=NOW)])
    with journal.read() as conn:
        found = conn.scalars(select(schema.sighting.c.tidied_at).order_by(schema.sighting.c.size)).all()
    assert found == [None, NOW]


def test_columns_that_are_not_named_get_their_default(journal):
    with journal.write() as conn:
        bulk.insert(conn, schema.sighting, [facts(0)])
    with journal.read() as conn:
        assert conn.scalar(select(schema.sighting.c.polls)) == 1


def test_rows_that_are_there_already_can_be_left_out(journal):
    with journal.write() as conn:
        bulk.insert(conn, schema.sighting, [facts(0, polls=5)])
        bulk.insert(conn, schema.sighting, [facts(0, polls=9), facts(1, polls=9)], ignore=True)
    with journal.read() as conn:
        assert conn.scalars(select(schema.sighting.c.polls).order_by(schema.sighting.c.size)).all() == [5, 9]


def test_a_key_given_twice_is_an_error_otherwise(journal):
    with pytest.raises(IntegrityError), journal.write() as conn:
        bulk.insert(conn, schema.sighting, [facts(0), facts(0)])


def test_no_rows_are_no_statement(journal):
    with journal.write() as conn:
        bulk.insert(conn, schema.sighting, [])
    assert names(journal) == []
