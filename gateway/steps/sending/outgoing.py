"""One file to be sent: for which line and kind, under which name and number."""

from typing import Any, NamedTuple

from sqlalchemy import Connection

from gateway.journal.counter import next_number
from gateway.settings.connection import Outbound
from gateway.steps.ground.gate import Gate
from gateway.transport.names import created

REFERENCE_WIDTH = 14  # UPU message head and UN/EDIFACT 0020: an..14


class Due(NamedTuple):
    """What waits for one kind of file on one line in one environment."""

    connection: str
    kind: str
    environment: str
    rule: Outbound


def numbered(gate: Gate, due: Due) -> bool:
    """Whether files of this kind have an envelope, which bears a control reference."""
    return bool(gate.registry(gate.ruleset).format(due.kind, gate.now().date()).plan.unit)


def delivery_row(
    gate: Gate, conn: Connection, due: Due, one: str, lrn: str = "", *, with_number: bool = False
) -> dict[str, Any]:
    """A delivery's row: its name, and its number where the name or the envelope needs one."""
    with_number = with_number or "control_reference" in due.rule.name.placeholders
    number = reference(gate, conn, due) if with_number else None
    source = gate.registry(gate.ruleset).format(due.kind, gate.now().date())
    name = due.rule.name.fill(
        lrn=lrn, control_reference=number or "", format=due.kind, syntax=source.plan.syntax,
        gateway=gate.hub.settings.gateway.id,
    )  # fmt: skip
    return {
        "id": one, "connection": due.connection, "environment": due.environment, "kind": due.kind,
        "directory": due.rule.directory, "final_name": created(name), "control_reference": number,
    }  # fmt: skip


def reference(gate: Gate, conn: Connection, due: Due) -> str:
    """The next control reference of this line: gateway id and number, 14 characters."""
    number = next_number(conn, due.connection, due.environment, due.kind)
    prefix = gate.hub.settings.gateway.id
    return f"{prefix}{number:0{REFERENCE_WIDTH - len(prefix)}d}"
