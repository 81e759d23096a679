"""After the files of a backup are back: the journal says so, stands still, and learns what the spool knows."""

from sqlalchemy import select

from gateway.journal import schema
from gateway.journal.blobs import Blob
from gateway.journal.saved import Manifest
from gateway.steps.ground import standstill
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import among, chunks
from gateway.steps.keeping import blanking
from gateway.steps.recovering import adopt
from gateway.steps.recovering.adopt import Adopted

JUMP = 10_000  # numbers left out where nothing tells which ones partners have seen
b, c = schema.blob, schema.counter


def come_back(gate: Gate, manifest: Manifest, *, keep_spool: bool) -> Adopted:
    """Say that the journal is a restored one; done again, it changes nothing but that more numbers are left out."""
    with gate.journal.write("restore.mark") as conn:
        standstill.begin(gate, conn, f"backup of {manifest.at:%Y-%m-%d %H:%M} UTC")
        for some in chunks(manifest.purged):
            gate.blobs.mark(conn, some)
            columns = (b.c.id, b.c.kind, b.c.connection, b.c.path, b.c.size, b.c.sha256)
            gate.blobs.purged(conn, [Blob(*row) for row in among(conn, select(*columns), b.c.id, some)])
    blanking.follow(gate)
    learned = adopt.adopt(gate)
    return learned if keep_spool else learned._replace(numbers=learned.numbers + _jump(gate))


def _jump(gate: Gate) -> int:
    """Today's logbook is lost with today's spool: every counter goes on far behind where it stood."""
    with gate.journal.write("restore.numbers") as conn:
        counters = conn.execute(select(c).order_by(*c.primary_key)).all()
        places = [(row.connection, row.environment, row.kind, row.next - 1 + JUMP) for row in counters]
        return sum(adopt.leave_out(gate, conn, *place) for place in places)
