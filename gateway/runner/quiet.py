"""Is everything done that can be done now? Asked by runs that end by themselves."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, not_, select, tuple_

from gateway.journal import schema
from gateway.journal.claims import is_due
from gateway.steps.declaring import requests
from gateway.steps.ground import aside, standstill
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.hub import spoken

f, b, fl, dl, d, a = schema.file, schema.batch, schema.filing, schema.delivery, schema.decision, schema.answer
MOVING = ("sending", "publishing")


def moving_left(gate: Gate, without: Collection[str] = ()) -> int:
    """How much waits for the mover: not for a later try, and not for lines that are gone or are in `without`."""
    lines = [name for name in gate.hub.connections if name not in without]
    now_due = is_due(dl, gate.now())
    sending = (dl.c.connection.in_(lines), dl.c.id.not_in(aside.marked()))
    return _counted(
        gate,
        [(f, f.c.state == "fetching", f.c.connection.in_(lines))],
        [(dl, dl.c.state.in_(MOVING), *sending), (dl, dl.c.state == "queued", now_due, *sending)],
    )


def core_left(gate: Gate, stopped: Collection[tuple[str, str]] = ()) -> int:
    """How much waits for the core: not for partners or persons, nor for lines that are gone.

    `stopped` are routes with the environment in which they are.
    """
    outbound = ((line.name, o.format) for line in gate.hub.connections.values() for o in line.outbound)
    ways = [(name, kind) for name, declared in outbound for kind in spoken(declared)]
    return _counted(
        gate,
        [
            (f, f.c.state == "received", f.c["items"].is_(None)),
            (b, b.c.state.in_(("due", "claimed")), b.c.id.not_in(aside.marked())),
            (fl, fl.c.state == "waiting", fl.c.wait_until.is_(None), fl.c.together.is_(None), not_(requests.waits()),
             fl.c.id.not_in(aside.marked())),
            (d, d.c.state == "matched", d.c.id.not_in(aside.marked())),
        ],
        [
            (fl, fl.c.state == "waiting", fl.c.together.is_not(None), not_(requests.waits()),
             fl.c.id.not_in(aside.marked())),
            (fl, fl.c.state == "written", tuple_(fl.c.route, fl.c.environment).not_in(list(stopped)),
             tuple_(fl.c.connection, fl.c.kind).in_(ways), fl.c.id.not_in(aside.marked())),
            (dl, dl.c.state == "drafting", dl.c.connection.in_(list(gate.hub.connections)),
             dl.c.id.not_in(aside.marked())),
            (a, a.c.delivery.is_(None), tuple_(a.c.connection, a.c.kind).in_(ways), a.c.id.not_in(aside.marked())),
        ],
    )  # fmt: skip


Asked = Sequence[tuple[Any, ...]]


def _counted(gate: Gate, always: Asked, outward: Asked) -> int:
    """How many rows there are of these tables, under these conditions; `outward` rests while nothing may be sent."""
    with gate.journal.read() as conn:
        asked = [*always, *(() if standstill.stands(conn) else outward)]
        counts = [select(func.count()).select_from(table).where(*where).scalar_subquery() for table, *where in asked]
        return sum(conn.execute(select(*counts)).one())
