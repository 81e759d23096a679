"""The best total: every leaf at most one element, every element at most one leaf.

The assignment problem, solved by shortest augmenting paths (Hungarian method; Kuhn 1955, Munkres 1957).

>>> best({("a", "x"): 0.9, ("a", "y"): 0.8, ("b", "x"): 0.8})
{'a': 'y', 'b': 'x'}
"""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Left = TypeVar("Left", bound=Hashable)
Right = TypeVar("Right", bound=Hashable)
_NEVER = float("inf")


def best(scores: Mapping[tuple[Left, Right], float]) -> dict[Left, Right]:
    """The pairs with the greatest sum of scores, in the order of the left sides; what has no score stays alone."""
    lefts = list(dict.fromkeys(left for left, _ in scores))
    rights: list[Right] = list(dict.fromkeys(right for _, right in scores))
    costs = [[-scores.get((left, right), 0.0) for right in rights] + [0.0] * len(lefts) for left in lefts]
    found = {lefts[row]: column for column, row in _matched(costs).items()}
    pairs = ((left, found[left]) for left in lefts if found[left] < len(rights))
    return {left: rights[column] for left, column in pairs if (left, rights[column]) in scores}


def _matched(costs: list[list[float]]) -> dict[int, int]:
    """Column by row of the cheapest whole assignment; there are at least as many columns as rows."""
    width = len(costs[0]) if costs else 0
    of_row, of_column = [0.0] * (len(costs) + 1), [0.0] * (width + 1)  # potentials
    owner = [0] * (width + 1)  # the row of each column, from 1; column 0 is where a search begins
    for row in range(1, len(costs) + 1):
        owner[0] = row
        slack, came = [_NEVER] * (width + 1), [0] * (width + 1)
        seen, column = [False] * (width + 1), 0
        while owner[column]:
            seen[column] = True
            here, least, ahead = owner[column], _NEVER, 0
            for j in range(1, width + 1):
                if not seen[j]:
                    cost = costs[here - 1][j - 1] - of_row[here] - of_column[j]
                    if cost < slack[j]:
                        slack[j], came[j] = cost, column
                    if slack[j] < least:
                        least, ahead = slack[j], j
            for j in range(width + 1):
                if seen[j]:
                    of_row[owner[j]] += least
                    of_column[j] -= least
                else:
                    slack[j] -= least
            column = ahead
        while column:
            owner[column], column = owner[came[column]], came[column]
    return {column - 1: row - 1 for column, row in enumerate(owner) if column and row}
