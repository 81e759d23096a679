"""What a worker must be told to read a file or to write a filing: gathered from journal and configuration."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from gateway.journal import schema
from gateway.steps.ground.gate import Gate
from gateway.steps.working.filer import Filer
from gateway.steps.working.outcome import RoutePlan, Setup

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
        routes=routes_for(gate, row, ruleset),
        limits=gate.limits(row["connection"]),
    )


def routes_for(gate: Gate, row: Mapping[Any, Any], ruleset: str) -> tuple[RoutePlan, ...]:
    """The routes open to the sender; what the filer says is part of the ruleset."""
    sender = gate.hub.sender(row["connection"], row["sender"])
    routes = gate.hub.plans(sender, row["format"], row["environment"]) if sender else ()
    return routes if ruleset == gate.ruleset else filed_by(routes, gate.filers(ruleset))


def filed_by(routes: tuple[RoutePlan, ...], filers: Mapping[str, Filer]) -> tuple[RoutePlan, ...]:
    """The same routes with other filers; of a partner that had none, those of today."""
    return tuple(msgspec.structs.replace(one, filer=filers.get(one.partner, one.filer)) for one in routes)
