"""Standstill: a journal that was restored sends nothing until a person has looked.

A switch of the gateway itself. While it stands, files still come in and are read, but no group is formed, no file is
assembled and none is sent.
"""

from sqlalchemy import Connection as Db
from sqlalchemy import delete, select

from gateway.journal import audit, schema
from gateway.steps.ground import switches
from gateway.steps.ground.alarm import clear_alarm, raise_alarm
from gateway.steps.ground.gate import Gate

KIND, NAME, RESTORED = "gateway", "deliveries", "restored"
CODE = "INT954"
TOLD = (CODE, "INT952")  # what a person has read who lets it go on
s, a = schema.switch, schema.alert


def stands(conn: Db) -> bool:
    return conn.scalar(select(s.c.state).where(s.c.kind == KIND, s.c.name == NAME)) == RESTORED


def is_on(gate: Gate) -> bool:
    with gate.journal.read() as conn:
        return stands(conn)


def begin(gate: Gate, conn: Db, why: str) -> None:
    """Stop; said once."""
    if stands(conn):
        return
    values = {"state": RESTORED, "since": gate.now(), "who": "P", "reason": why}
    switches.put(gate, conn, KIND, NAME, **values)
    audit.append(conn, "restore", NAME, None, RESTORED, "P")
    raise_alarm(conn, CODE, NAME, {"why": why})


def lift(gate: Gate, who: str) -> bool:
    """Go on; False where nothing stood still."""
    with gate.journal.write("standstill.lift") as conn:
        if not stands(conn):
            return False
        conn.execute(delete(s).where(s.c.kind == KIND, s.c.name == NAME))
        audit.append(conn, "switch", NAME, RESTORED, "active", who)
        told = select(a.c.code, a.c.subject).where(a.c.code.in_(TOLD), a.c.cleared_at.is_(None))
        for code, subject in conn.execute(told).all():
            clear_alarm(conn, code, subject)
    return True
