"""The janitor at the partner: temporary names of ours that no delivery stands behind, a day after they were seen.

Only names that carry our gateway's id, only in folders we deliver to, only where the journal says that the delivery is
out, dropped, or has gone on under another temporary name. Ages are ours: a partner's clock is never trusted.
"""

from datetime import timedelta
from itertools import islice

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from gateway.findings.errors import GatewayError, PartnerUnreachable
from gateway.findings.failpoint import effect
from gateway.journal import schema
from gateway.settings.connection import Connection as Line
from gateway.steps.ground.gate import Gate
from gateway.transport import names
from gateway.transport.line import Entry
from gateway.transport.line import Line as Wire

AGE = timedelta(hours=24)
LISTED = 20_000
OPEN = ("drafting", "queued", "sending", "publishing", "unconfirmed", "in_doubt", "clash")
s, d = schema.sighting, schema.delivery


def clear_litter(gate: Gate, line: Line, wire: Wire) -> int:
    """Remove what crashes of ours left behind; returns how many."""
    gone = 0
    for directory in dict.fromkeys(rule.directory for rule in line.outbound):
        with effect("litter.list"), wire.deadline(60):
            listed = list(islice(wire.scan(directory), LISTED))
        ours = [e for e in listed if e.kind == "file" and names.is_temp(e.name, gate.hub.settings.gateway.id)]
        for entry in _old(gate, line, directory, ours):
            gone += _remove(gate, line, wire, directory, entry)
    return gone


def _old(gate: Gate, line: Line, directory: str, entries: list[Entry]) -> list[Entry]:
    """Those that nobody needs and that we have known for a day; the others are remembered."""
    if not entries:
        return []
    with gate.journal.write("litter.sight") as conn:
        return [entry for entry in entries if _is_old(gate, conn, line, directory, entry)]


def _is_old(gate: Gate, conn: Connection, line: Line, directory: str, entry: Entry) -> bool:
    known = conn.scalar(select(s.c.first_seen).where(*_same(line, directory, entry)))
    if known is None:
        conn.execute(insert(s).values(**_row(gate, line, directory, entry)))
        return False
    return gate.now() - known > AGE and not _needed(conn, line, entry)


def _needed(conn: Connection, line: Line, entry: Entry) -> bool:
    temp = names.decoded(entry.name).rpartition(".")[0]
    same = select(d.c.temp_name).where(d.c.connection == line.name, d.c.state.in_(OPEN), d.c.temp_name.is_not(None))
    return any(name.rpartition(".")[0] == temp for name in conn.scalars(same))


def _remove(gate: Gate, line: Line, wire: Wire, directory: str, entry: Entry) -> bool:
    try:
        with effect("litter.remove"):
            wire.remove(names.join(directory, entry.name))
    except PartnerUnreachable:
        raise
    except GatewayError:
        return False
    with gate.journal.write("litter.forget") as conn:
        conn.execute(delete(s).where(*_same(line, directory, entry)))
    return True


def _same(line: Line, directory: str, entry: Entry) -> tuple[ColumnElement[bool], ...]:
    return (s.c.connection == line.name, s.c.directory == directory, s.c.name == entry.name)


def _row(gate: Gate, line: Line, directory: str, entry: Entry) -> dict[str, object]:
    now = gate.now()
    return {
        "connection": line.name, "directory": directory, "name": entry.name, "size": entry.size, "mtime": entry.mtime,
        "first_seen": now, "last_seen": now, "polls": 1,
    }  # fmt: skip
