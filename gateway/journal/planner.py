"""What SQLite is told of the journal's indexes, instead of what it would guess or count.

Left alone its planner takes every state, and every connection, to have about ten rows. For a list of eight ids or more
it then walks all that are in the state, and for what is due on a connection all that ever went there: with a million
rows, at every step. What `ANALYZE` counts on one day is wrong on the next. These figures stand still, and the plans
with them. Set by hand, as https://sqlite.org/optoverview.html allows (manual control of query plans using sqlite_stat
tables).
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

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
    "answer.cause_kind": 5_000_000,
    "finding.code": 100_000,  # of some there are few: they are found by it
    "finding.row": 100_000,
}
"""Rows that agree in a column, of those by which an index may begin and still find nearly everything: the column of
every table, or of one."""

# Of some rows only: partial indexes hold few rows, as SQLite takes it already.
WHOLE = """
select t.name, i.name, i."unique", c.name from sqlite_schema t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
where t.type = 'table' and not i.partial order by t.name, i.name, c.seqno
"""
KEPT = "select tbl, idx, stat from sqlite_stat1"
THERE = "select 1 from sqlite_schema where name = ?"

Figures = tuple[str, str | None, str]


def tell(conn: Connection) -> None:
    """Put the figures down in place of any others; PostgreSQL counts for itself.

    A connection that is open already goes by what it read when it was opened, but this one.
    """
    if conn.dialect.name != "sqlite":
        return
    conn.exec_driver_sql("analyze sqlite_schema")  # makes the tables if there are none
    conn.exec_driver_sql("delete from sqlite_stat1")
    if _is_there(conn, "sqlite_stat4"):
        conn.exec_driver_sql("delete from sqlite_stat4")
    for row in list(told(conn)):
        conn.exec_driver_sql("insert into sqlite_stat1 (tbl, idx, stat) values (?, ?, ?)", row)
    conn.exec_driver_sql("analyze sqlite_schema")  # reads it again


def is_told(conn: Connection) -> bool:
    """Whether SQLite goes by these figures and no others: not after an `ANALYZE` by hand."""
    if conn.dialect.name != "sqlite":
        return True
    kept = set(conn.exec_driver_sql(KEPT)) if _is_there(conn, "sqlite_stat1") else set()
    return kept == set(told(conn)) and not _is_sampled(conn)


def _is_sampled(conn: Connection) -> bool:
    """Some builds of SQLite keep samples beside the figures, and go by them first."""
    return _is_there(conn, "sqlite_stat4") and conn.exec_driver_sql("select 1 from sqlite_stat4").first() is not None


def _is_there(conn: Connection, table: str) -> bool:
    return conn.exec_driver_sql(THERE, (table,)).first() is not None


def told(conn: Connection) -> Iterator[Figures]:
    """Table, index and figures: of the indexes that begin with such a column, and of tables without one."""
    silent = set(METADATA.tables)
    for (table, index, unique), rows in groupby(conn.exec_driver_sql(WHOLE).all(), lambda row: tuple(row[:3])):
        alike = [_alike(table, row[3]) for row in rows]
        if alike[0] > 1:
            silent.discard(table)
            yield table, index, figures(alike, unique=bool(unique))
    yield from ((table, None, str(ROWS)) for table in silent)


def figures(alike: Sequence[int], *, unique: bool) -> str:
    """How many rows there are, and how many agree in the first column, in the first two, in all of them.

    >>> figures([20_000, 1_000_000, 1], unique=False), figures([1_000_000, 5_000_000], unique=True)
    ('10000000 20000 20000 1', '10000000 1000000 1')
    """
    agree = [min(alike[: n + 1]) for n in range(len(alike))]
    return " ".join(map(str, (ROWS, *agree[:-1], 1 if unique else agree[-1])))


def _alike(table: str, column: str) -> int:
    return ALIKE.get(f"{table}.{column}", ALIKE.get(column, 1))
