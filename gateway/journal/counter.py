"""Control references: numbers without a gap, taken in the transaction that uses them."""

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from gateway.journal.schema.operations import counter


def next_number(conn: Connection, connection: str, environment: str, kind: str) -> int:
    """The next number of this counter, from 1."""
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    taken = (
        insert(counter)
        .values(connection=connection, environment=environment, kind=kind, next=2)
        .on_conflict_do_update(index_elements=list(counter.primary_key), set_={"next": counter.c.next + 1})
        .returning(counter.c.next)
    )
    return int(conn.execute(taken).scalar_one()) - 1
