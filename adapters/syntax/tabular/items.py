"""The items of a slice, and every value of one with its place."""

import re
from collections.abc import Iterator

from adapters.syntax.tabular import sheet, source
from adapters.syntax.tabular.faults import finding
from adapters.syntax.tabular.group import Group
from adapters.syntax.tabular.header import Header
from adapters.syntax.tabular.layout import Layout, layout
from adapters.syntax.tabular.reading import Cell, Reader
from gateway.mapping.plan import Plan
from gateway.mapping.protocols import Bad, Item, Leaf, Limits, Opening, Slice, Span

ROW = "row"  # of a table none of whose rows speaks of single rows


def items(opening: Opening, at: Slice, data: bytes, plan: Plan, limits: Limits) -> Iterator[Item | Bad]:
    """Every item of a slice, in the order of their first rows."""
    kept, whole = layout(plan), Span(at.offset, at.length, at.line)
    head = source.heading(opening, data, kept)
    if head is None:
        for ordinal in range(at.ordinal, at.ordinal + at.items):
            yield Bad(ordinal, whole, (finding("SRC424", whole),))
        return
    reader = Reader(kept, head, limits.item_bytes)
    found = source.groups(data, whole, head, kept, limits)[: at.items]
    for ordinal, group in enumerate(found, at.ordinal):
        yield _item(reader, ordinal, group, _Bytes(data, at.offset), limits)


class _Bytes:
    """The bytes of a slice."""

    def __init__(self, data: bytes, offset: int) -> None:
        self.data, self.offset = data, offset
        self.workbook = sheet.is_workbook(data)

    def raw(self, group: Group, span: Span) -> bytes:
        """The item's own rows where its span holds those of others too; of a sheet, their texts."""
        if self.workbook:
            return "\n".join("\t".join(row.cells) for row in group.rows).encode()
        if sum(row.length for row in group.rows) == span.length:
            return b""
        return b"".join(self.data[row.offset - self.offset : row.end - self.offset] for row in group.rows)


def _item(reader: Reader, ordinal: int, group: Group, data: _Bytes, limits: Limits) -> Item | Bad:
    span = Span(group.first.offset, group.end - group.first.offset, group.first.line)
    found = reader.bad(group)
    size = sum(row.length for row in group.rows)
    if not found and not data.workbook and size > limits.item_bytes:
        found = (finding("SRC230", span, bytes=size, limit=limits.item_bytes),)
    if found:
        return Bad(ordinal, span, found, reader.identifier(group))
    body = reader.body(group)
    return Item(ordinal, span, body, 0, findings=reader.findings(group), raw=data.raw(group, span))


def leaves(item: Item, opening: Opening, data: bytes, plan: Plan) -> Iterator[Leaf]:
    """Every value of an item with its place: the bytes of a cell in a text, the row of a sheet.

    Cells of columns that no row of the table reads, the format's own or not, come last, below their rows.
    """
    kept = layout(plan)
    head = source.heading(opening, data, kept) if item.ordinal else None
    if head is None:
        return
    limits = Limits(item_bytes=max(len(data), 1))
    group = source.groups(data, item.span, head, kept, limits)[0]
    workbook = sheet.is_workbook(data)
    for cell in (*Reader(kept, head, 0).cells(group), *_unread(group, head, kept)):
        span = cell.row.span if workbook else _place(cell, data, item.span.offset, head)
        steps = [(kept.item, 1)]
        if cell.of_row:
            steps.append((kept.row or ROW, cell.of_row))
        yield Leaf((*steps, (cell.name, cell.number)), span, cell.text)


def _unread(group: Group, head: Header, kept: Layout) -> Iterator[Cell]:
    columns = {**{name: at for name, at in head.at.items() if name in kept.unread}, **head.strange}
    for number, row in enumerate(group.rows, 1):
        for name, at in columns.items():
            if text := row.cells[at].strip():
                yield Cell(name, 1, number, text, row, at)


def _place(cell: Cell, data: bytes, offset: int, head: Header) -> Span:
    """Where a cell's text stands in the file, without the blanks and quotation marks around it."""
    row = cell.row
    raw = data[row.offset - offset : row.end - offset]
    begin, end = cut(raw, head.separator)[cell.place]
    text = raw[begin:end]
    begin += len(text) - len(text.lstrip())
    return Span(row.offset + begin, len(text.strip()), row.line + raw.count(b"\n", 0, begin))


def cut(raw: bytes, separator: str) -> list[tuple[int, int]]:
    """Where the cells of a row stand in its bytes.

    >>> [b'a,"b ""c"" d",e'[begin:end] for begin, end in cut(b'a,"b ""c"" d",e', ",")]
    [b'a', b'b ""c"" d', b'e']
    """
    mark = re.escape(separator.encode())
    cell = re.compile(rb'(?:"((?:[^"]|"")*)"|([^' + mark + rb"]*))(" + mark + rb"|\Z)")
    whole, at, found = raw.rstrip(b"\r\n"), 0, list[tuple[int, int]]()
    while (one := cell.match(whole, at)) is not None:
        found.append(one.span(1) if one[1] is not None else one.span(2))
        at = one.end()
        if not one[3]:
            break
    return found
