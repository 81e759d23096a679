"""The rows of a table for trees: a block for each party that is an element of its own, for goods and other parts."""

from collections.abc import Iterator, Sequence

from gateway.workbench.propose.beside import relative
from gateway.workbench.propose.choices import GOODS
from gateway.workbench.propose.evidence import why
from gateway.workbench.propose.head import CONSIGNMENT, envelope, nameable
from gateway.workbench.propose.lines import Written, flow, joined
from gateway.workbench.propose.proposal import Proposal, Row
from gateway.workbench.propose.sides import listed, words_of
from gateway.workbench.propose.spelling import Path

MESSAGE = "Message"


class Blocks:
    """One proposal's lines."""

    def __init__(self, proposal: Proposal, record: str) -> None:
        self.proposal, self.record = proposal, record
        self.unit = proposal.places.unit
        self.blocks: dict[Path, str] = {b.path: role for b, role in proposal.places.parties.items() if not b.prefix}
        if proposal.places.goods is not None:
            self.blocks[proposal.places.goods] = GOODS
        self.blocks |= {path: part.path for path, part in proposal.places.parts.items()}

    def lines(self) -> Iterator[Written]:
        outer = [row for row in self.proposal.rows if row.leaf.path[: len(self.unit)] != self.unit]
        inner = [row for row in self.proposal.rows if row.leaf.path[: len(self.unit)] == self.unit]
        if self.record == CONSIGNMENT:
            yield from self.level(outer, self.unit, "", 1)
            yield from self.level(inner, self.unit, "", 1)
            return
        root = envelope(self.proposal)
        outside = [row for row in outer if row.choice is None or row.choice.target.record == MESSAGE]
        yield from self.level(outside, root, "", 1)
        yield Written(1, self.key(root, self.unit))
        yield Written(2, "is", "consignments")
        yield Written(2, "fields")
        around = [row for row in outer if row not in outside]
        yield from (self.row(row, self.unit, "", 3, only="read") for row in around)
        yield from self.level(inner, self.unit, "", 3)

    def level(self, rows: Sequence[Row], here: Path, scope: str, depth: int) -> Iterator[Written]:
        """The rows of one block; those of an inner block stay together where its first one stands."""
        yield from joined(self.apart(rows, here, scope, depth))

    def apart(self, rows: Sequence[Row], here: Path, scope: str, depth: int) -> Iterator[Written]:
        done: set[Path] = set()
        for row in rows:
            inner = (path for path in self.blocks if _inside(row, path) and path != here[: len(path)])
            block = min(inner, key=len, default=None)
            if block is None:
                yield self.row(row, here, scope, depth)
            elif block not in done:
                done.add(block)
                yield from self.block([row for row in rows if _inside(row, block)], here, scope, block, depth)

    def block(self, rows: Sequence[Row], here: Path, scope: str, path: Path, depth: int) -> Iterator[Written]:
        lines = list(self.level(rows, path, self.blocks[path], depth + 2))
        sure = any(line.sure for line in lines)
        yield Written(depth, self.key(here, path), sure=sure)
        yield Written(depth + 1, "is", self.blocks[path].removeprefix(f"{scope}." if scope else ""), sure=sure)
        if self.nested(path):
            yield Written(depth + 1, "only", "read", "two elements that repeat: cannot be written", sure=sure)
        yield Written(depth + 1, "fields", sure=sure)
        yield from lines

    def nested(self, path: Path) -> bool:
        """Whether a list stands in an element that repeats and is no block itself."""
        ends = (end for end in range(len(self.unit) + 1, len(path)) if path[:end] not in self.blocks)
        return any(self.proposal.document.at(path[:end]).repeats for end in ends)

    def row(self, row: Row, here: Path, scope: str, depth: int, only: str = "") -> Written:
        key = self.key(here, row.leaf.path)
        if row.choice is None:
            return Written(depth, key, "", why(row), sure=False)
        words = words_of(row, row.choice, scope)
        if row.beside and row.beside.path and scope == GOODS and not _inside_path(row.beside.path, here):
            only = "read"
        if only:  # the same for every entry of the list: it cannot be written back
            words["only"] = only
        sure = row.sure and nameable(row.leaf.path)
        return Written(depth, key, flow(words), why(row), sure=sure, listed=listed(row, here, words) if sure else None)

    def key(self, here: Path, path: Path) -> str:
        if path[: len(here)] == here:
            return "/".join(path[len(here) :]) or "."
        if self.proposal.sample.syntax == "xml":
            return "/" + "/".join((self.proposal.sample.root.name, *path))
        return relative(here, path)


def _inside(row: Row, block: Path) -> bool:
    return _inside_path(row.leaf.path, block)


def _inside_path(path: Path, block: Path) -> bool:
    return path[: len(block)] == block
