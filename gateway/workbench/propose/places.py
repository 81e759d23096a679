"""Where things stand in an unknown message: one parcel, its goods, its parties, other parts of the model.

A place is found by its name, by its repeats and by how many leaves below it look like elements of the model.
"""

from collections.abc import Callable, Sequence

import msgspec

from gateway.workbench.propose.assign import best as best_total
from gateway.workbench.propose.goods import are_rows, goods
from gateway.workbench.propose.names import best
from gateway.workbench.propose.parties import Block, parties
from gateway.workbench.propose.scoring import LIKELY, SURE, weigh
from gateway.workbench.propose.spelling import Path, spellings
from gateway.workbench.propose.survey import Element
from gateway.workbench.propose.synonyms import spelt, terms
from gateway.workbench.propose.targets import Target, holders, targets


class Part(msgspec.Struct, frozen=True):
    """A part or a list of another record: documents, packages, the place of the goods."""

    path: str
    record: str


class Places(msgspec.Struct, frozen=True):
    """`unit`: the element of one parcel; `goods`: of one kind of goods, the unit's own for rows; `parties` by role."""

    unit: Path
    goods: Path | None
    parties: dict[Block, str]
    parts: dict[Path, Part] = {}

    @property
    def flat(self) -> bool:
        """Rows of cells: the goods' and the parcel's side by side."""
        return self.goods == self.unit


def find(document: Element) -> Places:
    listed = goods(document)
    flat = listed is not None and are_rows(document, listed)
    inner = None if flat else listed
    found = parties(document, inner)
    unit = listed if flat else _around(document, listed, [block.path for block in found])
    unit = _likely(document) if unit is None else unit
    aside = [block.path for block in found if not block.prefix]
    return Places(unit, listed, found, _parts(document.at(unit), inner, aside))


def _around(document: Element, listed: Path | None, around: Sequence[Path]) -> Path | None:
    """The innermost element around goods and parties; of several parcels under one sender, one parcel."""
    if listed is None:
        return None
    for end in range(len(listed)):
        within = [path for path in around if path[:end] == listed[:end]]
        if end and within and document.at(listed[:end]).repeats:
            return listed[:end]
    shared = listed[:-1]
    for path in around:
        while path[: len(shared)] != shared:
            shared = shared[:-1]
    return shared if around else None


def _likely(document: Element) -> Path:
    """Without goods or parties: most of what matters is below it, it repeats, it is called so."""
    everything = [*targets("Consignment"), *targets("GoodsItem"), *targets("Party")]
    matters = [leaf.path for leaf in document.leaves() if _met(leaf, everything)]
    names = terms()["Message", "consignments"]

    def score(element: Element) -> float:
        below = sum(path[: len(element.path)] == element.path for path in matters)
        share = below / len(matters) if matters else 0.0
        return 3 * share + 0.6 * best((spelt(element.name),), names, ()).score + 0.8 * element.repeats

    return _first(document, score)


def _first(document: Element, score: Callable[[Element], float]) -> Path:
    """The path of the best element that has children, the outermost of equals."""
    some = [element for element in document.everything() if element.children]
    return max(some, key=lambda element: (round(score(element), 6), -len(element.path))).path if some else ()


def _met(leaf: Element, some: Sequence[Target]) -> bool:
    names = spellings(leaf.path)
    return any(weigh(names, leaf.values, target, ()).score >= SURE for target in some)


def _parts(unit: Element, listed: Path | None, aside: Sequence[Path]) -> dict[Path, Part]:
    """Elements that are called as a part or a list of the parcel or of its goods; each of these once."""
    scores: dict[tuple[Path, str], float] = {}
    found: dict[tuple[Path, str], Part] = {}
    for element in unit.everything():
        if not element.children or element is unit or any(element.path[: len(path)] == path for path in aside):
            continue
        inside = listed is not None and element.path[: len(listed)] == listed
        if listed is not None and listed[: len(element.path)] == element.path:
            continue
        for name, info, some in holders("GoodsItem" if inside else "Consignment"):
            score = best((spelt(element.name),), some, ()).score
            path = f"goods_items.{name}" if inside else name
            if score >= LIKELY:
                scores[element.path, path] = score
                found[element.path, path] = Part(path, info)
    return {path: found[path, name] for path, name in best_total(scores).items()}
