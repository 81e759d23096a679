"""The brake: when so many of the last filings with a partner were rejected, nothing more is filed until a person has looked.

A wrong table or an expired authorisation rejects everything; the brake keeps it from rejecting a whole day's mail.
"""

from sqlalchemy import insert, select, update

from gateway.journal import audit, schema
from gateway.journal.ids import timestamp
from gateway.settings.connection import Outbound
from gateway.steps.gate import Gate

f, s = schema.filing, schema.switch


def brake(gate: Gate) -> tuple[str, ...]:
    """Stop the routes whose partner rejects too much; returns their names."""
    rules = {(line.name, o.format): o for line in gate.hub.connections.values() for o in line.outbound if o.brake}
    return tuple(
        route.name
        for route in gate.hub.settings.routes
        for (connection, kind), rule in rules.items()
        if route.file is not None and route.file.format == kind and connection.startswith(f"{rule.partner}.")
        if _stop(gate, route.name, connection, rule)
    )


def _stop(gate: Gate, route: str, connection: str, rule: Outbound) -> bool:
    assert rule.brake is not None
    with gate.journal.read() as conn:
        switch = conn.execute(select(s.c.state, s.c.since).where(s.c.kind == "route", s.c.name == route)).first()
        if switch is not None and switch.state in {"braked", "paused"}:
            return False
        decided = select(f.c.id, f.c.outcome).where(
            f.c.route == route,
            f.c.connection == connection,
            f.c.state.in_(("lodged", "settled")),
            f.c.outcome.is_not(None),
        )
        last = conn.execute(decided.order_by(f.c.id.desc()).limit(rule.brake.window)).all()
        since = switch.since if switch is not None else None
    rejected = sum(row.outcome == "rejected" and (since is None or _made(row.id) > since.timestamp()) for row in last)
    if rejected < rule.brake.failures:
        return False
    _pull(gate, route, known=switch is not None, reason=f"{rejected} of the last {len(last)} filings were rejected")
    return True


def _made(filing: str) -> float:
    return timestamp(filing).timestamp()


def _pull(gate: Gate, route: str, *, known: bool, reason: str) -> None:
    values = {"state": "braked", "since": gate.now(), "who": "C", "reason": reason}
    with gate.journal.write() as conn:
        if known:
            conn.execute(update(s).where(s.c.kind == "route", s.c.name == route).values(**values))
        else:
            conn.execute(insert(s).values(kind="route", name=route, **values))
        audit.append(conn, "brake", f"route {route}", None, "braked", "C")
