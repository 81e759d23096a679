r"""What is refused before rows are looked at: old and encrypted workbooks, wide encodings, size, no or a false header.

>>> refuse(b"a,b", 3, Limits()) is None, refuse(b"\xd0\xcf\x11\xe0", 4, Limits()).code
(True, 'SRC423')
"""

from collections.abc import Iterator

from adapters.syntax.tabular import header as headers
from adapters.syntax.tabular.faults import finding
from adapters.syntax.tabular.header import Header
from adapters.syntax.tabular.layout import Layout
from adapters.syntax.tabular.sheet import OLE, is_workbook
from gateway.findings import Finding
from gateway.mapping.protocols import Limits, Span

_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def refuse(head: bytes, size: int, limits: Limits) -> Finding | None:
    """The reason why this file is not even split, or None."""
    whole = Span(0, size, 1)
    if size > limits.file_bytes:
        return finding("SRC204", whole, bytes=size, limit=limits.file_bytes)
    if head.startswith(OLE):
        return finding("SRC423", whole)
    wide = head.startswith(_WIDE) or b"\0" in head[:100]
    if wide and not is_workbook(head) and b"<" not in head[:4]:
        return finding("SRC427", whole, encoding="UTF-16 or binary")
    return None


def header(found: Header | None, kept: Layout, whole: Span) -> Finding | None:
    """Why nothing can be read under a header."""
    if found is None or found.missing:
        missing = found.missing if found else tuple(kept.columns)
        return finding("SRC402", whole, rows=headers.FIRST, missing=", ".join(missing[:12]))
    if found.twice:
        return finding("SRC403", whole, column=found.twice)
    if found.width > headers.WIDEST:
        return finding("SRC422", whole, columns=found.width, limit=headers.WIDEST)
    return None


def unread(found: Header, kept: Layout, place: Span) -> Iterator[Finding]:
    """Columns whose cells are not read: those that the format does not know, and those that no row carries."""
    names = [*found.strange, *(name for name in found.at if name in kept.unread)]
    if names:
        yield finding("SRC404", place, columns=", ".join(names[:20]))
