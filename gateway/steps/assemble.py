"""Assemble: written filings and answers become deliveries: files with a final name and, in an envelope, a reference.

A document that stands alone (one declaration a file) is queued as it lies in the spool. Messages in an envelope take a
number first (`drafting` holds it), are rendered, and are queued: killed between the two, the same delivery is rendered
again under the same number, so that numbers have no gap. Two partners behind one mailbox never share a file.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, update

from gateway.findings import Finding
from gateway.findings.failpoint import failpoint
from gateway.journal import bulk, schema
from gateway.journal.counter import next_number
from gateway.journal.ids import new_id, new_ids, timestamp
from gateway.model import Message, Moment
from gateway.settings.connection import Outbound
from gateway.steps import aside, moves
from gateway.steps.failure import raise_trouble
from gateway.steps.gate import Gate
from gateway.steps.hub import owner_of
from gateway.steps.many import chunks, together
from gateway.transport.names import created

ROUND = 500
PAGE = 5000
DRAFTS = 64
REFERENCE_WIDTH = 14  # UPU message head and UN/EDIFACT 0020: an..14
f, a, dl, part = schema.filing, schema.answer, schema.delivery, schema.delivery_part
i, x, file = schema.item, schema.interchange, schema.file


class Due(NamedTuple):
    """What waits for one kind of file on one line in one environment."""

    connection: str
    kind: str
    environment: str
    rule: Outbound


class Said(NamedTuple):
    """An answer that waits, with what tells for whom it is."""

    id: str
    route: str
    line: str
    sender: str


def assemble(gate: Gate, *, flush: bool = False, paused: Collection[tuple[str, str]] = ()) -> int:
    """Make the deliveries that are due; with `flush` without waiting for a fuller file. Returns how many.

    `paused` are routes, each with the environment in which it is stopped.
    """
    made = sum(_filings(gate, due, route) for due, route in _routes(gate, paused))
    made += sum(_answers(gate, due, said, flush=flush) for due, said in _partners(gate, flush=flush))
    return made + render_drafts(gate)


def _routes(gate: Gate, paused: Collection[tuple[str, str]]) -> Iterator[tuple[Due, str]]:
    """Kinds of filings that wait, by the route that made them."""
    columns = (f.c.route, f.c.environment, f.c.connection, f.c.kind)
    with gate.journal.read() as conn:
        groups = conn.execute(select(*columns).where(f.c.state == "written").distinct()).all()
    for route, environment, connection, kind in groups:
        rule = _rule(gate, connection, kind, gate.hub.receiver(connection, kind, route))
        if rule is not None and (route, environment) not in paused:
            yield Due(connection, kind, environment, rule), route


def _rule(gate: Gate, connection: str, kind: str, partner: str) -> Outbound | None:
    """None where the line is not in the configuration any more, or does not take this to the partner."""
    line = gate.hub.connections.get(connection)
    return line.outbound_for(partner, kind) if line else None


def _filings(gate: Gate, due: Due, route: str) -> int:
    """One declaration, one file."""
    wanted = (f.c.state == "written", f.c.connection == due.connection, f.c.kind == due.kind,
              f.c.environment == due.environment, f.c.route == route, f.c.id.not_in(aside.marked()))  # fmt: skip
    with gate.journal.read() as conn:
        ids = list(conn.scalars(select(f.c.id).where(*wanted).order_by(f.c.id).limit(ROUND)))

    def stop(one: str, error: Exception) -> None:
        aside.put(gate, "filing", one, due.connection, error)

    together(ids, lambda some: _queue(gate, due, some), stop)
    failpoint("assemble.queued")
    return len(ids)


def _queue(gate: Gate, due: Due, filings: Sequence[str]) -> None:
    """A delivery for each that is still written, in one transaction."""
    columns = (f.c.id, f.c.lrn, f.c.payload_blob, f.c.payload_offset, f.c.payload_length)
    with gate.journal.write() as conn:
        written = select(*columns).where(f.c.id.in_(filings), f.c.state == "written").order_by(f.c.id)
        rows = conn.execute(written).mappings().all()
        ids, digests = new_ids(len(rows)), _digests(gate, conn, rows)
        deliveries = [
            _delivery(gate, conn, due, one, row["lrn"])
            | {"size": row["payload_length"], "sha256": digest, "state": "drafting"}
            for one, row, digest in zip(ids, rows, digests, strict=True)
        ]
        moves.enter(conn, "delivery", deliveries, "A", "assemble")
        bulk.insert(conn, part, [_part(one, row) for one, row in zip(ids, rows, strict=True)])
        moves.move(conn, "delivery", ids, "drafting", "queued", "A", "assemble")
        moves.move(conn, "filing", [row["id"] for row in rows], "written", "assembled", "A", "assemble")
        pairs = [{"one": row["id"], "delivery": one} for one, row in zip(ids, rows, strict=True)]
        if pairs:
            conn.execute(update(f).where(f.c.id == bindparam("one")).values(delivery=bindparam("delivery")), pairs)


def _digests(gate: Gate, conn: Connection, rows: Sequence[Mapping[Any, Any]]) -> list[str]:
    """SHA-256 of each payload; the filings of a batch share one blob, which is read once."""
    blobs = {ulid: gate.blobs.read(conn, ulid) for ulid in {row["payload_blob"] for row in rows}}
    places = ((row["payload_blob"], row["payload_offset"], row["payload_length"]) for row in rows)
    return [hashlib.sha256(blobs[ulid][at : at + size]).hexdigest() for ulid, at, size in places]


def _part(delivery: str, row: Mapping[Any, Any]) -> dict[str, Any]:
    return {"delivery": delivery, "seq": 1, "blob": row["payload_blob"], "offset": row["payload_offset"],
            "length": row["payload_length"]}  # fmt: skip


def _delivery(
    gate: Gate, conn: Connection, due: Due, one: str, lrn: str = "", *, numbered: bool = False
) -> dict[str, Any]:
    """A delivery's row: its name, and its number where the name or the envelope needs one."""
    numbered = numbered or "control_reference" in due.rule.name.placeholders
    number = reference(gate, conn, due) if numbered else None
    source = gate.registry(gate.ruleset).format(due.kind, gate.now().date())
    name = due.rule.name.fill(
        lrn=lrn, control_reference=number or "", format=due.kind, syntax=source.plan.syntax,
        gateway=gate.hub.settings.gateway.id,
    )  # fmt: skip
    return {
        "id": one, "connection": due.connection, "environment": due.environment, "kind": due.kind,
        "directory": due.rule.directory, "final_name": created(name), "control_reference": number,
    }  # fmt: skip


def reference(gate: Gate, conn: Connection, due: Due) -> str:
    """The next control reference of this line: gateway id and number, 14 characters."""
    number = next_number(conn, due.connection, due.environment, due.kind)
    prefix = gate.hub.settings.gateway.id
    return f"{prefix}{number:0{REFERENCE_WIDTH - len(prefix)}d}"


def _partners(gate: Gate, *, flush: bool) -> Iterator[tuple[Due, list[str]]]:
    """Answers that wait, by the partner they are for: a mailbox carries several."""
    columns = (a.c.connection, a.c.kind, a.c.environment)
    waiting = select(*columns, func.count(), func.min(a.c.id)).where(a.c.delivery.is_(None)).group_by(*columns)
    with gate.journal.read() as conn:
        groups = conn.execute(waiting).all()
    for connection, kind, environment, count, oldest in groups:
        line = gate.hub.connections.get(connection)
        rules = {o.partner: o for o in line.outbound if o.format == kind} if line else {}
        if not any(flush or count >= rule.per_file or _old_enough(gate, rule, oldest) for rule in rules.values()):
            continue
        by_partner: dict[str, list[str]] = {}
        for said in _waiting(gate, connection, kind, environment):
            partner = owner_of(gate.hub.told(said.route, said.line, said.sender))
            by_partner.setdefault(partner, []).append(said.id)
        for partner, ids in by_partner.items():
            if partner in rules:
                yield Due(connection, kind, environment, rules[partner]), ids
            else:
                _strand(gate, connection, ids)


def _strand(gate: Gate, connection: str, answers: Sequence[str]) -> None:
    """Whoever they are for is not in the configuration any more."""
    for one in answers:
        aside.put(gate, "answer", one, connection, Finding("RSP704"))


def _waiting(gate: Gate, connection: str, kind: str, environment: str) -> Iterator[Said]:
    wanted = (a.c.delivery.is_(None), a.c.connection == connection, a.c.kind == kind, a.c.environment == environment)
    due = _said().where(*wanted, a.c.id.not_in(aside.marked())).order_by(a.c.id).limit(PAGE)
    page: Sequence[Said] = (Said("", "", "", ""),)
    while page:
        with gate.journal.read() as conn:
            page = [Said(*row) for row in conn.execute(due.where(a.c.id > page[-1].id))]
        yield from page


def _said() -> Any:
    """Answers with the message that they answer."""
    columns = (a.c.id, a.c.route, file.c.connection, x.c.sender)
    joined = select(*columns).join(i, i.c.id == a.c.item).join(x, x.c.id == i.c.interchange)
    return joined.join(file, file.c.id == i.c.file)


def _answers(gate: Gate, due: Due, ids: Sequence[str], *, flush: bool) -> int:
    """So many a file; a file that is not full waits for its time."""
    groups = [ids[at : at + due.rule.per_file] for at in range(0, len(ids), due.rule.per_file)]
    ready = [g for g in groups if flush or len(g) == due.rule.per_file or _old_enough(gate, due.rule, g[0])]

    def stop(group: Sequence[str], error: Exception) -> None:
        for one in group:
            aside.put(gate, "answer", one, due.connection, error)

    together(ready, lambda some: _reserve(gate, due, some), stop)
    if ready:
        failpoint("assemble.reserved")
    return len(ready)


def _reserve(gate: Gate, due: Due, groups: Sequence[Sequence[str]]) -> None:
    """A number for each file to be."""
    with gate.journal.write() as conn:
        for group in groups:
            one = new_id()
            row = _delivery(gate, conn, due, one, numbered=True)
            moves.enter(conn, "delivery", [row | {"state": "drafting"}], "A", "reserve")
            for some in chunks(group):
                conn.execute(update(a).where(a.c.id.in_(some), a.c.delivery.is_(None)).values(delivery=one))


def _old_enough(gate: Gate, rule: Outbound, oldest: str) -> bool:
    """Collected for long enough. A cron line counts as an hour: the mover's own schedule is the finer one."""
    wait = (rule.every.interval or timedelta(hours=1)) if rule.every else timedelta()
    return gate.now() - timestamp(oldest) >= wait


def render_drafts(gate: Gate) -> int:
    """Put the envelope around what a number was reserved for, and queue it."""
    lines = list(gate.hub.connections)
    due = select(dl).where(dl.c.state == "drafting", dl.c.connection.in_(lines), dl.c.id.not_in(aside.marked()))
    with gate.journal.read() as conn:
        drafts = conn.execute(due.order_by(dl.c.id).limit(DRAFTS)).mappings().all()
    for draft in drafts:
        try:
            _render(gate, draft)
        except Exception as error:  # noqa: BLE001  # of one delivery
            raise_trouble(error)
            aside.put(gate, "delivery", draft["id"], draft["connection"], error)
    return len(drafts)


def _render(gate: Gate, draft: Mapping[Any, Any]) -> None:
    target = gate.registry(gate.ruleset).format(draft["kind"], gate.now().date())
    with gate.journal.read() as conn:
        units = [gate.blobs.read(conn, *row).decode() for row in _units(conn, draft["id"])]
        message = envelope(gate, conn, draft)
    blob = gate.blobs.write("envelope", draft["connection"], target.frame(message, units))
    failpoint("assemble.rendered")
    with gate.journal.write() as conn:
        gate.blobs.add(conn, blob)
        conn.execute(insert(part).values(delivery=draft["id"], seq=1, blob=blob.id, offset=0, length=blob.size))
        facts = {"size": blob.size, "sha256": blob.sha256}
        moves.move(conn, "delivery", [draft["id"]], "drafting", "queued", "A", "assemble", **facts)
    failpoint("assemble.queued")


def _units(conn: Connection, delivery: str) -> Sequence[Any]:
    columns = (a.c.payload_blob, a.c.payload_offset, a.c.payload_length)
    return conn.execute(select(*columns).where(a.c.delivery == delivery).order_by(a.c.id)).all()


def envelope(gate: Gate, conn: Connection, draft: Mapping[Any, Any]) -> Message:
    """Who says it to whom, under which number. The test flag is set on a test line."""
    said = Said(*conn.execute(_said().where(a.c.delivery == draft["id"]).order_by(a.c.id).limit(1)).one())
    partner = owner_of(gate.hub.told(said.route, said.line, said.sender))
    return Message(
        sender=gate.hub.settings.gateway.id,
        recipient=gate.hub.mailbox(partner),
        prepared_at=Moment(iso=timestamp(draft["id"]).strftime("%Y-%m-%dT%H:%M:%SZ")),
        control_reference=draft["control_reference"],
        reference="1",
        test=True if draft["environment"] == "test" else None,
    )
