"""The brake: when too many of the last filings on a route were rejected, it stops until a person has looked.

A wrong table or an expired authorisation rejects everything; the brake keeps it from rejecting a whole day's mail. Test
and production are judged and stopped apart: what a tester has rejected stops no parcel.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import product
from typing import get_args

from sqlalchemy import Connection, select

from gateway.journal import schema
from gateway.journal.ids import timestamp
from gateway.settings.partner import Environment
from gateway.settings.values import Brake
from gateway.steps import switches
from gateway.steps.gate import Gate

f = schema.filing


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
    rejected = sum(outcome == "rejected" and (since is None or made > since) for made, outcome in last)
    if rejected < rule.failures:
        return False
    where = None if stopped else environment  # stopped in the other environment already: now in both
    switches.brake(gate, route, where, f"{rejected} of the last {len(last)} filings were rejected")
    return True


def _decided(conn: Connection, route: str, environment: str, window: int) -> list[tuple[datetime, str]]:
    """When the last filings that customs has judged were made, and the outcome of each."""
    judged = select(f.c.id, f.c.outcome).where(
        f.c.route == route,
        f.c.environment == environment,
        f.c.state.in_(("lodged", "settled")),
        f.c.outcome.is_not(None),
    )
    return [(timestamp(row.id), row.outcome) for row in conn.execute(judged.order_by(f.c.id.desc()).limit(window))]
