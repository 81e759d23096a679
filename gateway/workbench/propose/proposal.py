"""From samples to rows: which element each leaf is, how sure that is, and what else it may be."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from gateway.mapping.codelist import CodeList
from gateway.workbench.propose import flat, names, shapes
from gateway.workbench.propose.arithmetic import Basis, bases
from gateway.workbench.propose.assign import best
from gateway.workbench.propose.beside import Beside, beside, carriers
from gateway.workbench.propose.codelists import KNOWN, covering
from gateway.workbench.propose.places import Path, Places, find, party_of, spellings
from gateway.workbench.propose.raw import Raw, Sample
from gateway.workbench.propose.scoring import SURE, WORTH, Weight, weigh
from gateway.workbench.propose.survey import Element, survey
from gateway.workbench.propose.synonyms import spelt
from gateway.workbench.propose.targets import Target, targets

GOODS = "goods_items"
Spellings = tuple[tuple[str, ...], ...]
CLEAR = 3  # one clear row is worth more than two doubtful ones
LINES = ("address.lines", "lines")
SLOTS = 3  # leaves that the lines of an address take
ORDER, ALONE = "order_numbers", "nothing else tells items apart"
ITEM = next(target for target in targets("Consignment") if target.path == "item_id")
AROUND = 0.95  # what stands around the parcel as a fact of it
ROWS = 0.98  # a column is of its row first
ELSEWHERE = 0.85  # a party's leaf as an element of the parcel
KEYWORDS = {"measure": "unit", "amount": "currency"}
FAR = 0.85  # an element that holds neither goods nor parties nor says what it is
SHOWN = 2  # other candidates of a row


class Choice(msgspec.Struct, frozen=True):
    """One element that a leaf may be: `scope` is `goods_items`, a role, or empty for the record's own."""

    scope: str
    target: Target
    weight: Weight
    evidence: str = ""

    @property
    def path(self) -> str:
        return f"{self.scope}.{self.target.path}" if self.scope else self.target.path


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
    choices = _Choices([sample.root for sample in samples], document, places, envelope=envelope)
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


class _Choices:
    """What each leaf may be, best first."""

    def __init__(self, documents: list[Raw], document: Element, places: Places, *, envelope: bool) -> None:
        self.document, self.places, self.envelope = document, places, envelope
        self.varying = self._varying(documents) if places.flat else frozenset()
        self.bases = self._bases(documents)

    def of(self, leaf: Element) -> Iterator[Choice]:
        found: dict[str, Choice] = {}
        for choice in self._every(leaf):
            if choice.weight.score > found.get(choice.path, _NONE).weight.score:
                found[choice.path] = choice
        worth = (choice for choice in found.values() if choice.weight.score >= WORTH)
        yield from sorted(worth, key=lambda choice: (-choice.weight.score, choice.path))

    def _every(self, leaf: Element) -> Iterator[Choice]:
        goods = self.places.goods
        part = max((path for path in self.places.parts if leaf.path[: len(path)] == path), key=len, default=None)
        if part is not None:
            place = self.places.parts[part]
            yield from _weighed(leaf, place.path, place.record, spellings(leaf.path, part), _NO_FILLERS)
            return
        if goods is not None and not self.places.flat and leaf.path[: len(goods)] == goods:
            yield from self._in_goods(leaf, goods)
            return
        party = party_of(leaf.path, self.places.parties)
        if party is not None:
            yield from _weighed(leaf, party[0], "Party", party[1], names.PARTY)
        elif self.places.flat:
            yield from self._in_goods(leaf, self.places.unit)
        unit = self.places.unit
        inside = leaf.path[: len(unit)] == unit
        if leaf.path not in self.varying and not self._repeats(leaf):
            factor = ELSEWHERE if party is not None else FAR ** self._strange(leaf)
            factor *= ROWS if self.places.flat else 1.0
            named = spellings(leaf.path, unit if inside else ())
            yield from _weighed(leaf, "", "Consignment", named, names.UNIT, factor if inside else factor * AROUND)
        if not inside and self.envelope and party is None:
            yield from _weighed(leaf, "", "Message", spellings(leaf.path), names.ENVELOPE)

    def _in_goods(self, leaf: Element, goods: Path) -> Iterator[Choice]:
        basis = self.bases.get(leaf.path)
        for choice in _weighed(leaf, GOODS, "GoodsItem", spellings(leaf.path, goods), names.GOODS):
            effect = basis.effect(choice.target.path) if basis else 0.0
            if basis and effect:
                weight = msgspec.structs.replace(choice.weight, score=min(1.0, max(0.0, choice.weight.score + effect)))
                yield msgspec.structs.replace(choice, weight=weight, evidence=basis.evidence)
            else:
                yield choice

    def _repeats(self, leaf: Element) -> bool:
        """Whether an element around the leaf, and not around the unit, stands several times: it is of no one parcel."""
        unit = self.places.unit
        ends = (end for end in range(1, len(leaf.path)) if leaf.path[:end] != unit[:end])
        return any(self.document.at(leaf.path[:end]).repeats for end in ends)

    def _strange(self, leaf: Element) -> int:
        """How many elements between the unit and the leaf are about something else."""
        known = [*(block.path for block in self.places.parties), self.places.goods or (), self.places.unit]
        ends = range(1, len(leaf.path))
        inner = [leaf.path[:end] for end in ends if not any(path[:end] == leaf.path[:end] for path in known)]
        return sum(not set(spelt(path[-1])) <= names.UNIT | names.GENERIC for path in inner)

    def _kind(self, leaf: Element) -> str:
        """An amount or a measure by its name."""
        spelling = spellings(leaf.path, self.places.unit)
        some = [*targets("GoodsItem"), *targets("Consignment")]
        found = max(some, key=lambda target: weigh(spelling, leaf.values, target, names.GOODS | names.UNIT).score)
        return found.kind

    def _bases(self, documents: list[Raw]) -> dict[Path, Basis]:
        goods = self.places.goods
        if goods is None:
            return {}
        numbers = (leaf for leaf in self.document.at(self.places.unit).leaves() if "number" in shapes.of(leaf.values))
        kinds = {leaf.path: self._kind(leaf) for leaf in numbers}
        below = [leaf for leaf in self.document.at(goods).leaves() if leaf.path != goods]
        scored = [(self._quantity(leaf, goods), leaf.path) for leaf in below]
        quantities = [path for score, path in scored if score >= SURE]
        return bases(documents, self.places.unit, goods, quantities, kinds)

    def _varying(self, documents: list[Raw]) -> frozenset[Path]:
        unit = self.places.unit
        parcel = flat.key(self.document.at(unit))
        rows = (row for document in documents for row in document.below(unit))
        return flat.varying(rows, parcel) if parcel else frozenset()

    def _quantity(self, leaf: Element, goods: Path) -> float:
        found = _weighed(leaf, GOODS, "GoodsItem", spellings(leaf.path, goods), names.GOODS)
        return max((choice.weight.score for choice in found if choice.target.path == "quantity"), default=0.0)


_NO_FILLERS: frozenset[str] = frozenset()
_NONE = Choice("", Target("", "", "text", "", many=False, terms=()), Weight(-1.0))


def _weighed(
    leaf: Element, scope: str, record: str, named: Spellings, fillers: frozenset[str], factor: float = 1.0
) -> Iterator[Choice]:
    for target in targets(record):
        weight = weigh(named, leaf.values, target, fillers)
        if weight.score:
            yield Choice(scope, target, msgspec.structs.replace(weight, score=weight.score * factor))
