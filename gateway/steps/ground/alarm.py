"""The one door for what a person must be told: an alarm is raised, counted while it lasts, and cleared.

    with gate.journal.write("disk.look") as conn:
        raise_alarm(conn, "INT962", "state folder", {"free": "120 MB"})

An alarm is a code of the catalogue about one subject, a name of ours: a connection, a route, an id. Raising it again
counts and tells nobody anew; who is told, and when again, is the business of `gateway.runner.alerts`. One that is
cleared and comes back before its end was told is the same alarm: a line that flaps is one trouble, not twenty.
"""

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.findings.catalogue import entry
from gateway.findings.telling import clean, shortened
from gateway.journal.claims import now
from gateway.journal.schema import alert as table
from gateway.steps.ground.mask import covered

WIDEST = 200  # characters of a value


def raise_alarm(conn: Connection, code: str, subject: str, values: Mapping[str, str] | None = None) -> None:
    """Say that something is wrong, in the transaction that finds it. Raises: KeyError for a code of no catalogue."""
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    said = kept(values or {})
    row = {"code": code, "subject": subject, "severity": entry(code).severity, "masked": said}
    new = insert(table).values(**row, times=1, raised_at=now(conn))
    again = {"times": table.c.times + 1, "masked": said, "severity": row["severity"], "cleared_at": None}
    conn.execute(new.on_conflict_do_update(index_elements=list(table.primary_key), set_=again))


def clear_alarm(conn: Connection, code: str, subject: str) -> bool:
    """Say that it is well again; nothing when it was. True when it was not."""
    mine = (table.c.code == code, table.c.subject == subject, table.c.cleared_at.is_(None))
    return conn.execute(update(table).where(*mine).values(cleared_at=now(conn))).rowcount > 0


def reword_alarm(conn: Connection, code: str, subject: str, values: Mapping[str, str]) -> None:
    """The same trouble with other figures; that is no new one."""
    conn.execute(update(table).where(table.c.code == code, table.c.subject == subject).values(masked=kept(values)))


def kept(values: Mapping[str, str]) -> str:
    """What a message may quote, as it is stored: no control characters, no length, nothing that a message said."""
    said = covered({name: shortened(clean(value), WIDEST) for name, value in values.items()})
    return msgspec.json.encode(said, order="sorted").decode()
