"""A text file or a workbook as rows: what both have in common for whoever groups them."""

from collections.abc import Iterator
from io import BytesIO

from adapters.syntax.tabular import header, sheet, text
from adapters.syntax.tabular.group import Group, Keys, grouped
from adapters.syntax.tabular.header import Header
from adapters.syntax.tabular.layout import Layout
from adapters.syntax.tabular.lines import lines
from adapters.syntax.tabular.row import Row
from gateway.mapping.protocols import Limits, Opening, Span


def heading(opening: Opening, data: bytes, layout: Layout) -> Header | None:
    """The header that the rows of a slice stand under: in front of a text, in the workbook itself."""
    if sheet.is_workbook(data):
        try:
            return header.among(sheet.first_rows(data, header.FIRST), layout)
        except sheet.Damaged:
            return None
    return header.find(opening.head, layout)


def rows(data: bytes, at: Span, head: Header, limits: Limits) -> Iterator[Row]:
    """The rows of a stretch of a text, or of a whole workbook."""
    if sheet.is_workbook(data):
        return sheet.rows(data, head)
    plain = text.at_once(data, at.offset, at.line, head, limits.item_bytes)
    if plain is not None:
        return iter(plain)
    return text.rows(lines(BytesIO(data), at.offset, at.line, limits.item_bytes), head)


def groups(data: bytes, at: Span, head: Header, layout: Layout, limits: Limits) -> list[Group]:
    """The items of a stretch from the one that begins at its line on."""
    found = grouped(rows(data, at, head, limits), Keys(layout, head))
    return [group for group in found if group.first.line >= at.line]
