"""From the moment in which a file's bytes are durable they are ours: what was fetched goes into the journal."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, func, select, update

from gateway.findings import Finding
from gateway.journal import schema
from gateway.journal.blobs import Blob
from gateway.steps.ground import moves, notes
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import chunks
from gateway.transport import names

s, f = schema.sighting, schema.file


class Fetched(NamedTuple):
    """What became of one fetch: the blob, and how the remote file looked afterwards."""

    file: str
    blob: Blob | None
    after: str
    name: str = ""
    fault: Finding | None = None


def recover(gate: Gate, connection: str = "") -> None:
    """After a crash: what is whole in the spool is received, what is not is fetched again.

    Of one connection, or of all that the journal knows: one that the configuration no longer names has files too. What
    is shorter than it was listed was kept because it was gone after: it waits for a person, as it would have.
    """
    listed = select(func.max(s.c.size)).where(s.c.file_id == f.c.id).scalar_subquery()
    left = select(f.c.id, f.c.connection, f.c.name, listed.label("size")).where(f.c.state == "fetching")
    with gate.journal.read() as conn:
        mine = left.where(f.c.connection == connection) if connection else left
        rows = conn.execute(mine.order_by(f.c.id)).all()
    by_line: dict[str, list[Fetched]] = {}
    for row in rows:
        gate.blobs.forsake("raw", row.connection, row.id)  # first: what is not whole by now never will be
        blob = gate.blobs.find("raw", row.connection, row.id)
        found = Fetched(row.id, blob, end_of(blob, row.size), names.shown(row.name))
        by_line.setdefault(row.connection, []).append(found)
    for name, fetched in by_line.items():
        receive(gate, name, [one for one in fetched if one.blob is not None])
        give_up(gate, [one.file for one in fetched if one.blob is None])


def end_of(blob: Blob | None, listed: int | None) -> str:
    """How a fetch ended of which only the bytes are left: a file that was cut short is kept only when it is gone."""
    return "gone" if blob is not None and listed is not None and blob.size < listed else "same"


def told_of(after: str, name: str, blob: Blob | None) -> Iterator[Finding]:
    """What a person should know of a file that came in."""
    if after == "gone":
        yield notes.made("DLV626", name=name)
    if blob is not None and not blob.size:
        yield notes.made("DLV625", name=name)


def receive(gate: Gate, connection: str, fetched: Sequence[Fetched]) -> None:
    """From here the bytes are ours. A file that vanished while it was read waits for a person."""
    if not fetched:
        return
    by_end: dict[str, list[Fetched]] = {"received": [], "suspect": []}
    for one in fetched:
        by_end["suspect" if one.after == "gone" else "received"].append(one)
    with gate.journal.write("pickup.receive") as conn:
        gate.blobs.add(conn, *[one.blob for one in fetched if one.blob is not None])
        conn.execute(_BYTES, [_bytes_of(one) for one in fetched])
        for to, some in by_end.items():
            ids = [one.file for one in some]
            moves.move(conn, "file", ids, "fetching", to, "P", "receive", received_at=gate.now())
        for one in fetched:
            for found in told_of(one.after, one.name, one.blob):
                notes.note(conn, "file", one.file, connection, [found])


_BYTES = update(f).where(f.c.id == bindparam("of")).values(blob=bindparam("blob"), sha256=bindparam("sha256"))


def _bytes_of(one: Fetched) -> dict[str, str]:
    assert one.blob is not None
    return {"of": one.file, "blob": one.blob.id, "sha256": one.blob.sha256}


def give_up(gate: Gate, files: Sequence[str]) -> None:
    """Not fetched this time: the sighting is free again."""
    if files:
        with gate.journal.write("pickup.give_up") as conn:
            moves.move(conn, "file", files, "fetching", "sighted", "P", "not fetched")
            for some in chunks(files):
                conn.execute(update(s).where(s.c.file_id.in_(some)).values(file_id=None, polls=0))
