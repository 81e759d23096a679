"""Items whose record holds given texts, whoever they are about: the records are read, one after the other."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from gateway.journal import schema
from gateway.steps.gate import Gate
from gateway.steps.source import GONE

PAGE = 5000
i, b = schema.item, schema.blob


def holding(gate: Gate, texts: Sequence[str]) -> list[str]:
    """Ids of the items that hold all of the texts, whatever the case of their letters."""
    wanted = [text.casefold() for text in texts]
    found: list[str] = []
    page: Sequence[Any] = ()
    while True:
        after = page[-1].id if page else ""
        rows = select(i.c.id, i.c.record_blob, i.c.record_offset, i.c.record_length).join(b, b.c.id == i.c.record_blob)
        with gate.journal.read() as conn:
            page = conn.execute(rows.where(i.c.id > after, b.c.purging_at.is_(None)).order_by(i.c.id).limit(PAGE)).all()
        found += _holding(gate, page, wanted)
        if len(page) < PAGE:
            return found


def _holding(gate: Gate, page: Sequence[Any], wanted: Sequence[str]) -> list[str]:
    """Of one page; a blob is read once for all that lie in it."""
    found, blobs = [], {row.record_blob: b"" for row in page}
    for blob in blobs:
        try:
            data = gate.bytes_at(blob)
        except GONE:
            continue
        for row in page:
            if row.record_blob == blob:
                said = data[row.record_offset : row.record_offset + row.record_length].decode("utf-8", "replace")
                if all(text in said.casefold() for text in wanted):
                    found.append(row.id)
    return found
