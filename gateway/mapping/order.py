"""The order of rows as their grammar has it: lint compares with it, the formatter sorts by it.

Elements of one name that predicates tell apart stand one after the other, each with all that is in it.
"""

from bisect import bisect_right
from collections.abc import Sequence

from gateway.mapping.grammar import Node
from gateway.mapping.paths import MessagePath, PathError, message_key
from gateway.mapping.table import Line

Rank = tuple[tuple[int, int], ...]  # a step each: the grammar's order, and which of the elements of that name


class Order:
    """Ranks of the rows of one block whose element is `here`; paths from `/` begin at the document."""

    def __init__(self, here: Node | None, document: Node | None) -> None:
        self.here, self.document = here, document
        self.known: dict[tuple[Rank, str], int] = {}

    def rank(self, line: Line) -> Rank:
        """Where a row belongs; nothing where the grammar does not say."""
        path = _first(line)
        here = self._from(path)
        rank: Rank = ()
        for step in path.steps[self._skipped(path) :] if path else ():
            here = here.children.get(_local(step.name)) if here else None
            if here is None:
                return ()
            which = self.known.setdefault((rank, step.text()), len(self.known))
            rank = (*rank, (here.order, which))
        return rank

    def node(self, line: Line) -> Node | None:
        """The grammar's node of a row's element."""
        path = _first(line)
        here = self._from(path)
        return here.find([_local(step.name) for step in path.steps[self._skipped(path) :]]) if path and here else None

    def _from(self, path: MessagePath | None) -> Node | None:
        if path is None or path.up:
            return None
        return self.document if path.absolute else self.here

    def _skipped(self, path: MessagePath | None) -> int:
        """The document's own name at the beginning of a path from `/`."""
        named = path is not None and path.absolute and self.document is not None and bool(path.steps)
        return int(bool(named and path and self.document and _local(path.steps[0].name) == self.document.name))


def in_order(ranks: Sequence[Rank]) -> set[int]:
    """The places of as many ranks as possible that are in order as they stand (longest such chain).

    >>> sorted(in_order([((1, 0),), ((9, 0),), ((2, 0),), ((3, 0),)]))
    [0, 2, 3]
    """
    ends: list[int] = []  # the last place of the best chain of each length
    before: list[int] = []
    for at, rank in enumerate(ranks):
        length = bisect_right([ranks[end] for end in ends], rank)
        before.append(ends[length - 1] if length else -1)
        ends[length : length + 1] = [at]
    chain, here = set(), ends[-1] if ends else -1
    while here >= 0:
        chain.add(here)
        here = before[here]
    return chain


def _first(line: Line) -> MessagePath | None:
    """A row of several elements stands where its first one does."""
    try:
        return message_key(line.key)[0][0]
    except PathError:
        return None


def _local(name: str) -> str:
    return name.rpartition(":")[2]
