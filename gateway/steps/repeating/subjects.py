"""Subjects: what a person may name by its id, and how it stands."""

from collections.abc import Mapping

from sqlalchemy import Connection, Table, select

from gateway.journal import schema
from gateway.steps.ground.refusal import NotPossible

STATED: Mapping[str, Table] = {
    "item": schema.item,
    "filing": schema.filing,
    "file": schema.file,
    "delivery": schema.delivery,
    "decision": schema.decision,
    "batch": schema.batch,
}
PLAIN: Mapping[str, Table] = {"interchange": schema.interchange, "answer": schema.answer}
"""What has no state of its own."""


def state_of(conn: Connection, subject: str) -> tuple[str, str]:
    """What a subject is, and how it is. Raises: NotPossible."""
    for kind, table in STATED.items():
        state = conn.scalar(select(table.c.state).where(table.c.id == subject))
        if state is not None:
            return kind, str(state)
    for kind, table in PLAIN.items():
        if conn.scalar(select(table.c.id).where(table.c.id == subject)) is not None:
            return kind, ""
    raise NotPossible("there is nothing of this id that a person can act on")
