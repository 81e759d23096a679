"""Many small texts in one blob of the spool: one fsync for all of them, and the stretch that each one takes."""

from typing import Any

import msgspec
from sqlalchemy import Connection, select

from gateway.findings.failpoint import effect
from gateway.journal.blobs import Blob
from gateway.journal.schema import blob as table
from gateway.steps.ground.gate import Gate


class Place(msgspec.Struct, frozen=True):
    """A stretch of a blob."""

    blob: str | None = None
    offset: int | None = None
    length: int | None = None

    def columns(self, name: str) -> dict[str, Any]:
        return {f"{name}_blob": self.blob, f"{name}_offset": self.offset, f"{name}_length": self.length}


NOWHERE = Place()


def store_parts(gate: Gate, kind: str, connection: str, parts: list[bytes]) -> tuple[Blob | None, list[Place]]:
    """Write all parts durably; an empty part lies nowhere, and where all are empty there is no blob."""
    if not any(parts):
        return None, [NOWHERE] * len(parts)
    with gate.blobs.draft(kind, connection) as draft:
        stretches = [(draft.write(part), len(part)) for part in parts]
        with effect("parts.keep"):
            blob = draft.keep()
    return blob, [Place(blob.id, at, size) if size else NOWHERE for at, size in stretches]


def keep(gate: Gate, conn: Connection, blob: Blob | None) -> None:
    """Write the row of a blob in the transaction that first speaks of it."""
    if blob is not None and conn.scalar(select(table.c.id).where(table.c.id == blob.id)) is None:
        gate.blobs.add(conn, blob)
