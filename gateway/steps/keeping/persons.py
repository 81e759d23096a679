"""Items whose record holds given texts, whoever they are about: the records are read, one after the other.

A text is held where it stands in one of a record's values, whatever the case of its letters, the white space between
its words and the Unicode form of its accents. What a record calls its values is no value.

>>> folded("  Ada   SPECIMEN ")
'ada specimen'
"""

from collections.abc import Iterator, Sequence
from typing import Any
from unicodedata import normalize

import msgspec
from sqlalchemy import select

from gateway.journal import schema
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.refusal import NotPossible
from gateway.steps.ground.source import GONE

PAGE = 5000
i, b = schema.item, schema.blob


def holding(gate: Gate, texts: Sequence[str]) -> list[str]:
    """Ids of the items that hold all of the texts. Raises: NotPossible for a text of white space, which all hold."""
    wanted = [folded(text) for text in texts]
    if not all(wanted):
        raise NotPossible("every record holds a text that is empty")
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
                said = said_in(data[row.record_offset : row.record_offset + row.record_length])
                if all(text in said for text in wanted):
                    found.append(row.id)
    return found


def folded(text: str) -> str:
    """A text as it is compared."""
    return " ".join(normalize("NFC", normalize("NFC", text).casefold()).split())


def said_in(record: bytes) -> str:
    """The values of a record, a line each; of one that cannot be read (a blank one is left of an erased parcel) all."""
    try:
        values = list(_texts(msgspec.json.decode(record)))
    except (msgspec.DecodeError, UnicodeDecodeError):
        values = [record.decode("utf-8", "replace")]
    return "\n".join(folded(one) for one in values)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
