"""One row as it was read: its place in the file and its cells, or what is wrong with it."""

import msgspec

from gateway.mapping.protocols import Span

Cells = list[str]


class Row(msgspec.Struct, gc=False):
    """`line` is the row's number in the file (of a sheet: its row). `code` says what is wrong with it as a whole.

    `cells` are as many as the header has columns; of a broken row those that could be made out. `assumed` says that the
    bytes were read in another encoding than they should have, `numbers` which cells of a sheet were numbers.
    """

    offset: int
    length: int
    line: int
    cells: Cells
    code: str = ""
    assumed: bool = False
    numbers: frozenset[int] = frozenset()

    @property
    def end(self) -> int:
        return self.offset + self.length

    @property
    def span(self) -> Span:
        return Span(self.offset, self.length, self.line)

    @property
    def blank(self) -> bool:
        return not self.code and not any(cell and not cell.isspace() for cell in self.cells)
