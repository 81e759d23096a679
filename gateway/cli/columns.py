r"""Cells in columns, as wide as a terminal shows them.

>>> print("\n".join(columns([("a", "bb"), ("漢字", "")], head=("x", "y"))))
x     y
a     bb
漢字
"""

from collections.abc import Iterator, Sequence

from gateway.cli.tree import width


def columns(rows: Sequence[Sequence[str]], head: Sequence[str] = ()) -> Iterator[str]:
    """Each row as a line; columns that are empty in all rows are left out."""
    used = [at for at in range(max(map(len, rows), default=0)) if any(row[at] for row in rows if at < len(row))]
    table = [tuple(row[at] if at < len(row) else "" for at in used) for row in ([head, *rows] if head else rows)]
    wide = [max(map(width, cells)) for cells in zip(*table, strict=True)]
    for cells in table:
        yield "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(cells, wide, strict=True)).rstrip()
