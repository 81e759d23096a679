"""The order of rows as their grammar has it: lint compares with it, the formatter sorts by it.

Elements of one name that predicates tell apart stand one after the other, each with all that is in it.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from gateway.mapping.grammar import Node
from gateway.mapping.paths import PathError, message_key
from gateway.mapping.plan import Plan, Ref
from gateway.mapping.table import Line

Rank = tuple[tuple[int, int], ...]  # a step each: the grammar's order, and which of the elements of that name
Filled = Mapping[tuple[int, str], AbstractSet[Ref]]


class Order:
    """Ranks of the rows of one block whose element is `here`; paths from `/` begin at the document."""

    def __init__(self, here: Node | None, document: Node | None) -> None:
        self.here, self.document = here, document
        self.known: dict[tuple[Rank, str], int] = {}

    def rank(self, line: Line) -> Rank:
        """Where a row belongs; nothing where the grammar does not say."""
        here, names = self._way(line)
        rank: Rank = ()
        for name, text in names:
            here = here.children.get(name) if here else None
            if here is None:
                return ()
            which = self.known.setdefault((rank, text), len(self.known))
            rank = (*rank, (here.order, which))
        return rank

    def node(self, line: Line) -> Node | None:
        """The grammar's node of a row's element."""
        here, names = self._way(line)
        return here.find([name for name, _ in names]) if here else None

    def _way(self, line: Line) -> tuple[Node | None, list[tuple[str, str]]]:
        """Where a row's (first) path begins, and its steps by local name and as written; nowhere where it leads out."""
        try:
            path = message_key(line.key)[0][0]
        except PathError:
            return None, []
        names = [(step.name.rpartition(":")[2], step.text()) for step in path.steps]
        if path.up:
            return None, []
        if not path.absolute:
            return self.here, names
        named = self.document is not None and names and names[0][0] == self.document.name
        return self.document, names[1:] if named else names


def filled(plan: Plan, file: str) -> Filled:
    """The fields that the rows of a file fill, themselves or by their code list, by line and key of the row."""
    found: dict[tuple[int, str], set[Ref]] = defaultdict(set)
    for value in plan.values:
        if value.row.file == file:
            found[value.row.line, value.key].update(ref for ref in (*value.refs[:1], *value.along) if ref is not None)
    return found


def overruling(ranks: Sequence[Rank], fields: Sequence[AbstractSet[Ref]]) -> list[Rank]:
    """The ranks, but of a row that overrules a later one (the first of two for one field is read) the other's."""
    return [
        min((rank, *(other for other, theirs in zip(ranks[at:], fields[at:], strict=True) if mine & theirs)))
        for at, (rank, mine) in enumerate(zip(ranks, fields, strict=True))
    ]


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
