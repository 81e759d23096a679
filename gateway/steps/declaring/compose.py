"""Compose: filings that wait are written: further attempts, items that a person released, requests.

The first attempt of a new item is written together with its reading; only what cannot be known then comes here.
What could be written and is declared together with others goes on waiting, for those (`gateway.steps.declaring.group`).
Nothing is claimed: writing twice gives the same text under the same LRN, and the move out of `waiting` happens once.
What cannot be written at all (its route, its line or its record is gone) is held.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import not_, or_, select

from gateway.findings import Finding
from gateway.journal import schema
from gateway.journal.blobs import Blob
from gateway.ruleset.archive import RulesetMissing
from gateway.steps.declaring import stranded
from gateway.steps.declaring.declared import asked
from gateway.steps.declaring.groupkeeping import wait
from gateway.steps.declaring.requests import waits
from gateway.steps.ground import aside, moves, notes, source
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import chunks, together
from gateway.steps.ground.parts import Place, keep, store_parts
from gateway.steps.working.lrn import DossierKey
from gateway.steps.working.outcome import Draft, Rewrite, RoutePlan, Setup, WriteDone, WriteJob

LIMIT = 200
f, i, d, file = schema.filing, schema.item, schema.dossier, schema.file
GROUP = itemgetter("format", "environment")


class Order(NamedTuple):
    """Filings on their way to a worker."""

    filings: list[str]
    job: WriteJob


def take(gate: Gate, busy: Collection[str], alone: Collection[str] = ()) -> list[Order]:
    """Jobs for filings that wait for nothing but being written; those of `alone` one by one: a worker died on them."""
    columns = (
        f.c.id, f.c.route, f.c.attempt, f.c.item, f.c.about, i.c.record_blob, i.c.record_offset, i.c.record_length,
        d.c.environment, d.c.kind, d.c.business_id, d.c.epoch, file.c.format, file.c.received_at,
    )  # fmt: skip
    due = (
        select(*columns)
        .join(i, i.c.id == f.c.item)
        .join(d, d.c.id == f.c.dossier)
        .join(file, file.c.id == i.c.file)
        .where(f.c.state == "waiting", f.c.together.is_(None), not_(waits()))
        .where(or_(f.c.wait_until.is_(None), f.c.wait_until <= gate.now()))
        .order_by(file.c.format, d.c.environment, f.c.id)
        .limit(LIMIT)
    )
    stranded.take_up(gate)
    with gate.journal.read() as conn:
        rows = [row for row in conn.execute(due).mappings() if row["id"] not in busy]
    return [order for _, group in groupby(rows, key=GROUP) for order in _orders(gate, list(group), alone)]


def _orders(gate: Gate, rows: Sequence[Mapping[Any, Any]], alone: Collection[str]) -> Iterator[Order]:
    plans = gate.hub.filing_plans(rows[0]["environment"])
    by_name = {plan.name: plan for plan in plans}
    made = [one for row in rows if (one := _rewrite(gate, row, by_name.get(row["route"]))) is not None]
    setup = _setup(gate, rows[0], plans)
    crowd = [one for one in made if one.filing not in alone]
    for some in (*chunks(crowd), *([one] for one in made if one.filing in alone)):
        yield Order([one.filing for one in some], WriteJob(setup, gate.now(), tuple(some)))


def _setup(gate: Gate, row: Mapping[Any, Any], plans: tuple[RoutePlan, ...]) -> Setup:
    """Of today: whoever sent it, a filing is written by its route."""
    return Setup(
        ruleset=gate.ruleset,
        roots=gate.roots(gate.ruleset),
        format=row["format"],
        environment=row["environment"],
        received_on=row["received_at"].date(),
        routes=plans,
    )


def _rewrite(gate: Gate, row: Mapping[Any, Any], plan: RoutePlan | None) -> Rewrite | None:
    """The order to write one; None when it had to be held."""
    if plan is None or not plan.connection:
        _hold(gate, row["id"], _stranded(row, plan))
        return None
    try:
        with gate.journal.read() as conn:
            record = gate.blobs.read(conn, row["record_blob"], row["record_offset"], row["record_length"])
            waived = tuple(notes.waived(conn, row["item"]) | notes.waived(conn, row["id"]))
            about = asked(gate, conn, row["id"], plan.filer) if row["about"] else None
    except (*source.GONE, RulesetMissing):
        _hold(gate, row["id"], Finding("INT905", values={"kind": "item", "id": row["item"]}))
        return None
    key = DossierKey(row["environment"], row["kind"], row["business_id"], row["epoch"])
    return Rewrite(row["id"], key, row["route"], row["attempt"], record, waived, about)


def _stranded(row: Mapping[Any, Any], plan: RoutePlan | None) -> Finding:
    if plan is None:
        return Finding("RTE127", values={"route": row["route"]})
    values = {"route": plan.name, "partner": plan.partner, "environment": row["environment"]}
    return Finding("RTE126", values=values)


def finish(gate: Gate, done: WriteDone) -> None:
    """What was written goes into the journal."""
    if not done.drafts:
        return
    blob, places = store_parts(gate, "filed", done.drafts[0][1].connection, [draft.text for _, draft in done.drafts])
    written = [(filing, draft, place) for (filing, draft), place in zip(done.drafts, places, strict=True)]
    together(
        written, lambda some: _write(gate, blob, done.ruleset, some), lambda one, error: _stop(gate, one[0], error)
    )


def _write(gate: Gate, blob: Blob | None, ruleset: str, written: Sequence[tuple[str, Draft, Place]]) -> None:
    with gate.journal.write("compose.write") as conn:
        keep(gate, conn, blob)
        for filing, draft, place in written:
            values = {
                "lrn": draft.lrn, "declarant": draft.declarant, "kind": draft.target, "connection": draft.connection,
                "ruleset": ruleset, "edition": draft.edition or None, **place.columns("payload"),
            }  # fmt: skip
            if draft.state == "waiting":
                wait(gate, conn, filing, draft)
            elif moves.move(conn, "filing", [filing], "waiting", draft.state, "T", "write", **values):
                notes.replace(conn, "filing", filing, draft.connection, draft.findings)


def _stop(gate: Gate, filing: str, error: Exception) -> None:
    _hold(gate, filing, aside.failed("filing", filing, error))


def give_up(gate: Gate, filing: str, why: str) -> None:
    """A worker died while writing this one alone: it waits for a person; nothing is tried for ever."""
    _hold(gate, filing, Finding("INT901", values={"why": why}))


def _hold(gate: Gate, filing: str, found: Finding) -> None:
    with gate.journal.write("compose.hold") as conn:
        if moves.move(conn, "filing", [filing], "waiting", "held", "T", "write"):
            notes.note(conn, "filing", filing, "", [found])
