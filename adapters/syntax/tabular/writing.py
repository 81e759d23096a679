"""Items as CSV (RFC 4180): one header, a row for each entry of the list that walks the rows.

What is said of the item stands in each of its rows. The column that opens pieces is counted: 1 where a piece is first
seen, 0 where a row goes on with it. A text that a spreadsheet would take for a formula is written with an apostrophe
in front of it, which spreadsheets show as text (OWASP, CSV Injection); when such a file is read, the apostrophe goes.
"""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from adapters.syntax.tabular.cells import guarded
from adapters.syntax.tabular.layout import Layout, layout
from gateway.mapping.body import Body
from gateway.mapping.plan import Plan


def written(body: Body, plan: Plan) -> str:
    """One item as a file of its own: the header and its rows."""
    kept = layout(plan)
    whole = {child.tag: child.text or "" for child in body.children if child.tag != kept.row}
    lines = [{cell.tag: cell.text or "" for cell in row.children} for row in body.children if row.tag == kept.row]
    rows = [whole | line for line in lines or [{}]]
    for row, opens in zip(rows, _opened(rows, kept), strict=True):
        row.update(opens)
    return _header(kept) + _text([guarded(row.get(name, "")) for name in kept.columns] for row in rows)


def frame(units: Iterable[str], plan: Plan) -> Iterator[bytes]:
    """The header, then the rows of every item: files of one item as one."""
    header = _header(layout(plan))
    yield header.encode()
    for unit in units:
        yield unit.removeprefix(header).encode()


def _header(kept: Layout) -> str:
    return _text([list(kept.columns)])


def _opened(rows: list[dict[str, str]], kept: Layout) -> Iterator[dict[str, str]]:
    """Whether each row opens a piece."""
    seen: set[str] = set()
    for row in rows:
        if kept.opens is None:
            yield {}
            continue
        piece = row.get(kept.opens.by, "")
        yield {kept.opens.name: "0" if piece in seen else "1"}
        seen.add(piece)


def _text(rows: Iterable[list[str]]) -> str:
    out = StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()
