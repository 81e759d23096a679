"""Control references: numbers without a gap, taken in the transaction that uses them.

Each number is that of a delivery, also of one that was dropped, which keeps it for ever. A number that none bears is
said to be void: a journal restored from last night skips those that partners have seen since.
"""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.journal.schema.operations import counter, void_number


def next_number(conn: Connection, connection: str, environment: str, kind: str) -> int:
    """The next number of this counter, from 1."""
    upsert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    taken = (
        upsert(counter)
        .values(connection=connection, environment=environment, kind=kind, next=2)
        .on_conflict_do_update(index_elements=list(counter.primary_key), set_={"next": counter.c.next + 1})
        .returning(counter.c.next)
    )
    return int(conn.execute(taken).scalar_one()) - 1


def void_until(
    conn: Connection, connection: str, environment: str, kind: str, last: int, *, why: str, at: datetime
) -> int:
    """Use no number up to `last`, and say why; returns how many were skipped. One that is used already stays used."""
    mine = {"connection": connection, "environment": environment, "kind": kind}
    same = [counter.c[name] == value for name, value in mine.items()]
    first = conn.scalar(select(counter.c.next).where(*same)) or 1
    if last < first:
        return 0
    if not conn.execute(update(counter).where(*same).values(next=last + 1)).rowcount:
        conn.execute(insert(counter).values(**mine, next=last + 1))
    conn.execute(insert(void_number).values(**mine, first=first, last=last, why=why, at=at))
    return last - first + 1
