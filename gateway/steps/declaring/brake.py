"""The brake: when too many of the last filings on a route were rejected for the same cause, it stops.

A wrong table or an expired authorisation rejects everything, and always for one cause; the brake keeps it from
rejecting a whole day's mail. Parcels that are rejected each for a reason of its own stop nothing. Test and production
are judged and stopped apart: what a tester has rejected stops no parcel. A person lets the route go on; from then on it
counts anew.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import product
from typing import get_args

from sqlalchemy import Connection, or_, select

from gateway.journal import schema
from gateway.journal.ids import timestamp
from gateway.mapping.protocols import DECLARE
from gateway.settings.partner import Environment
from gateway.settings.values import Brake
from gateway.steps.ground import switches
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import among

d, f = schema.decision, schema.filing
REJECTED = "rejected"
NO_CAUSE = "customs gave none"


def brake(gate: Gate) -> tuple[str, ...]:
    """Stop the routes whose partner rejects too much; returns their names."""
    return tuple(route for route, environment, rule in _braked(gate) if _stop(gate, route, environment, rule))


def _braked(gate: Gate) -> Iterator[tuple[str, str, Brake]]:
    """Every route that has a brake, in each environment."""
    for route, environment in product(gate.hub.settings.routes, get_args(Environment)):
        way = gate.hub.outbound(route.file.partner, route.file.format, environment) if route.file else None
        if way is not None and way[1].brake is not None:
            yield route.name, environment, way[1].brake


def _stop(gate: Gate, route: str, environment: str, rule: Brake) -> bool:
    with gate.journal.read() as conn:
        switch = switches.row_of(conn, "route", route)
        stopped = switch is not None and switch["state"] in switches.STOPPED
        if switch is not None and stopped and switch["environment"] in {None, environment}:
            return False
        since = switch["since"] if switch is not None and not stopped else None
        last = _decided(conn, route, environment, rule.window)
    counted = Counter(cause for made, cause in last if cause is not None and (since is None or made > since))
    cause, rejected = counted.most_common(1)[0] if counted else ("", 0)
    if rejected < rule.failures:
        return False
    where = None if stopped else environment  # stopped in the other environment already: now in both
    why = f"{rejected} of the last {len(last)} filings were rejected for the same cause: {cause or NO_CAUSE}"
    switches.brake(gate, route, where, why)
    return True


def _decided(conn: Connection, route: str, environment: str, window: int) -> list[tuple[datetime, str | None]]:
    """When the last declarations that customs has judged were made, and the cause of each that was rejected."""
    judged = select(f.c.id, f.c.outcome).where(
        f.c.route == route,
        f.c.environment == environment,
        f.c.purpose == DECLARE,
        f.c.state.in_(("lodged", "settled")),
        f.c.outcome.is_not(None),
        or_(f.c.lead.is_(None), f.c.lead == f.c.id),  # several parcels in one declaration are judged once
    )
    rows = conn.execute(judged.order_by(f.c.id.desc()).limit(window)).all()
    causes = _causes(conn, [row.id for row in rows if row.outcome == REJECTED])
    return [(timestamp(row.id), causes.get(row.id, "") if row.outcome == REJECTED else None) for row in rows]


def _causes(conn: Connection, filings: list[str]) -> dict[str, str]:
    """Why each was rejected, by the newest answer that says so."""
    said = select(d.c.filing, d.c.cause, d.c.issued_at).where(d.c.outcome == REJECTED)
    newest = sorted(among(conn, said, d.c.filing, filings), key=lambda row: row.issued_at or "")
    return {row.filing: row.cause or "" for row in newest}
