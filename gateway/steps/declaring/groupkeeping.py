"""What was written for several parcels goes into the journal.

One transaction makes of the first filing the one that carries the declaration (`lead`), of the others its members.
When one of them has gone meanwhile nothing is written, and the rest is grouped anew. Killed before that transaction,
all of them wait as before; the LRN is derived from the first parcel, never counted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from gateway.findings import Finding
from gateway.journal import schema
from gateway.journal.blobs import Blob
from gateway.steps.declaring.groupmembers import NO_LRN
from gateway.steps.ground import aside, moves, notes
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import among, together
from gateway.steps.ground.parts import Place, keep, store_parts
from gateway.steps.working.outcome import Company, Draft, GroupDone

ALONE: Mapping[str, Any] = {"together": None, "goods": None, "wait_until": None}
f = schema.filing


def gathered(gate: Gate, draft: Draft) -> Mapping[str, Any]:
    """How a filing waits for others to be declared with; what is yet to be written waits for nobody."""
    if draft.state != "waiting":
        return ALONE
    rule = gate.hub.group(draft.route)
    until = gate.now() + rule.wait if rule is not None else gate.now()
    return {"together": draft.together, "goods": draft.goods, "wait_until": until}


def wait(gate: Gate, conn: Connection, filing: str, draft: Draft) -> None:
    """A filing that was looked at by itself waits for others."""
    mine = update(f).where(f.c.id == filing, f.c.state == "waiting")
    conn.execute(mine.values(**gathered(gate, draft)))


def finish(gate: Gate, done: GroupDone) -> None:
    """Declarations into the journal, and beside them what stands in its own way."""
    if done.companies:
        drafts = [company.draft for company in done.companies]
        blob, places = store_parts(gate, "filed", drafts[0].connection, [one.text for one in drafts])
        pairs = list(zip(done.companies, places, strict=True))
        together(
            pairs, lambda some: _keep(gate, blob, done.ruleset, some), lambda one, error: _stop(gate, one[0], error)
        )
    held = [(filing, draft.connection, draft.findings) for filing, draft in done.held]
    together(held, lambda some: hold(gate, some), lambda one, error: aside.put(gate, "filing", one[0], one[1], error))


def _keep(gate: Gate, blob: Blob | None, ruleset: str, companies: Sequence[tuple[Company, Place]]) -> None:
    with gate.journal.write("group.join") as conn:
        keep(gate, conn, blob)
        for company, place in companies:
            ids = [one.filing for one in company.members]
            left = list(among(conn, select(f.c.id).where(f.c.state == "waiting"), f.c.id, ids))
            if len(left) == len(ids):
                facts = {"ruleset": ruleset, "edition": company.draft.edition or None}
                _join(conn, company, ids, facts | place.columns("payload"))


def _join(conn: Connection, company: Company, ids: Sequence[str], values: Mapping[str, Any]) -> None:
    """The first carries the declaration; the others stand in the same bytes."""
    draft, (lead, *others) = company.draft, ids
    facts = {"declarant": draft.declarant, "kind": draft.target, "connection": draft.connection}
    common = {"lead": lead, **facts, **values}
    moves.move(conn, "filing", [lead], "waiting", "written", "T", "group", lrn=draft.lrn, **common)
    moves.move(conn, "filing", others, "waiting", "joined", "T", "group", lrn=NO_LRN, **common)
    placed = update(f).where(f.c.id == bindparam("one"))
    conn.execute(
        placed.values(place=bindparam("at"), goods=bindparam("many")),
        [{"one": one.filing, "at": one.place, "many": one.goods} for one in company.members],
    )
    notes.replace(conn, "filing", lead, draft.connection, draft.findings)


def hold(gate: Gate, filings: Sequence[tuple[str, str, tuple[Finding, ...]]]) -> None:
    """Filings by id, line and what was found: they wait for a person, and for nobody else."""
    with gate.journal.write("group.hold") as conn:
        for filing, connection, found in filings:
            if moves.move(conn, "filing", [filing], "waiting", "held", "T", "group", **ALONE):
                notes.replace(conn, "filing", filing, connection, found)


def _stop(gate: Gate, company: Company, error: Exception) -> None:
    """An error of ours, found in writing it down: its parcels wait for the next start."""
    for one in company.members:
        aside.put(gate, "filing", one.filing, company.draft.connection, error)
