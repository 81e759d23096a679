"""Is everything done that can be done now? Asked by runs that end by themselves."""

from collections.abc import Collection

from sqlalchemy import func, select

from gateway.journal import schema
from gateway.steps.gate import Gate

f, b, fl, dl, d, a = schema.file, schema.batch, schema.filing, schema.delivery, schema.decision, schema.answer


def work_left(gate: Gate, without: Collection[str] = (), braked: Collection[str] = ()) -> int:
    """How much waits for us: not for partners, not for persons, and not on lines that are down (`without`)."""
    reachable = dl.c.connection.not_in(list(without))
    counts = (
        select(func.count()).select_from(f).where(f.c.state.in_(("received", "fetching"))),
        select(func.count()).select_from(b).where(b.c.state.in_(("due", "claimed"))),
        select(func.count()).select_from(fl).where(fl.c.state == "waiting", fl.c.wait_until.is_(None)),
        select(func.count()).select_from(fl).where(fl.c.state == "written", fl.c.route.not_in(list(braked))),
        select(func.count())
        .select_from(dl)
        .where(dl.c.state.in_(("drafting", "queued", "sending", "publishing")), reachable),
        select(func.count()).select_from(d).where(d.c.state == "matched"),
        select(func.count()).select_from(a).where(a.c.delivery.is_(None)),
    )
    with gate.journal.read() as conn:
        return sum(conn.scalar(count) or 0 for count in counts)
