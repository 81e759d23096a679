"""What steps write into the logbook: of each file before it comes or goes, and once the partner has it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from gateway.journal import logbook, schema
from gateway.journal.logbook import Coming, Going, Sent
from gateway.settings.connection import Connection as Line
from gateway.settings.connection import Inbound
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import among
from gateway.steps.working.lrn import WITHOUT, DossierKey, lasting
from gateway.transport.line import Entry

f, d = schema.filing, schema.dossier
LASTING = (f.c.route, f.c.purpose, f.c.attempt, d.c.environment, d.c.kind, d.c.business_id, d.c.epoch)
CARRIED = select(f.c.delivery, f.c.lrn, f.c.together, *LASTING).join(d, d.c.id == f.c.dossier).order_by(f.c.id)


def lasting_of(row: Any) -> str:
    """What a parcel that is declared together with others is called in the logbook (`row` has the columns LASTING)."""
    key = DossierKey(row.environment, row.kind, row.business_id, row.epoch)
    return lasting(key, row.route, row.purpose, row.attempt)


def coming(gate: Gate, line: Line, rule: Inbound, pairs: Iterable[tuple[str, Entry]]) -> None:
    """Files that are fetched next, each with its id here."""
    now = gate.now()
    facts = (now, line.environment, rule.directory)
    lines = [Coming(file, *facts, one.name, one.size, one.mtime, rule.format) for file, one in pairs]
    logbook.write(gate.blobs.root, line.name, lines, now)


def going(gate: Gate, connection: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Deliveries that are published next, each with the LRNs of all declarations in it."""
    lrns: dict[str, list[str]] = {row["id"]: [] for row in rows}
    with gate.journal.read() as conn:
        for one in among(conn, CARRIED, f.c.delivery, lrns):
            lrns[one.delivery] += [] if one.lrn.startswith(WITHOUT) else [one.lrn]
            lrns[one.delivery] += [lasting_of(one)] if one.together else []
    now = gate.now()
    lines = [
        Going(
            row["id"], now, row["attempt"], row["environment"], row["kind"], row["directory"], row["final_name"],
            row["temp_name"], row["size"], row["sha256"], row["control_reference"], tuple(lrns[row["id"]]),
        )
        for row in rows
    ]  # fmt: skip
    logbook.write(gate.blobs.root, connection, lines, now)


def sent(gate: Gate, connection: str, rows: Sequence[Mapping[Any, Any]]) -> None:
    """Deliveries that the partner has. Lost with the machine, such a line costs a look at the evidence."""
    logbook.write(gate.blobs.root, connection, [Sent(row["id"]) for row in rows], gate.now(), sync=False)
