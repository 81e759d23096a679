r"""Paths with their cells as an indented tree: each step said once, cells in columns.

>>> print("\n".join(tree([("a/b", "1", "x"), ("a/c/d", "22", "y")])))
a
  b    1   x
  c
    d  22  y
"""

import unicodedata
from collections.abc import Iterator, Sequence


def tree(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """The first cell of a row is its path, steps parted by `/`."""
    table = list(_indented(rows))
    widths = [max(map(width, column)) for column in zip(*(cells for cells in table if len(cells) > 1), strict=True)]
    for cells in table:
        yield "  ".join(_padded(cell, size) for cell, size in zip(cells, widths, strict=False)).rstrip()


def _indented(rows: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Rows with only their last step; steps above that are new get a row of their own."""
    above: list[str] = []
    for path, *cells in rows:
        *steps, last = path.strip("/").split("/")
        same = next((at for at, pair in enumerate(zip(steps, above, strict=False)) if pair[0] != pair[1]), None)
        known = min(len(steps), len(above)) if same is None else same
        for depth, step in enumerate(steps[known:], known):
            yield ("  " * depth + step,)
        above = [*steps, last]
        yield ("  " * len(steps) + last, *cells)


def _padded(text: str, size: int) -> str:
    return text + " " * (size - width(text))


def width(text: str) -> int:
    """Columns on a terminal: wide East Asian characters take two, combining ones none."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)
