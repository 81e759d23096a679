"""What SQLite is told of the journal's indexes, instead of what it would guess or count.

Left alone its planner takes every state, and every connection, to have about ten rows. For a list of eight ids or more
it then walks all that are in the state, and for what is due on a connection all that ever went there: with a million
rows, at every step. What `ANALYZE` counts on one day is wrong on the next. These figures stand still, and the plans
with them. Set by hand, as https://sqlite.org/optoverview.html allows (manual control of query plans using sqlite_stat
tables).
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from gateway.journal.schema import METADATA

ROWS = 10_000_000  # of a table
ALIKE = {
    "state": 20_000,  # more than any list of ids, far fewer than the table
    "connection": 1_000_000,
    "directory": 1_000_000,
    "route": 1_000_000,
    "sender": 1_000_000,
    "authority": 5_000_000,
    "environment": 5_000_000,
    "kind": 5_000_000,
    "recipient": 5_000_000,
    "type": 5_000_000,
}
"""Rows that agree in a column, of those by which an index may begin and still find nearly everything."""

WHOLE = "select name from pragma_index_list(?) where not partial order by name"


def tell(conn: Connection) -> None:
    """Put the figures down; PostgreSQL counts for itself."""
    if conn.dialect.name != "sqlite":
        return
    conn.exec_driver_sql("analyze sqlite_schema")  # makes the table if there is none
    conn.exec_driver_sql("delete from sqlite_stat1")
    for row in list(told(conn)):
        conn.exec_driver_sql("insert into sqlite_stat1 (tbl, idx, stat) values (?, ?, ?)", row)
    conn.exec_driver_sql("analyze sqlite_schema")  # reads it again


def told(conn: Connection) -> Iterator[tuple[str, str | None, str]]:
    """Table, index and figures: of the indexes that begin with such a column, and of tables without one."""
    for table in METADATA.tables:
        columns = {name: _columns(conn, name) for name in conn.exec_driver_sql(WHOLE, (table,)).scalars()}
        broad = [name for name, its in columns.items() if its[0] in ALIKE]
        yield from ((table, name, figures(columns[name])) for name in broad)
        if not broad:
            yield table, None, str(ROWS)


def figures(columns: Sequence[str]) -> str:
    """How many rows there are, and how many agree in the first column, in the first two, in all of them.

    >>> figures(["state", "connection", "id"]), figures(["connection", "final_name"])
    ('10000000 20000 20000 1', '10000000 1000000 1')
    """
    agree = [min(ALIKE.get(name, 1) for name in columns[: n + 1]) for n in range(len(columns))]
    return " ".join(map(str, (ROWS, *agree)))


def _columns(conn: Connection, index: str) -> Sequence[str]:
    return conn.exec_driver_sql("select name from pragma_index_info(?) order by seqno", (index,)).scalars().all()
