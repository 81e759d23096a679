"""Group: parcels that wait to be declared together become one declaration.

Alike are those of one route and environment that have in common what the route says (`group: {by: …}`). As many as fit
make a declaration at once, fewer when the first of them has waited for its time. Nothing is claimed: a worker writes,
and one transaction makes of the first filing the one that carries the declaration (`lead`), of the others its members.
When one of them has gone meanwhile nothing is written, and the rest is grouped anew. Killed before that transaction,
all of them wait as before; the LRN is derived from the first parcel, never counted.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select, update

from gateway.findings import Finding
from gateway.findings.failpoint import failpoint
from gateway.journal import schema
from gateway.journal.blobs import Blob
from gateway.settings.partner import Environment
from gateway.steps import aside, moves, notes, source
from gateway.steps.gate import Gate
from gateway.steps.lrn import DossierKey
from gateway.steps.many import among, together
from gateway.steps.outcome import Company, Draft, GroupDone, GroupJob, Rewrite, RoutePlan, Setup
from gateway.steps.parts import Place, keep, store_parts

PAGE = 1000  # filings of one kind that are looked at in a round
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


def gathered(gate: Gate, draft: Draft) -> dict[str, Any]:
    """How a filing waits for others to be declared with; what is yet to be written waits for nobody."""
    if draft.state != "waiting":
        return {"together": None, "goods": None, "wait_until": None}
    rule = gate.hub.group(draft.route)
    until = gate.now() + rule.wait if rule is not None else gate.now()
    return {"together": draft.together, "goods": draft.goods, "wait_until": until}


def wait(gate: Gate, conn: Connection, filing: str, draft: Draft) -> None:
    """A filing that was looked at by itself waits for others."""
    mine = update(f).where(f.c.id == filing, f.c.state == "waiting")
    conn.execute(mine.values(**gathered(gate, draft)))


def take(
    gate: Gate, limit: int, busy: Collection[str] = (), crowd: Mapping[str, int] | None = None, *, flush: bool = False
) -> list[Order]:
    """At most `limit` jobs for what is full or due; with `flush` for all that waits.

    `busy` are with a worker; `crowd` says how many may be together with a filing on which a worker died.
    """
    orders: list[Order] = []
    for kind in _kinds(gate) if limit > 0 else ():
        plans = gate.hub.filing_plans(kind.environment)
        plan = next((one for one in plans if one.name == kind.route), None)
        if plan is None or plan.group is None:
            _scatter(gate, kind)
        elif flush or kind.goods >= plan.group.items or kind.due <= gate.now():
            groups = _groups(gate, kind, plan.group.items, busy, crowd or {}, flush=flush)
            orders += _orders(gate, _setup(gate, kind, plans), groups, crowd or {}, limit - len(orders))
        if len(orders) >= limit:
            break
    return orders


def _kinds(gate: Gate) -> list[Kind]:
    """What waits, the longest first."""
    due, alike = func.min(f.c.wait_until), (f.c.route, f.c.environment, f.c.together)
    waiting = select(*alike, func.sum(f.c.goods), due).where(*_waits()).group_by(*alike).order_by(due)
    with gate.journal.read() as conn:
        return [Kind(*row) for row in conn.execute(waiting)]


def _waits() -> tuple[Any, ...]:
    return f.c.state == "waiting", f.c.together.is_not(None), f.c.id.not_in(aside.marked())


def _scatter(gate: Gate, kind: Kind) -> None:
    """Its route does not group any more: each is written by itself, or held because there is no such route."""
    mine = update(f).where(*_waits(), f.c.route == kind.route, f.c.environment == kind.environment)
    with gate.journal.write() as conn:
        conn.execute(mine.values(together=None, goods=None, wait_until=None))


def _groups(
    gate: Gate, kind: Kind, most: int, busy: Collection[str], crowd: Mapping[str, int], *, flush: bool
) -> Iterator[list[Row]]:
    """Filings of a kind, the oldest first, as many together as fit; the last ones when they need not wait longer."""
    rows, now = _page(gate, kind), gate.now()
    free = [row for row in rows if row["id"] not in busy]
    due = flush or any(row["wait_until"] <= now for row in free)
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
        f.c.id, f.c.route, f.c.attempt, f.c.item, f.c.goods, f.c.wait_until, i.c.record_blob, i.c.record_offset,
        i.c.record_length, d.c.environment, d.c.kind, d.c.business_id, d.c.epoch,
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
        _hold(gate, [(row["id"], "", (Finding("INT905", values={"kind": "item", "id": row["item"]}),)) for row in gone])
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


def finish(gate: Gate, done: GroupDone) -> None:
    """Declarations into the journal, and beside them what stands in its own way."""
    if done.companies:
        drafts = [company.draft for company in done.companies]
        blob, places = store_parts(gate, "filed", drafts[0].connection, [one.text for one in drafts])
        failpoint("group.blobs")
        pairs = list(zip(done.companies, places, strict=True))
        together(
            pairs, lambda some: _keep(gate, blob, done.ruleset, some), lambda one, error: _stop(gate, one[0], error)
        )
        failpoint("group.joined")
    held = [(filing, draft.connection, draft.findings) for filing, draft in done.held]
    together(held, lambda some: _hold(gate, some), lambda one, error: aside.put(gate, "filing", one[0], one[1], error))


def _keep(gate: Gate, blob: Blob | None, ruleset: str, companies: Sequence[tuple[Company, Place]]) -> None:
    with gate.journal.write() as conn:
        keep(gate, conn, blob)
        for company, place in companies:
            ids = [one.filing for one in company.members]
            left = among(conn, select(f.c.id).where(f.c.state == "waiting"), f.c.id, ids)
            if len(list(left)) == len(ids):
                _join(
                    conn,
                    company,
                    ids,
                    {"ruleset": ruleset, "edition": company.draft.edition or None, **place.columns("payload")},
                )


def _join(conn: Connection, company: Company, ids: Sequence[str], values: Mapping[str, Any]) -> None:
    """The first carries the declaration; the others stand in the same bytes."""
    draft, (lead, *others) = company.draft, ids
    facts = {"declarant": draft.declarant, "kind": draft.target, "connection": draft.connection}
    common = {"lead": lead, **facts, **values}
    moves.move(conn, "filing", [lead], "waiting", "written", "T", "group", lrn=draft.lrn, **common)
    moves.move(conn, "filing", others, "waiting", "joined", "T", "group", **common)
    placed = update(f).where(f.c.id == bindparam("one"))
    conn.execute(
        placed.values(place=bindparam("at"), goods=bindparam("many")),
        [{"one": one.filing, "at": one.place, "many": one.goods} for one in company.members],
    )
    notes.replace(conn, "filing", lead, draft.connection, draft.findings)


def _hold(gate: Gate, filings: Sequence[tuple[str, str, tuple[Finding, ...]]]) -> None:
    with gate.journal.write() as conn:
        for filing, connection, found in filings:
            alone = {"together": None, "goods": None, "wait_until": None}
            if moves.move(conn, "filing", [filing], "waiting", "held", "T", "group", **alone):
                notes.replace(conn, "filing", filing, connection, found)


def _stop(gate: Gate, company: Company, error: Exception) -> None:
    """An error of ours, found in writing it down: its parcels wait for the next start."""
    for one in company.members:
        aside.put(gate, "filing", one.filing, company.draft.connection, error)
