"""What a worker must be told to read a file or to write a filing: gathered from journal and configuration."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from gateway.journal import schema
from gateway.steps.gate import Gate
from gateway.steps.outcome import RoutePlan, Setup

b, i, f = schema.batch, schema.interchange, schema.file


def batches(conn: Connection, ids: list[str]) -> list[Mapping[Any, Any]]:
    """Batches with what their interchange and file say."""
    columns = (
        *b.c, i.c.environment, i.c.sender, i.c.seq.label("number"), i.c.head, i.c.tail,
        f.c.format, f.c.ruleset, f.c.received_at, f.c.blob,
    )  # fmt: skip
    found = select(*columns).join(i, i.c.id == b.c.interchange).join(f, f.c.id == b.c.file).where(b.c.id.in_(ids))
    return list(conn.execute(found.order_by(b.c.id)).mappings())


def setup_for(gate: Gate, row: Mapping[Any, Any], ruleset: str) -> Setup:
    """The set-up for items of an interchange (`row`: connection, sender, format, environment, received_at)."""
    return Setup(
        ruleset=ruleset,
        roots=gate.roots(ruleset),
        format=row["format"],
        environment=row["environment"],
        received_on=row["received_at"].date(),
        routes=routes_for(gate, row),
        limits=gate.limits(row["connection"]),
    )


def routes_for(gate: Gate, row: Mapping[Any, Any]) -> tuple[RoutePlan, ...]:
    sender = gate.hub.sender(row["connection"], row["sender"])
    return gate.hub.plans(sender, row["format"], row["environment"]) if sender else ()
