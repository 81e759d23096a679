"""What a person may do with what waits: release (waive named findings), retry (today's rules), return (tell the sender no).

Every action is one transaction under the operator's name; nothing is decided twice, nothing is lost when it fails.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from gateway.findings.catalogue import entry
from gateway.findings.errors import GatewayFault, Permanent
from gateway.journal import audit, schema
from gateway.journal.ids import new_id
from gateway.mapping.protocols import Opening, Slice, Span
from gateway.steps import moves, notes, source
from gateway.steps.content import same_content
from gateway.steps.gate import Gate
from gateway.steps.outcome import ItemOutcome
from gateway.steps.routing import choose
from gateway.steps.settle import PURPOSE, earlier, find_dossier, store_parts
from gateway.steps.setup import setup_for
from gateway.steps.translation import Translator

i, fl, fi = schema.item, schema.filing, schema.finding


class NotPossible(GatewayFault, Permanent):
    """This cannot be done with it now."""


def release(gate: Gate, subject: str, waive: Collection[str], who: str) -> str:
    """Waive findings and let the item, its held filing, or a refused file go on; returns what became of it.

    Raises: NotPossible when a finding is left that was not waived, or one that nobody may waive.
    """
    with gate.journal.write() as conn:
        _waive(gate, conn, subject, waive, who)
        if moves.move(conn, "file", [subject], "refused", "received", who, "release", items=None):
            return "received"
        if moves.move(conn, "filing", [subject], "held", "written", who, "release"):
            return "written"
        if not moves.move(conn, "item", [subject], "held", "accepted", who, "release"):
            raise NotPossible("only what is held or refused can be released")
        _file_again(gate, conn, subject)
        return "accepted"


def _waive(gate: Gate, conn: Connection, subject: str, waive: Collection[str], who: str) -> None:
    codes = {code for code in conn.scalars(select(fi.c.code).where(fi.c.subject == subject, fi.c.severity == "error"))}
    left = [code for code in sorted(codes) if code not in waive and entry(code).name not in waive]
    if left:
        raise NotPossible(f"not waived: {', '.join(left)}")
    barred = [code for code in sorted(codes) if not entry(code).waivable]
    if barred:
        raise NotPossible(f"nobody may waive {', '.join(barred)}; retry after it was mended, or return it")
    mark = {"waived_by": who, "waived_at": gate.now()}
    conn.execute(update(fi).where(fi.c.subject == subject, fi.c.code.in_(codes)).values(**mark))


def _file_again(gate: Gate, conn: Connection, item: str) -> None:
    """A filing for a released item; it is written by the compose step, with what was waived."""
    row = source.item_row(conn, item)
    record = source.record_of(gate, conn, row)
    setup = setup_for(gate, row, gate.ruleset)
    route = choose(setup.routes, record) if record is not None else None
    if route is None or route.keep or not route.connection:
        if route is not None and route.keep:
            conn.execute(update(i).where(i.c.id == item).values(kept=True))
            return
        raise NotPossible("no route takes it; add one to routes.yaml, then retry")
    _withdraw(conn, row["dossier"])
    mine = (fl.c.dossier == row["dossier"], fl.c.route == route.name)
    before = conn.execute(select(fl.c.id, fl.c.attempt).where(*mine).order_by(fl.c.attempt.desc()).limit(1)).first()
    filing = new_id()
    moves.enter(conn, "filing", [{
        "id": filing, "dossier": row["dossier"], "environment": row["environment"], "route": route.name,
        "purpose": PURPOSE, "attempt": before.attempt + 1 if before else 1, "item": item, "connection": route.connection,
        "kind": route.target, "declarant": route.settings.get("declarant-id", ""), "lrn": f"~{filing}",
        "ruleset": gate.ruleset, "state": "waiting", "replaces": before.id if before else None,
    }], "T", "file")  # fmt: skip


def _withdraw(conn: Connection, dossier: str) -> None:
    for state in ("waiting", "held", "written"):
        ids = list(conn.scalars(select(fl.c.id).where(fl.c.dossier == dossier, fl.c.state == state)))
        moves.move(conn, "filing", ids, state, "withdrawn", "T", "replace")


def give_back(gate: Gate, item: str, who: str) -> str:
    """Return a held or quarantined item: the sender is told, its filings that are not out are withdrawn."""
    with gate.journal.write() as conn:
        for state in ("held", "quarantined"):
            if moves.move(conn, "item", [item], state, "returned", who, "return"):
                dossier = conn.scalar(select(i.c.dossier).where(i.c.id == item))
                if dossier:
                    _withdraw(conn, dossier)
                return "returned"
    raise NotPossible("only what is held or quarantined can be returned")


def retry(gate: Gate, subject: str, who: str) -> str:
    """Read again under today's rules: an item from its raw bytes, a refused file as a whole."""
    with gate.journal.write() as conn:
        if moves.move(conn, "file", [subject], "refused", "received", who, "retry", items=None):
            return "received"
        row = source.item_row(conn, subject)
        raw = source.raw_of(gate, conn, row)
    if raw is None:
        raise NotPossible("its raw bytes were purged; ask the sender for it again")
    if row["state"] not in {"held", "quarantined"}:
        raise NotPossible("only what is held or quarantined can be retried")
    outcome = _read_again(gate, row, raw)
    blob, places = store_parts(gate, "record", row["connection"], [outcome.record])
    with gate.journal.write() as conn:
        if blob is not None:
            gate.blobs.add(conn, blob)
        return _replace(gate, conn, row, outcome, places[0].columns("record"), who)


def _read_again(gate: Gate, row: Mapping[Any, Any], raw: bytes) -> ItemOutcome:
    translator = Translator(setup_for(gate, row, gate.ruleset))
    opening = Opening(row["number"], row["head"], row["tail"], Span(0, len(row["head"]), 1))
    at = Slice(row["number"], row["seq"], row["offset"], row["length"], row["line"], 1)
    return next(iter(translator.batch(opening, at, raw, gate.now())))


def _replace(
    gate: Gate, conn: Connection, row: Mapping[Any, Any], outcome: ItemOutcome, record: Mapping[Any, Any], who: str
) -> str:
    """The same item with what is understood of it today."""
    state, dossier = outcome.state, row["dossier"]
    values = {"ruleset": gate.ruleset, "content_hash": outcome.content or None, "attempt": row["attempt"] + 1, **record}
    if outcome.key is not None:
        known = earlier(conn, row["environment"], [outcome.key.business_id]).get(outcome.key.business_id, [])
        before = find_dossier(known, outcome.key.epoch)
        if before is not None and before.item not in ("", row["id"]) and same_content(before.content, outcome.content):
            state = "repeat"
        dossier = before.id if before else _open(conn, row["environment"], outcome)
    moves.move(
        conn, "item", [row["id"]], row["state"], state, who, "retry", **values, dossier=dossier, item_id=outcome.item_id
    )
    notes.replace(conn, "item", row["id"], row["connection"], outcome.findings)
    if state == "accepted":
        _file_again(gate, conn, row["id"])
    return state


def _open(conn: Connection, environment: str, outcome: ItemOutcome) -> str:
    assert outcome.key is not None
    ulid = new_id()
    key = outcome.key
    conn.execute(schema.dossier.insert().values(
        id=ulid, environment=environment, kind=key.kind, business_id=key.business_id, epoch=key.epoch))  # fmt: skip
    conn.execute(schema.identifier.insert().values(kind="s10", value=key.business_id, dossier=ulid))
    return ulid


def switch(gate: Gate, kind: str, name: str, state: str, who: str, reason: str = "") -> None:
    """Pause or resume a connection or a route."""
    s = schema.switch
    values = {
        "state": state,
        "since": gate.now(),
        "who": who,
        "reason": reason or None,
        "next_try_at": None,
        "failures": 0,
    }
    with gate.journal.write() as conn:
        same = (s.c.kind == kind, s.c.name == name)
        if conn.execute(update(s).where(*same).values(**values)).rowcount == 0:
            conn.execute(s.insert().values(kind=kind, name=name, **values))
        audit.append(conn, "switch", f"{kind} {name}", None, state, who)


def paused(gate: Gate, kind: str) -> frozenset[str]:
    """Names of connections or routes that a person, or the brake, has stopped."""
    s = schema.switch
    with gate.journal.read() as conn:
        return frozenset(conn.scalars(select(s.c.name).where(s.c.kind == kind, s.c.state.in_(("paused", "braked")))))
