"""A partner's reading of one file: its records, through the same tables as the gateway's own."""

import io
from collections.abc import Iterator
from typing import Any

from gateway.mapping.format import Format
from gateway.mapping.protocols import Item, Limits, Opening, Slice

LIMITS = Limits()
A_SLICE = 500  # items


def read(form: Format, data: bytes) -> Iterator[Any]:
    """The records of one file; what cannot be read is left out."""
    opening: Opening | None = None
    for part in form.syntax.slices(io.BytesIO(data), form.plan, A_SLICE, LIMITS):
        if isinstance(part, Opening):
            opening = part
        elif isinstance(part, Slice) and opening:
            stretch = data[part.offset : part.offset + part.length]
            items = form.items(opening, part, stretch, LIMITS)
            records = (form.read(item).record for item in items if isinstance(item, Item))
            yield from (record for record in records if record is not None)
