"""Lines of a table in the making: what stands left and right, why, in columns."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gateway.workbench.propose.quoting import quoted
from gateway.workbench.propose.spelling import Path

WIDEST_LEFT, WIDEST = 44, 90


class Written(msgspec.Struct, frozen=True):
    """One line of a table: what stands left and right, why, and whether it counts."""

    depth: int
    key: str
    said: str = ""
    why: str = ""
    sure: bool = True
    listed: tuple[Path, str] | None = None  # the block and the list of lines that it is a line of

    def left(self) -> str:
        return "  " * self.depth + ("" if self.sure else "# ") + quoted(self.key) + ":"


def flow(words: dict[str, str]) -> str:
    if len(words) == 1:
        return quoted(words["is"])
    return "{" + ", ".join(f"{word}: {quoted(said)}" for word, said in words.items()) + "}"


def joined(lines: Iterable[Written]) -> Iterator[Written]:
    """Lines of one address that stand in elements of their own make one row: `line1 + line2`."""
    every = list(lines)
    for line in every:
        same = [other for other in every if other.listed and other.listed == line.listed]
        if len(same) < 2:
            yield line
        elif same[0] is line:
            key = " + ".join(other.key for other in same)
            words = {"is": same[0].listed[1] if same[0].listed else "", "as": "lines"}
            yield Written(line.depth, key, flow(words), line.why, sure=line.sure)


def aligned(lines: Sequence[Written]) -> Iterator[str]:
    """Right sides and comments in columns."""
    lefts = [line.left() for line in lines]
    wide = min(WIDEST_LEFT, max((len(left) for left, one in zip(lefts, lines, strict=True) if one.said), default=0))
    rows = [f"{left:<{wide}} {line.said}" if line.said else left for left, line in zip(lefts, lines, strict=True)]
    column = min(WIDEST, max((len(row) for row, line in zip(rows, lines, strict=True) if line.why), default=0))
    return (f"{row:<{column}}  # {line.why}" if line.why else row for row, line in zip(rows, lines, strict=True))
