"""PostgreSQL as the store, for several hosts. Time is the server's; no transaction waits or idles without a limit."""

from sqlalchemy import Connection, Engine, create_engine, event, make_url

OPTIONS = "-c statement_timeout=30000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000"


def engine(url: str) -> Engine:
    """The store at a URL (`postgresql://…`)."""
    made = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), connect_args={"options": OPTIONS}, pool_pre_ping=True
    )
    event.listen(made, "begin", _begin)
    return made


def _begin(conn: Connection) -> None:
    if not conn.get_execution_options()["journal_write"]:
        conn.exec_driver_sql("set transaction isolation level repeatable read, read only")
