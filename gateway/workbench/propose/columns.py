"""The rows of a table for rows of cells: the parcel's columns, then what each row says of its goods."""

from collections.abc import Iterator

from gateway.workbench.propose.choices import GOODS
from gateway.workbench.propose.evidence import why
from gateway.workbench.propose.lines import Written, flow, joined
from gateway.workbench.propose.proposal import LINES, Proposal, Row
from gateway.workbench.propose.sides import listed, words_of


def lines(proposal: Proposal) -> Iterator[Written]:
    goods = [row for row in proposal.rows if row.choice and row.choice.scope.partition(".")[0] == GOODS]
    yield from joined(_line(row, 1) for row in proposal.rows if row not in goods)
    if goods:
        sure = any(row.sure for row in goods)
        yield Written(1, ".", sure=sure)
        yield Written(2, "is", GOODS, sure=sure)
        yield Written(2, "fields", sure=sure)
        yield from (_line(row, 3) for row in goods)


def _line(row: Row, depth: int) -> Written:
    if row.choice is None:
        return Written(depth, row.leaf.name, "", why(row), sure=False)
    words = words_of(row, row.choice, GOODS if row.choice.scope == GOODS else "")
    if row.choice.target.path in LINES:
        words["as"] = "one-line"
    return Written(depth, row.leaf.name, flow(words), why(row), sure=row.sure, listed=listed(row, (), words))
