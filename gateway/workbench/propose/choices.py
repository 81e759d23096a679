"""What each leaf may be: elements of the parcel, of its goods, of its parties, by where the leaf stands."""

from collections.abc import Iterator

import msgspec

from gateway.workbench.propose import flat, names, shapes
from gateway.workbench.propose.arithmetic import Basis, bases
from gateway.workbench.propose.parties import party_of
from gateway.workbench.propose.places import Places
from gateway.workbench.propose.raw import Raw
from gateway.workbench.propose.scoring import SURE, WORTH, Weight, weigh
from gateway.workbench.propose.spelling import Path, Spellings, spellings
from gateway.workbench.propose.survey import Element
from gateway.workbench.propose.synonyms import spelt
from gateway.workbench.propose.targets import Target, targets

GOODS = "goods_items"
AROUND = 0.95  # what stands around the parcel as a fact of it
ROWS = 0.98  # a column is of its row first
ELSEWHERE = 0.85  # a party's leaf as an element of the parcel
FAR = 0.85  # an element that holds neither goods nor parties nor says what it is


class Choice(msgspec.Struct, frozen=True):
    """One element that a leaf may be: `scope` is `goods_items`, a role, or empty for the record's own."""

    scope: str
    target: Target
    weight: Weight
    evidence: str = ""

    @property
    def path(self) -> str:
        return f"{self.scope}.{self.target.path}" if self.scope else self.target.path


class Choices:
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
