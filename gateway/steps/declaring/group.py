"""Group: parcels that wait to be declared together become one declaration.

Alike are those of one route and environment that have in common what the route says (`group: {by: …}`). As many as fit
make a declaration at once, fewer when the first of them has waited for its time. Nothing is claimed: workers write
(`gateway.steps.working.groupwriting`), and what they wrote is kept if it still holds
(`gateway.steps.declaring.groupkeeping`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select, update

from gateway.findings import Finding
from gateway.journal import schema
from gateway.settings.partner import Environment
from gateway.steps.declaring.groupkeeping import ALONE, hold
from gateway.steps.ground import aside, notes, source, standstill
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import among
from gateway.steps.sending import recognise
from gateway.steps.sending.collecting import HEAD_START, cut_off
from gateway.steps.working.lrn import DossierKey
from gateway.steps.working.outcome import GroupJob, Rewrite, RoutePlan, Setup

PAGE = 1000  # kinds, and filings of one kind, that are looked at in a round
CROWD = 200  # filings a job, unless one declaration has more
f, i, d = schema.filing, schema.item, schema.dossier
Row = Mapping[Any, Any]


class Order(NamedTuple):
    """Filings on their way to a worker, to be declared in one or several declarations."""

    filings: list[str]
    job: GroupJob


class Kind(NamedTuple):
    """Filings that may stand in one declaration: how many goods items wait, and since when the first is due."""

    route: str
    environment: Environment
    together: str
    goods: int
    due: datetime


def take(
    gate: Gate, limit: int, busy: Collection[str] = (), crowd: Mapping[str, int] | None = None, *, flush: bool = False
) -> list[Order]:
    """At most `limit` jobs for what is full or due; with `flush` for all that waits.

    `busy` are with a worker; `crowd` says how many may be together with a filing on which a worker died.
    """
    orders: list[Order] = []
    if limit <= 0 or not gate.hub.groups or standstill.is_on(gate):
        return orders
    recognise.hold(gate)
    kinds = _kinds(gate)
    plans = {each: gate.hub.filing_plans(each) for each in {kind.environment for kind in kinds}}
    for kind in kinds:
        rule = gate.hub.group(kind.route)
        if rule is not None and (flush or kind.goods >= rule.items or kind.due <= gate.now()):
            groups = _groups(gate, kind, rule.items, busy, crowd or {}, flush=flush)
            setup = _setup(gate, kind, plans[kind.environment])
            orders += _orders(gate, setup, groups, crowd or {}, limit - len(orders))
        if len(orders) >= limit:
            break
    return orders


def scatter(gate: Gate) -> None:
    """At start: where a route does not group any more each is written by itself, or held because it leads nowhere."""
    left = [kind for kind in _kinds(gate) if not _leads_on(gate, kind)]
    if left:
        with gate.journal.write("group.scatter") as conn:
            for kind in left:
                mine = (f.c.route == kind.route, f.c.environment == kind.environment, f.c.together == kind.together)
                conn.execute(update(f).where(*_waits(), *mine).values(**ALONE))


def _leads_on(gate: Gate, kind: Kind) -> bool:
    plans = gate.hub.filing_plans(kind.environment)
    return any(one.name == kind.route and one.group is not None and one.connection for one in plans)


def _kinds(gate: Gate) -> list[Kind]:
    """What waits, the longest first."""
    due, leaves = func.min(f.c.wait_until), func.min(i.c.departs_at)
    alike = (f.c.route, f.c.environment, f.c.together)
    waiting = select(*alike, func.sum(f.c.goods), due, leaves).join(i, i.c.id == f.c.item).where(*_waits())
    with gate.journal.read() as conn:
        rows = conn.execute(waiting.group_by(*alike).order_by(due).limit(PAGE)).all()
    return [Kind(*row[:4], _last(gate, row.route, row.environment, row[4], row[5])) for row in rows]


def _last(gate: Gate, route: str, environment: Environment, waited: datetime, departs_at: datetime | None) -> datetime:
    """Until when parcels wait for others: no longer than until the cut-off before their transport leaves."""
    rule = gate.hub.leaves_by(route, environment)
    last = cut_off(rule, departs_at) if rule is not None else None
    return waited if last is None else min(waited, last - HEAD_START)


def _waits() -> tuple[Any, ...]:
    return f.c.state == "waiting", f.c.together.is_not(None), f.c.id.not_in(aside.marked())


def _groups(
    gate: Gate, kind: Kind, most: int, busy: Collection[str], crowd: Mapping[str, int], *, flush: bool
) -> Iterator[list[Row]]:
    """Filings of a kind, the oldest first, as many together as fit; the last ones when they need not wait longer."""
    rows, now = _page(gate, kind), gate.now()
    free = [row for row in rows if row["id"] not in busy]
    last = (_last(gate, kind.route, kind.environment, row["wait_until"], row["departs_at"]) for row in free)
    due = flush or any(one <= now for one in last)
    group: list[Row] = []
    for row in free:
        if group and not _fits([*group, row], most, crowd):
            yield group
            group = []
        group.append(row)
    if group and (_goods(group) >= most or (due and len(rows) < PAGE)):
        yield group


def _fits(group: Sequence[Row], most: int, crowd: Mapping[str, int]) -> bool:
    return _goods(group) <= most and len(group) <= min(crowd.get(row["id"], PAGE) for row in group)


def _goods(group: Sequence[Row]) -> int:
    """A parcel takes the room of one goods item at least."""
    return sum(max(row["goods"], 1) for row in group)


def _page(gate: Gate, kind: Kind) -> Sequence[Row]:
    columns = (
        f.c.id, f.c.route, f.c.attempt, f.c.item, f.c.goods, f.c.wait_until, i.c.departs_at, i.c.record_blob,
        i.c.record_offset, i.c.record_length, d.c.environment, d.c.kind, d.c.business_id, d.c.epoch,
    )  # fmt: skip
    alike = (f.c.route == kind.route, f.c.environment == kind.environment, f.c.together == kind.together)
    waiting = select(*columns).join(i, i.c.id == f.c.item).join(d, d.c.id == f.c.dossier).where(*_waits(), *alike)
    with gate.journal.read() as conn:
        return conn.execute(waiting.order_by(f.c.id).limit(PAGE)).mappings().all()


def _setup(gate: Gate, kind: Kind, plans: tuple[RoutePlan, ...]) -> Setup:
    """Of today; nothing is read, so no format is named."""
    now, roots = gate.now(), gate.roots(gate.ruleset)
    return Setup(gate.ruleset, roots, "", kind.environment, now.date(), plans)


def _orders(
    gate: Gate, setup: Setup, groups: Iterator[list[Row]], crowd: Mapping[str, int], limit: int
) -> Iterator[Order]:
    """Small groups share a job; one with a filing on which a worker died has its own."""
    bundle: list[tuple[Rewrite, ...]] = []
    for group in groups:
        if limit <= 0:
            return
        orders = _rewrites(gate, group)
        apart = any(row["id"] in crowd for row in group)
        if bundle and (apart or sum(map(len, bundle)) + len(orders) > CROWD):
            yield _order(gate, setup, bundle)
            bundle, limit = [], limit - 1
        bundle += [orders] if orders else []
        if bundle and apart:
            yield _order(gate, setup, bundle)
            bundle, limit = [], limit - 1
    if bundle and limit > 0:
        yield _order(gate, setup, bundle)


def _order(gate: Gate, setup: Setup, groups: Sequence[tuple[Rewrite, ...]]) -> Order:
    return Order([one.filing for group in groups for one in group], GroupJob(setup, gate.now(), tuple(groups)))


def _rewrites(gate: Gate, group: Sequence[Row]) -> tuple[Rewrite, ...]:
    """The parcels of a group for a worker; one whose record is gone is held, the others go on."""
    with gate.journal.read() as conn:
        waived = _waivers(conn, group)
        found = [_rewrite(gate, conn, row, waived) for row in group]
    gone = [row for row, one in zip(group, found, strict=True) if one is None]
    if gone:
        hold(gate, [(row["id"], "", (Finding("INT905", values={"kind": "item", "id": row["item"]}),)) for row in gone])
    return tuple(one for one in found if one is not None)


def _waivers(conn: Connection, group: Sequence[Row]) -> dict[str, frozenset[str]]:
    """What persons have waived of parcels and of their filings: of most nothing."""
    subjects, n = [row[name] for row in group for name in ("id", "item")], schema.finding
    marked = select(n.c.subject).where(n.c.waived_by.is_not(None)).distinct()
    return {row.subject: notes.waived(conn, row.subject) for row in among(conn, marked, n.c.subject, subjects)}


def _rewrite(gate: Gate, conn: Connection, row: Row, waived: Mapping[str, frozenset[str]]) -> Rewrite | None:
    try:
        record = gate.blobs.read(conn, row["record_blob"], row["record_offset"], row["record_length"])
    except source.GONE:
        return None
    key = DossierKey(row["environment"], row["kind"], row["business_id"], row["epoch"])
    forgiven = waived.get(row["id"], frozenset()) | waived.get(row["item"], frozenset())
    return Rewrite(row["id"], key, row["route"], row["attempt"], record, tuple(sorted(forgiven)))
