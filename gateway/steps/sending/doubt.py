"""Deliveries that may or may not have arrived: settled by an answer, or sent again where the partner wants that."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from gateway.journal import schema
from gateway.journal.ids import timestamp
from gateway.steps.ground import moves
from gateway.steps.ground.gate import Gate
from gateway.steps.hearing import learn

PATIENCE = timedelta(hours=1)  # until what is doubtful is sent again, where the partner's file does not say
dl = schema.delivery


def resend_doubtful(gate: Gate) -> int:
    """What may or may not have arrived is sent again, same bytes, name and reference, where the partner wants that."""
    doubtful = select(dl).where(dl.c.state.in_(("unconfirmed", "in_doubt"))).order_by(dl.c.id)
    with gate.journal.read() as conn:
        due = [row for row in conn.execute(doubtful).mappings() if _overdue(gate, row)]
    if not due:
        return 0
    with gate.journal.write("doubt.resend") as conn:
        arrived = learn.answered(conn, [row["id"] for row in due])
        for row in due:
            to, who, action = ("sent", "C", "answered") if row["id"] in arrived else ("queued", "D", "resend")
            moves.move(conn, "delivery", [row["id"]], row["state"], to, who, action, owner=None)
    return len(due)


def _overdue(gate: Gate, row: Mapping[Any, Any]) -> bool:
    """In doubt for as long as an answer may take; counted from the moment of doubt."""
    rule = gate.hub.rule(row["connection"], row["kind"], row["directory"])
    if rule is None or rule.in_doubt != "resend":
        return False
    since: datetime = row["sent_at"] or row["lease_until"] or timestamp(row["id"])
    return gate.now() > since + (rule.answer_within or PATIENCE)
