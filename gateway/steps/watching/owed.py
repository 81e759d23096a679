"""Owed: files without a receipt, and filings that are not out although their transport leaves: alarms while it lasts.

A receipt is whatever customs says about a filing in a file (`gateway.steps.hearing.learn.acknowledge`); of files in
which nothing is filed there is none, and nobody waits for one.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from gateway.journal import schema
from gateway.settings.connection import Connection as Line
from gateway.settings.connection import Outbound
from gateway.settings.values import duration_text
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.hub import spoken
from gateway.steps.keeping.retention import UNFILED
from gateway.steps.sending.lateness import told
from gateway.steps.watching.watch import Wrong, reconcile

RECEIPT, CUT_OFF = "DLV668", "DLV665"
f, i, dl, d = schema.filing, schema.item, schema.delivery, schema.decision


def watch(gate: Gate) -> int:
    """Bring the alarms in line with what is owed; returns how many changed."""
    with gate.journal.read() as conn:
        wrong = [one for line, rule in _rules(gate) for one in _owed(gate, conn, line, rule)]
    return reconcile(gate, [RECEIPT, CUT_OFF], wrong)


def _rules(gate: Gate) -> Iterator[tuple[Line, Outbound]]:
    return ((line, rule) for line in gate.hub.connections.values() for rule in line.outbound)


def _owed(gate: Gate, conn: Connection, line: Line, rule: Outbound) -> Iterator[Wrong]:
    yield from _receipts(gate, conn, line, rule)
    yield from _cut_offs(gate, conn, line, rule)


def _receipts(gate: Gate, conn: Connection, line: Line, rule: Outbound) -> Iterator[Wrong]:
    """Files with filings of which none was answered in time; older versions left answered ones as `sent`."""
    if rule.receipt_within is None:
        return
    carried = select(f.c.id).where(f.c.delivery == dl.c.id)
    said = carried.where(f.c.outcome.is_not(None) | select(d.c.id).where(d.c.filing == f.c.id).exists())
    late = (dl.c.connection == line.name, dl.c.kind.in_(spoken(rule.format)), dl.c.state == "sent",
            dl.c.sent_at < gate.now() - rule.receipt_within, carried.exists(), ~said.exists())  # fmt: skip
    count, oldest = conn.execute(select(func.count(), func.min(dl.c.id)).where(*late)).one()
    if count:
        name = conn.scalar(select(dl.c.final_name).where(dl.c.id == oldest))
        values = {"connection": line.name, "format": rule.format, "time": duration_text(rule.receipt_within)}
        yield Wrong(RECEIPT, f"{line.name} {rule.format}", values | {"count": str(count), "file": str(name)})


def _cut_offs(gate: Gate, conn: Connection, line: Line, rule: Outbound) -> Iterator[Wrong]:
    if rule.cut_off is None:
        return
    mine = (f.c.connection == line.name, f.c.kind.in_(spoken(rule.format)), f.c.state.in_(UNFILED),
            i.c.departs_at < gate.now() + rule.cut_off)  # fmt: skip
    counted = select(func.count(), func.min(i.c.departs_at)).join_from(f, i, i.c.id == f.c.item).where(*mine)
    count, departs = conn.execute(counted).one()
    if count:
        values = {"connection": line.name, "cut_off": duration_text(rule.cut_off), "departs": told(gate, departs)}
        yield Wrong(CUT_OFF, f"{line.name} {rule.format}", values | {"count": str(count)})
