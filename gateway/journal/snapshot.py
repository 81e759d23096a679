"""The whole journal as text, without what changes by itself: two runs that did the same thing give the same lines.

Times and what is sealed over times are left out, as are attempts and owners of leases; everything else is there, one
JSON array a row, tables and rows in the order of their keys.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, Table, select

from gateway.journal.schema import METADATA, Utc

VOLATILE = frozenset({"owner", "mac", "polls", "holder", "term"})


def dump(conn: Connection) -> str:
    return "".join(line for table in METADATA.sorted_tables for line in _lines(conn, table))


def _lines(conn: Connection, table: Table) -> Iterator[str]:
    columns = [column for column in table.c if _lasts(column)]
    for row in conn.execute(select(*columns).order_by(*table.primary_key)):
        yield f"{table.name} {msgspec.json.encode(tuple(map(_plain, row))).decode()}\n"


def _lasts(column: Column[Any]) -> bool:
    return not isinstance(column.type, Utc) and column.name not in VOLATILE


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
