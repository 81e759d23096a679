"""The goods of a message: the element with several elements of goods, which repeats or is called so."""

from collections.abc import Iterator

from gateway.workbench.propose.cells import ROW
from gateway.workbench.propose.names import best
from gateway.workbench.propose.parties import holds_main, is_party
from gateway.workbench.propose.scoring import LIKELY, SURE, weigh
from gateway.workbench.propose.spelling import Path, spellings
from gateway.workbench.propose.survey import Element
from gateway.workbench.propose.synonyms import spelt, terms
from gateway.workbench.propose.targets import Target, targets


def are_rows(document: Element, path: Path) -> bool:
    """Whether these are rows of a table: the parcel's columns and the goods' side by side."""
    leaves = all(child.is_leaf for child in document.at(path).children)
    return leaves and len(path) == 1 and path[-1] == ROW and len(document.children) == 1


def goods(document: Element) -> Path | None:
    """The list of goods: several elements of goods below one element, which repeats or is called so."""
    some = targets("GoodsItem")
    names = terms()["Consignment", "goods_items"]

    def score(element: Element) -> tuple[float, int]:
        leaves = list(_once(element))
        met = {target.path for target in some if any(_fits(leaf, target, element.path) for leaf in leaves)}
        named = best((spelt(element.name),), names, ()).score
        share = len(met) / len(leaves) if leaves else 0.0
        found = len(met) * share ** (1 / 3) + element.repeats + (named if named >= LIKELY else 0.0)
        return (found if len(met) > 1 else 0.0, -len(element.path))

    found = [element for element in document.everything() if element.children and not holds_main(element)]
    top = max(found, key=score, default=None)
    return top.path if top is not None and score(top)[0] and not is_party(top) else None


def _once(element: Element) -> Iterator[Element]:
    """The leaves that stand once in it."""
    for child in element.children:
        if not child.repeats:
            if child.is_leaf:
                yield child
            yield from _once(child)


def _fits(leaf: Element, target: Target, block: Path) -> bool:
    return weigh(spellings(leaf.path, block), leaf.values, target, ()).score >= SURE
