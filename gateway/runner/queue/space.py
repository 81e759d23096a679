"""Procrastinate's tables: in a schema of their own, one for each of its versions, beside the journal's.

Nothing in them is worth keeping: what is due stands in the journal. So there is nothing to migrate: hosts with another
version of Procrastinate have jobs of their own, and get theirs when they are upgraded.
"""

from typing import Any

import psycopg
from procrastinate import __version__
from procrastinate.schema import SchemaManager
from sqlalchemy import URL

from gateway.findings.failpoint import effect
from gateway.journal.postgresql import session

NAME = "queue_" + "_".join(__version__.split(".")[:2])
LOCK = 0x7175657565  # "queue"


def pool_of(url: URL, most: int) -> dict[str, Any]:
    """What Procrastinate's pools of connections need to work in it, with at most so many."""
    settings = session(url)
    conninfo, options = settings.pop("conninfo"), settings.pop("options")
    options = f"{options} -c search_path={NAME}"
    return {"conninfo": conninfo, "kwargs": {**settings, "options": options}, "min_size": 1, "max_size": most}


def install(url: URL) -> None:
    """Make the tables, once, however many hosts start at the same time."""
    with psycopg.connect(**session(url)) as conn, effect("queue.install"):
        conn.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        if conn.execute("select to_regnamespace(%s)", [NAME]).fetchone() == (None,):
            conn.execute(f"create schema {NAME}")
            conn.execute(f"set local search_path = {NAME}")
            conn.execute(SchemaManager.get_schema())
