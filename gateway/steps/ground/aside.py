"""What is set aside: units whose step met an error of ours, or whose answer cannot be written.

A finding on the unit is the mark: it shows in `status` and keeps the unit out of what is due, so that the others go
on and nothing spins. Marks go at the next start of the gateway (it may be another version, or other tables) or by a
person. Files are not set aside but refused, items of a batch quarantined: they have states for it.
"""

import logging

from sqlalchemy import Connection, Select, delete, select

from gateway.findings import Finding
from gateway.journal.schema import finding as table
from gateway.steps.ground import notes
from gateway.steps.ground.failure import where
from gateway.steps.ground.gate import Gate

CODES = ("INT907", "RSP702", "RSP704")
log = logging.getLogger("gateway.steps")


def marked() -> Select[tuple[str]]:
    """Subjects that are set aside: what is due is not among them."""
    return select(table.c.subject).where(table.c.code.in_(CODES), table.c.subject_kind != "file")


def failed(kind: str, subject: str, error: Exception) -> Finding:
    """The finding for an exception that nobody expected, which is logged."""
    log.error("step.failed", exc_info=error, extra={"subjects": f"{kind} {subject}"})
    return Finding("INT907", values={"why": where(error)})


def put(gate: Gate, kind: str, subject: str, connection: str, why: Exception | Finding) -> None:
    """Set a unit aside in a transaction of its own."""
    found = why if isinstance(why, Finding) else failed(kind, subject, why)
    with gate.journal.write("aside.put") as conn:
        notes.note(conn, kind, subject, connection, (found,))


def take_up(conn: Connection, subject: str = "", kind: str = "") -> bool:
    """What was set aside (or one unit of it, or those of a kind) is due again."""
    mine = [column == value for column, value in ((table.c.subject, subject), (table.c.subject_kind, kind)) if value]
    gone = delete(table).where(table.c.code.in_(CODES), table.c.subject_kind != "file", *mine)
    return conn.execute(gone).rowcount > 0
