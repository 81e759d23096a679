"""Which tables fit a file: by the names of its columns.

Of a text the head shows the header. A workbook may be longer than the head: then its type alone is seen, and every
table of rows is a candidate, the one whose columns are found when it is opened is the right one.
"""

from adapters.syntax.tabular import header, sheet
from adapters.syntax.tabular.header import Header
from adapters.syntax.tabular.layout import Layout, layout
from gateway.mapping.plan import Plan


def recognise(head: bytes, plans: tuple[Plan, ...]) -> tuple[Plan, ...]:
    """The plans whose header is there, the one that knows most of it first."""
    ranked: list[tuple[tuple[int, int], Plan]] = []
    for plan in plans:
        found = _header(head, layout(plan))
        if found is not None and not found.missing:
            ranked.append(((len(found.at), -len(found.strange)), plan))
    return tuple(plan for _, plan in sorted(ranked, key=lambda pair: pair[0], reverse=True))


def _header(head: bytes, kept: Layout) -> Header | None:
    if not sheet.is_workbook(head):
        return header.find(head, kept)
    try:
        return header.among(sheet.first_rows(head, header.FIRST), kept)
    except sheet.Damaged:  # the head is not the whole file
        return Header({}, 0, 0) if sheet.SHEETS in head else None
