"""Put away: a file that is ours is deleted or moved at the partner, so that its folder does not grow.

"Not there" is done. What the partner does not let us do is told once, on the file, and tried at every poll: it is not
read twice, but `status` shows it until the folder or the right is there.
"""

import logging
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from gateway.findings import Finding
from gateway.findings.errors import GatewayError, PartnerUnreachable
from gateway.findings.failpoint import effect
from gateway.journal import schema
from gateway.settings.connection import Inbound
from gateway.steps.ground import notes
from gateway.steps.ground.many import among, chunks
from gateway.transport import names, stable
from gateway.transport.line import Entry, Talks
from gateway.transport.tidy import tidy

CODE = "DLV627"
n = schema.finding
log = logging.getLogger("gateway.pickup")


class Tried(NamedTuple):
    """A file of ours and how it went: `done`, `refused` by the partner, or `lost` with the line."""

    entry: Entry
    file: str
    result: str


async def put_away(wire: Talks, rule: Inbound, entry: Entry, file: str, *, refuses: bool = False) -> Tried:
    """Only the very file that we have: another one that has taken its name since stays and is fetched.

    Its done-file goes first: the file itself leads us back when we die between the two, where a done-file that was left
    behind would say of the partner's next file that it is whole. `refuses`: the server is known to rename over nothing.
    """
    ours = (*stable.done_names(rule.complete, entry.name), entry.name)
    try:
        with effect("tidy.look"):
            now = stable.since(entry, await wire.lstat(names.join(rule.directory, entry.name)))
        for name in ours if now != "changed" and rule.after.kind != "none" else ():
            with effect("tidy.put_away"):
                await tidy(wire, rule.after, rule.directory, name, refuses=refuses)
    except PartnerUnreachable:
        return Tried(entry, file, "lost")
    except GatewayError:
        return Tried(entry, file, "refused")
    except Exception:
        log.exception("pickup.not_tidied", extra={"file_id": file})
        return Tried(entry, file, "refused")
    return Tried(entry, file, "done")


def tell(conn: Connection, connection: str, rule: Inbound, tried: Collection[Tried]) -> None:
    """Say what the partner does not let us do, once a file; forget it when it is done."""
    for some in chunks(one.file for one in tried if one.result == "done"):
        conn.execute(delete(n).where(n.c.subject.in_(some), n.c.code == CODE))
    refused = {one.file: one.entry for one in tried if one.result == "refused"}
    known = {row.subject for row in among(conn, select(n.c.subject).where(n.c.code == CODE), n.c.subject, refused)}
    for file, entry in refused.items():
        if file not in known:
            values = {"name": names.shown(entry.name), "connection": connection, "action": rule.after.kind}
            notes.note(conn, "file", file, connection, [Finding(CODE, "warning", values)])
            log.warning("pickup.not_tidied", extra={"connection": connection, "file_id": file})
