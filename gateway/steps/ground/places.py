"""Where a finding of a check stands in the message: looked up in the trace of its item, when it is shown or answered.

Checks see the record alone and name a model path. The trace knows which element, line and row gave that path its
value. For a value that is missing, the nearest thing said around it is shown.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from gateway.findings import Finding, Position
from gateway.mapping.carriers import OF_ONE_PIECE
from gateway.mapping.protocols import Span
from gateway.mapping.trace import Entry, Trace


def place(finding: Finding, trace: Trace, item: Span, file: str = "") -> Finding:
    """The finding with file, line, offset, element and row; one that has a place already keeps it."""
    if finding.source is not None and finding.source.line is not None:
        return msgspec.structs.replace(finding, source=msgspec.structs.replace(finding.source, file=file))
    entry = find(finding.model_path, trace.entries) if finding.model_path else None
    span = (entry.span if entry else None) or item
    return msgspec.structs.replace(
        finding,
        source=Position(file, span.line, span.offset, span.length, entry.message_path if entry else ""),
        row=finding.row or (entry.row if entry else None),
        wco_id=finding.wco_id or (entry.wco_ids[-1] if entry and entry.wco_ids else ""),
    )


def find(path: str, entries: Iterable[Entry]) -> Entry | None:
    """The entry of a model path; for a path without one, what it was derived from or the nearest part around it.

    >>> from gateway.findings import Row
    >>> here = Entry("item/content-piece/value", "goods_items[1].value", "5", Row("t.yaml", 9), Span(0, 1, 1))
    >>> find("goods_items[1].hs_code", (here,)) is here
    True
    """
    placed = [entry for entry in entries if entry.span is not None]
    for around in _outwards(path):
        inside = (f"{around}.", f"{around}[")
        for entry in placed:
            if entry.model_path == around or entry.model_path.startswith(inside):
                return entry
    return None


def _outwards(path: str) -> Iterator[str]:
    """`a[2].value`, `a[2].unit_price`, `a[2]`, `a`."""
    line, dot, name = path.rpartition(".")
    if dot and name in OF_ONE_PIECE:
        yield path
        path = f"{line}.{OF_ONE_PIECE[name]}"
    while path:
        yield path
        path = re.sub(r"(\[\d+\]|\.?[^.\[\]]+)$", "", path)
