"""Which ruleset is in force: what the daemon reads new files by. The audit trail says since when."""

from sqlalchemy import Connection, func, select

from gateway.journal.audit import append
from gateway.journal.schema import audit

SUBJECT = "ruleset"
REFUSED = "reload"  # the subject of a change that was not taken up


def in_force(conn: Connection) -> str:
    """The hash of the ruleset by which the daemon works, or worked last; empty before its first start."""
    last = select(audit.c.after).where(audit.c.subject == SUBJECT).order_by(audit.c.seq.desc()).limit(1)
    return conn.scalar(last) or ""


def said(conn: Connection) -> int:
    """The number of the last word about it: taken up, or refused."""
    last = select(func.max(audit.c.seq)).where(audit.c.subject.in_((SUBJECT, REFUSED)))
    return conn.scalar(last) or 0


def enforce(conn: Connection, ruleset: str, who: str, action: str) -> None:
    """From now on this one; said only where it is another than before."""
    before = in_force(conn)
    if before != ruleset:
        append(conn, action, SUBJECT, before or None, ruleset, who)
