"""Is everything done that can be done now? Asked by runs that end by themselves."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, not_, or_, select, tuple_

from gateway.journal import schema
from gateway.steps import aside, requests
from gateway.steps.gate import Gate
from gateway.steps.hub import spoken

f, b, fl, dl, d, a = schema.file, schema.batch, schema.filing, schema.delivery, schema.decision, schema.answer
MOVING = ("drafting", "sending", "publishing")


def work_left(gate: Gate, without: Collection[str] = (), stopped: Collection[tuple[str, str]] = ()) -> int:
    """How much waits for us: not for partners, persons or a later try, and not for lines that are down or gone.

    `without` are connections on which nothing moves now, `stopped` routes with the environment in which they are.
    """
    lines = [name for name in gate.hub.connections if name not in without]
    outbound = ((line.name, o.format) for line in gate.hub.connections.values() for o in line.outbound)
    ways = [(name, kind) for name, declared in outbound for kind in spoken(declared)]
    now_due = or_(dl.c.next_try_at.is_(None), dl.c.next_try_at <= gate.now())
    counts: tuple[ColumnElement[int], ...] = tuple(
        select(func.count()).select_from(table).where(*where).scalar_subquery()
        for table, *where in (
            (f, f.c.state == "received", f.c["items"].is_(None)),
            (f, f.c.state == "fetching", f.c.connection.in_(lines)),
            (b, b.c.state.in_(("due", "claimed")), b.c.id.not_in(aside.marked())),
            (fl, fl.c.state == "waiting", or_(fl.c.wait_until.is_(None), fl.c.together.is_not(None)),
             not_(requests.waits()), fl.c.id.not_in(aside.marked())),
            (fl, fl.c.state == "written", tuple_(fl.c.route, fl.c.environment).not_in(list(stopped)),
             tuple_(fl.c.connection, fl.c.kind).in_(ways), fl.c.id.not_in(aside.marked())),
            (dl, dl.c.state.in_(MOVING), dl.c.connection.in_(lines), dl.c.id.not_in(aside.marked())),
            (dl, dl.c.state == "queued", dl.c.connection.in_(lines), now_due,
             dl.c.id.not_in(aside.marked())),
            (d, d.c.state == "matched", d.c.id.not_in(aside.marked())),
            (a, a.c.delivery.is_(None), tuple_(a.c.connection, a.c.kind).in_(ways), a.c.id.not_in(aside.marked())),
        )
    )  # fmt: skip
    with gate.journal.read() as conn:
        return sum(conn.execute(select(*counts)).one())
