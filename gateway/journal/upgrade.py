"""Bring a journal to the newest version of its tables. Alembic is only imported when there is something to do."""

from sqlalchemy import Connection, inspect, text

from gateway.journal import planner
from gateway.journal.schema import VERSION


def version(conn: Connection) -> str | None:
    """The version of the journal's tables, None when it is empty."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    found: str | None = conn.execute(text("select version_num from alembic_version")).scalar()
    return found


def upgrade(conn: Connection) -> None:
    """Do what is missing, inside the caller's transaction: a crash leaves the journal as it was.

    Nothing may be missing any more: another process was faster.
    """
    if version(conn) != VERSION:
        _migrate(conn)
    if not planner.is_told(conn):
        planner.tell(conn)


def _migrate(conn: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a fifth of a second that most starts do not need
    from alembic.config import Config  # noqa: PLC0415

    if conn.dialect.name == "postgresql":
        conn.execute(text("set local statement_timeout = 0"))  # an index of a long table takes its time
    config = Config()
    config.set_main_option("script_location", "gateway.journal:migrations")
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
