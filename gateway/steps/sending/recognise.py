"""Recognise: what was published after a journal was saved is not sent again when that journal is restored.

A declaration that is written again has its LRN of then. Where the logbook names that LRN, the delivery of then is put
back under its id and name, and the declaration into it; its mover asks the evidence, or knows that the partner has it.
Parcels that are declared together are held: who stood in the declaration of then is not known, and a person asks.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from gateway.findings import Finding
from gateway.journal import bulk, schema
from gateway.journal.ids import floor
from gateway.journal.logbook import KEPT
from gateway.steps.ground import moves, notes
from gateway.steps.ground.gate import Gate
from gateway.steps.lines.logged import LASTING, lasting_of
from gateway.steps.working.lrn import WITHOUT

ROUND = 500
CODE = "INT953"
OUT = ("sent", "acknowledged", "refused")
f, dl, p, part = schema.filing, schema.delivery, schema.published, schema.delivery_part
n, d = schema.finding, schema.dossier
SAME = (p.c.lrn == f.c.lrn) & (p.c.environment == f.c.environment) & (p.c.connection == f.c.connection)


def recognise(gate: Gate) -> int:
    """Put declarations that were out already into their deliveries; returns how many."""
    columns = (f.c.id, f.c.payload_blob, f.c.payload_offset, f.c.payload_length, p.c.delivery)
    known = select(*columns).join(p, SAME).where(f.c.state == "written", f.c.lead.is_(None)).order_by(f.c.id)
    with gate.journal.read() as conn:
        rows = conn.execute(known.limit(ROUND)).mappings().all()
    if rows:
        with gate.journal.write("recognise.assemble") as conn:
            for row in rows:
                _put_back(conn, row)
    return len(rows)


def hold(gate: Gate) -> int:
    """Hold parcels that wait to be declared together and stood in a declaration that is out; returns how many."""
    waived = select(n.c.subject).where(n.c.code == CODE, n.c.waived_by.is_not(None))
    together = (f.c.state == "waiting", f.c.together.is_not(None), f.c.id.not_in(waived))
    waiting = select(f.c.id, f.c.connection, *LASTING).join(d, d.c.id == f.c.dossier).where(*together).order_by(f.c.id)
    with gate.journal.read() as conn:
        joined = conn.execute(select(p.c.lrn, p.c.final_name).where(p.c.lrn.startswith(WITHOUT)))
        known = {row.lrn: row.final_name for row in joined}
        found = [(row, lasting_of(row)) for row in conn.execute(waiting)] if known else []
    rows = [(row, known[name]) for row, name in found if name in known]
    if rows:
        with gate.journal.write("recognise.hold") as conn:
            moves.move(conn, "filing", [row.id for row, _ in rows], "waiting", "held", "T", "restore")
            for row, name in rows:
                notes.note(conn, "filing", row.id, row.connection, [Finding(CODE, values={"name": name})])
    return len(rows)


def forget(gate: Gate) -> int:
    """What the logbook has forgotten is of no more use here; returns how many rows went."""
    old = p.c.delivery < floor(gate.now() - KEPT)
    with gate.journal.read() as conn:
        if conn.scalar(select(p.c.delivery).where(old).limit(1)) is None:
            return 0
    with gate.journal.write("recognise.forget") as conn:
        return conn.execute(delete(p).where(old)).rowcount


def is_due(gate: Gate, connection: str) -> bool:
    """Whether a queued delivery of a connection was published before."""
    left = select(p.c.delivery).join(dl, dl.c.id == p.c.delivery)
    mine = (p.c.connection == connection, p.c.recognised.is_(False), dl.c.state == "queued")
    with gate.journal.read() as conn:
        return _any(conn, connection) and conn.scalar(left.where(*mine).limit(1)) is not None


def publish_again(conn: Connection, connection: str) -> list[Mapping[Any, Any]]:
    """Queued deliveries that were published before go by the evidence of then; gives those that the partner has."""
    if not _any(conn, connection):
        return []
    queued = _of_then(conn, connection, dl.c.state == "queued", p.c.recognised.is_(False))
    for row in queued:
        moves.move(conn, "delivery", [row["id"]], "queued", "sending", "D", "restore")
        moves.move(conn, "delivery", [row["id"]], "sending", "publishing", "D", "restore", temp_name=row["temp_name"])
        conn.execute(update(p).where(p.c.delivery == row["id"]).values(recognised=True))
    return _of_then(conn, connection, dl.c.state == "publishing", dl.c.temp_name == p.c.temp_name, p.c.sent.is_(True))


def evidence(conn: Connection, connection: str) -> dict[str, Mapping[str, Any]]:
    """Size and hash of what was published before, where that is what its delivery's state is about."""
    rows = _of_then(conn, connection, dl.c.state == "publishing", dl.c.temp_name == p.c.temp_name)
    return {row["id"]: {"size": row["size"], "sha256": row["sha256"]} for row in rows}


def _any(conn: Connection, connection: str) -> bool:
    """Whether a restore has left anything to recognise here: looked at first, a backlog of deliveries may be long."""
    return conn.scalar(select(p.c.delivery).where(p.c.connection == connection).limit(1)) is not None


def _of_then(conn: Connection, connection: str, *where: Any) -> list[Mapping[Any, Any]]:
    """Deliveries of a connection that were published before, each once."""
    columns = (dl.c.id, dl.c.directory, p.c.temp_name, p.c.size, p.c.sha256)
    wanted = select(*columns).join(p, p.c.delivery == dl.c.id).where(dl.c.connection == connection, *where)
    return list(conn.execute(wanted.distinct().order_by(dl.c.id)).mappings())


def _put_back(conn: Connection, row: Mapping[Any, Any]) -> None:
    """The delivery of then, made once; a declaration that is read later joins it, sent or not."""
    delivery = row["delivery"]
    state = conn.scalar(select(dl.c.state).where(dl.c.id == delivery))
    if state is None:
        state = _make(conn, delivery)
    place = {"blob": row["payload_blob"], "offset": row["payload_offset"], "length": row["payload_length"]}
    seq = (conn.scalar(select(func.max(part.c.seq)).where(part.c.delivery == delivery)) or 0) + 1
    bulk.insert(conn, part, [{"delivery": delivery, "seq": seq, **place}])
    size = func.coalesce(dl.c.size, 0) + place["length"]
    conn.execute(update(dl).where(dl.c.id == delivery).values(size=size))
    moves.move(conn, "filing", [row["id"]], "written", "assembled", "A", "restore", delivery=delivery)
    if state in OUT:
        moves.move(conn, "filing", [row["id"]], "assembled", "lodged", "D", "restore")


def _make(conn: Connection, delivery: str) -> str:
    """Its number is void (`gateway.steps.recovering.adopt`): nothing else takes it."""
    then = conn.execute(select(p).where(p.c.delivery == delivery).limit(1)).mappings().one()
    named = {name: then[name] for name in ("connection", "environment", "kind", "directory", "final_name", "sha256")}
    moves.enter(conn, "delivery", [{**named, "id": delivery, "size": 0, "state": "drafting"}], "A", "restore")
    moves.move(conn, "delivery", [delivery], "drafting", "queued", "A", "restore")
    return "queued"
