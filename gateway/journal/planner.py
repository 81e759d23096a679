"""What SQLite is told of the journal's indexes, instead of what it would guess or count.

Left alone its planner takes every state to have about ten rows. For a list of eight ids or more it then walks all that
are in the state: with a million waiting, at every step of each. What `ANALYZE` counts on one day is wrong on the next.
These figures stand still, and the plans with them. Set by hand, as https://sqlite.org/optoverview.html allows (manual
control of query plans using sqlite_stat tables).
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from gateway.journal.schema import METADATA

ROWS = 10_000_000  # of a table
ALIKE = {"state": 20_000, "connection": 1_000_000}
"""Rows that agree in the first column of an index: more than any list of ids, far fewer than the table; a connection
has more than a state."""


def tell(conn: Connection) -> None:
    """Put the figures down; PostgreSQL counts for itself."""
    if conn.dialect.name != "sqlite":
        return
    conn.exec_driver_sql("analyze sqlite_schema")  # makes the table if there is none
    conn.exec_driver_sql("delete from sqlite_stat1")
    for row in told():
        conn.exec_driver_sql("insert into sqlite_stat1 (tbl, idx, stat) values (?, ?, ?)", row)
    conn.exec_driver_sql("analyze sqlite_schema")  # reads it again


def told() -> Iterator[tuple[str, str | None, str]]:
    """Table, index and figures: of the indexes that begin with a state or a connection, and of tables without one."""
    for table in METADATA.tables.values():
        by = {str(one.name): one.columns.keys() for one in table.indexes if one.columns.keys()[0] in ALIKE}
        yield from ((table.name, name, figures(by[name])) for name in sorted(by))
        if not by:
            yield table.name, None, str(ROWS)


def figures(columns: Sequence[str]) -> str:
    """How many rows there are, and how many agree in the first column, in the first two, in all: the last is an id.

    >>> figures(["state", "connection", "id"])
    '10000000 20000 20000 1'
    """
    return " ".join(map(str, (ROWS, *[ALIKE[columns[0]]] * (len(columns) - 1), 1)))
