"""The kinds of columns: small, and the same on SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, ForeignKeyConstraint, Index, MetaData, String, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

Id = String(26)
State = String(16)
Environment = String(10)
Hash = String(64)


@lru_cache(maxsize=64)
def stamp(moment: datetime) -> str:
    """A moment as text of fixed width, which sorts as time.

    >>> stamp(datetime(2026, 9, 13, 17, 40, tzinfo=UTC))
    '2026-09-13T17:40:00.000000Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Utc(TypeDecorator[datetime]):
    """An aware moment: `timestamp with time zone` on PostgreSQL, text of fixed width on SQLite."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(TIMESTAMP(timezone=True) if dialect.name == "postgresql" else String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return stamp(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if dialect.name == "postgresql" else datetime.fromisoformat(value)


def key() -> Column[str]:
    return Column("id", Id, primary_key=True)


def state() -> Column[str]:
    """Where a row stands. Its table has an index of it that ends with the id: rounds are taken in the order of ids."""
    return Column("state", State, nullable=False)


def environment() -> Column[str]:
    return Column("environment", Environment, nullable=False)


def index_where(condition: ColumnElement[bool], name: str, *columns: Column[Any], unique: bool = False) -> Index:
    """An index of some rows only: small, and free for the others."""
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def place(name: str) -> Sequence[Column[Any]]:
    """A stretch of a blob."""
    return (
        Column(f"{name}_blob", Id),
        Column(f"{name}_offset", BigInteger),
        Column(f"{name}_length", BigInteger),
    )


def lease() -> Sequence[Column[Any]]:
    """Who works on the row, until when, for the how-manieth time: the fence of `gateway.journal.claims`."""
    return (
        Column("owner", Text),
        Column("lease_until", Utc),
        Column("attempt", BigInteger, nullable=False, server_default="0"),
    )


def blob_keys(*names: str) -> Sequence[ForeignKeyConstraint]:
    return tuple(ForeignKeyConstraint([f"{name}_blob"], ["blob.id"]) for name in names)


def same_environment(column: str, table: str) -> ForeignKeyConstraint:
    """The row that `column` names has the same environment as this one: test and production never meet."""
    return ForeignKeyConstraint([column, "environment"], [f"{table}.id", f"{table}.environment"])
