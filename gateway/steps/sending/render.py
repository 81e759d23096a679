"""Envelopes around messages for which a number is reserved: killed in between, the same one is rendered again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from gateway.findings.failpoint import effect
from gateway.journal import schema
from gateway.journal.ids import timestamp
from gateway.model import Message, Moment
from gateway.steps.ground import aside, moves
from gateway.steps.ground.failure import raise_trouble
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.hub import owner_of
from gateway.steps.sending.mailing import Said, said

DRAFTS = 64
a, dl, f, part = schema.answer, schema.delivery, schema.filing, schema.delivery_part
CARRIES = or_(f.c.lead.is_(None), f.c.lead == f.c.id)  # of several parcels in one declaration the one with its text


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
        units = list(_texts(gate, conn, _units(conn, draft["id"])))
        message = envelope(gate, conn, draft)
    with effect("assemble.render"):
        blob = gate.blobs.write("envelope", draft["connection"], target.frame(message, units))
    with gate.journal.write("assemble.envelope") as conn:
        gate.blobs.add(conn, blob)
        conn.execute(insert(part).values(delivery=draft["id"], seq=1, blob=blob.id, offset=0, length=blob.size))
        facts = {"size": blob.size, "sha256": blob.sha256}
        moves.move(conn, "delivery", [draft["id"]], "drafting", "queued", "A", "assemble", **facts)


def _units(conn: Connection, delivery: str) -> Sequence[Any]:
    """Where the text of each message lies, in the order in which they came to wait."""
    answers, filings = (
        select(t.c.payload_blob, t.c.payload_offset, t.c.payload_length)
        .where(t.c.delivery == delivery)
        .order_by(t.c.id)
        for t in (a, f)
    )
    return conn.execute(answers).all() or conn.execute(filings.where(CARRIES)).all()


def _texts(gate: Gate, conn: Connection, rows: Sequence[Any]) -> Iterator[str]:
    """The messages; those of a batch share one blob, which is read once."""
    blobs = {ulid: gate.blobs.read(conn, ulid) for ulid in {row.payload_blob for row in rows}}
    for ulid, offset, length in rows:
        yield blobs[ulid][offset : offset + length].decode()


def envelope(gate: Gate, conn: Connection, draft: Mapping[Any, Any]) -> Message:
    """Who says it to whom, under which number. The test flag is set on a test line."""
    return Message(
        sender=gate.hub.settings.gateway.id,
        recipient=gate.hub.mailbox(_recipient(gate, conn, draft)),
        prepared_at=Moment(iso=timestamp(draft["id"]).strftime("%Y-%m-%dT%H:%M:%SZ")),
        control_reference=draft["control_reference"],
        reference="1",
        test=True if draft["environment"] == "test" else None,
    )


def _recipient(gate: Gate, conn: Connection, draft: Mapping[Any, Any]) -> str:
    """The partner for whom it is."""
    answer = conn.execute(said().where(a.c.delivery == draft["id"]).order_by(a.c.id).limit(1)).first()
    if answer is not None:
        one = Said(*answer)
        return owner_of(gate.hub.told(one.route, one.line, one.sender))
    route = conn.scalar(select(f.c.route).where(f.c.delivery == draft["id"]).limit(1))
    return gate.hub.receiver(draft["connection"], draft["kind"], str(route))
