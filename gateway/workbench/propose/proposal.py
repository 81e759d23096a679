"""From samples to rows: which element each leaf is, how sure that is, and what else it may be."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from gateway.mapping.codelist import CodeList
from gateway.workbench.propose.assign import best
from gateway.workbench.propose.beside import Beside, beside, carriers
from gateway.workbench.propose.choices import Choice, Choices
from gateway.workbench.propose.codelists import KNOWN, covering
from gateway.workbench.propose.places import Places, find
from gateway.workbench.propose.raw import Sample
from gateway.workbench.propose.scoring import SURE
from gateway.workbench.propose.spelling import Path
from gateway.workbench.propose.survey import Element, survey
from gateway.workbench.propose.targets import targets

CLEAR = 3  # one clear row is worth more than two doubtful ones
LINES = ("address.lines", "lines")
SLOTS = 3  # leaves that the lines of an address take
ORDER, ALONE = "order_numbers", "nothing else tells items apart"
ITEM = next(target for target in targets("Consignment") if target.path == "item_id")
KEYWORDS = {"measure": "unit", "amount": "currency"}
SHOWN = 2  # other candidates of a row


class Row(msgspec.Struct, frozen=True):
    """One leaf with its element, if any, and the next best ones; `carries` the currency or unit of other leaves."""

    leaf: Element
    choice: Choice | None
    others: tuple[Choice, ...]
    beside: Beside | None = None
    carries: str = ""
    codes: str = ""

    @property
    def sure(self) -> bool:
        if self.choice is None or self.choice.weight.score < SURE:
            return False
        return self.choice.target.kind != "amount" or self.beside is not None


class Proposal(msgspec.Struct, frozen=True):
    """All rows in order of the message."""

    sample: Sample
    document: Element
    places: Places
    rows: tuple[Row, ...]


def propose(samples: Sequence[Sample], *, envelope: bool = False, lists: Sequence[CodeList] = ()) -> Proposal:
    """The best table for messages like these; with `envelope`, what stands around the parcels too.

    `lists` are the code lists at hand.
    """
    document = survey([sample.root for sample in samples])
    places = find(document)
    leaves = [leaf for leaf in document.leaves() if leaf.path]
    choices = Choices([sample.root for sample in samples], document, places, envelope=envelope)
    options = {leaf.path: tuple(choices.of(leaf)) for leaf in leaves}
    taken = _assigned(options)
    carrying = {kind: carriers(kind, leaves) for kind in KEYWORDS}
    carried = {leaf.path: keyword for kind, keyword in KEYWORDS.items() for leaf in carrying[kind]}
    rows = [_row(leaf, taken.get(leaf.path), options[leaf.path], carrying, carried) for leaf in leaves]
    return Proposal(samples[0], document, places, tuple(_coded(row, document, lists) for row in _identified(rows)))


def _identified(rows: Sequence[Row]) -> Iterator[Row]:
    """Where nothing is the number of the item, the surest number of its order is: items must be told apart."""
    sure = [row for row in rows if row.sure and row.choice]
    numbers = [row for row in sure if row.choice and row.choice.path == ORDER]
    if not numbers or any(row.choice and row.choice.path == ITEM.path for row in sure):
        yield from rows
        return
    top = max(numbers, key=lambda row: row.choice.weight.score if row.choice else 0.0)
    for row in rows:
        if row is top and row.choice:
            yield msgspec.structs.replace(row, choice=Choice("", ITEM, row.choice.weight, ALONE))
        else:
            yield row


def _coded(row: Row, document: Element, lists: Sequence[CodeList]) -> Row:
    """With the code list that its values, or the units beside it, need."""
    if row.choice is None:
        return row
    if row.beside is not None and row.beside.path and row.beside.keyword in KNOWN:
        values, wants = document.at(row.beside.path).values, row.beside.keyword
    else:
        values, wants = row.leaf.values, row.choice.target.wants
    found = covering(values, KNOWN[wants], lists) if wants in KNOWN else ""
    return msgspec.structs.replace(row, codes=found)


def _row(
    leaf: Element,
    choice: Choice | None,
    options: tuple[Choice, ...],
    carrying: Mapping[str, Sequence[Element]],
    carried: Mapping[Path, str],
) -> Row:
    others = tuple(option for option in options if choice is None or option.path != choice.path)[:SHOWN]
    if choice is None or (leaf.path in carried and choice.weight.score < SURE):
        return Row(leaf, None, others, carries=carried.get(leaf.path, ""))
    kind = choice.target.kind
    return Row(leaf, choice, others, beside(leaf, kind, carrying.get(kind, ())))


def _assigned(options: Mapping[Path, Sequence[Choice]]) -> dict[Path, Choice]:
    """The best total: no element twice in one scope; a list takes several leaves, in their order."""
    scores: dict[tuple[Path, tuple[str, int]], float] = {}
    by_slot: dict[tuple[Path, tuple[str, int]], Choice] = {}
    for path, some in options.items():
        for option in some:
            for slot in range(SLOTS if option.target.path in LINES else 1):
                scores[path, (option.path, slot)] = option.weight.score**CLEAR - 0.001 * slot
                by_slot[path, (option.path, slot)] = option
    return {path: by_slot[path, slot] for path, slot in best(scores).items()}
