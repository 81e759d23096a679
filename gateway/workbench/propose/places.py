"""Where things stand in an unknown message: one parcel, its goods, its parties.

A place is found by its name, by its repeats and by how many leaves below it look like elements of the model.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from gateway.workbench.propose.assign import best as best_total
from gateway.workbench.propose.names import GENERIC, PARTY, best, fit
from gateway.workbench.propose.scoring import SURE, weigh
from gateway.workbench.propose.survey import Element
from gateway.workbench.propose.synonyms import spelt, terms
from gateway.workbench.propose.targets import Target, roles, targets

Path = tuple[str, ...]
LIKELY = 0.75  # of a name
WANTED = 0.3  # more for the sender and the addressee: without them there is no parcel
FULL_PARTY = 3  # leaves that a whole party has at least


class Block(msgspec.Struct, frozen=True):
    """A party: an element of its own, or, with `prefix`, the columns that begin with its words."""

    path: Path
    prefix: tuple[str, ...] = ()


class Places(msgspec.Struct, frozen=True):
    """`unit`: the element of one parcel; `goods`: of one kind of goods, the unit's own for rows; `parties` by role."""

    unit: Path
    goods: Path | None
    parties: dict[Block, str]


def find(document: Element) -> Places:
    unit = _unit(document)
    goods = _goods(document.at(unit))
    return Places(unit, goods, _parties(document, goods if goods != unit else None))


def spellings(path: Path, block: Path = ()) -> tuple[tuple[str, ...], ...]:
    """The names of a leaf: its own, and with the element around it; a name that says nothing goes with that only."""
    inner = path[len(block) :]
    own = spelt(inner[-1]) if inner else spelt(path[-1])
    around = spelt(inner[-2]) if len(inner) > 1 else ()
    plain = (own,) if not around or not set(own) <= GENERIC else ()
    return (*plain, *((around + own,) if around else ()), *((around,) if around and not plain else ()))


def party_of(path: Path, parties: Mapping[Block, str]) -> tuple[str, tuple[tuple[str, ...], ...]] | None:
    """The role of the party that a leaf belongs to, and the leaf's names within it.

    The party is the nearest element, else what the name begins with, also where the party itself stands elsewhere.
    """
    around = [block for block in parties if not block.prefix and path[: len(block.path)] == block.path]
    if around:
        block = max(around, key=lambda block: len(block.path))
        return parties[block], spellings(path, block.path)
    own = spelt(path[-1])
    named = [(role, term.words) for role in parties.values() for term in roles()[role] if _begins(own, term.words)]
    if not named:
        return None
    role, prefix = max(named, key=lambda found: len(found[1]))
    return role, (own[len(prefix) :],)


# the unit


def _unit(document: Element) -> Path:
    """The element of one parcel: most of what matters is below it, it repeats, it is called so."""
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
    holders = [element for element in document.everything() if element.children]
    return max(holders, key=lambda element: (round(score(element), 6), -len(element.path))).path if holders else ()


def _met(leaf: Element, some: Sequence[Target]) -> bool:
    names = spellings(leaf.path)
    return any(weigh(names, leaf.values, target, ()).score >= SURE for target in some)


# the goods


def _goods(unit: Element) -> Path | None:
    """The list of goods: several elements of goods below one element, which repeats or is called so."""
    some = targets("GoodsItem")
    names = terms()["Consignment", "goods_items"]
    if all(child.is_leaf for child in unit.children):  # rows: the parcel's and the goods' side by side
        return unit.path

    def score(element: Element) -> tuple[float, int]:
        leaves = list(_once(element))
        met = {target.path for target in some if any(_fits(leaf, target, element.path) for leaf in leaves)}
        named = best((spelt(element.name),), names, ()).score
        share = len(met) / len(leaves) if leaves else 0.0
        return (len(met) + element.repeats + named + share if len(met) > 1 else 0.0, len(element.path))

    found = [element for element in unit.everything() if element.children and element is not unit]
    top = max(found, key=score, default=None)
    return top.path if top is not None and score(top)[0] and not _is_party(top) else None


def _once(element: Element) -> Iterator[Element]:
    """The leaves that stand once in it."""
    for child in element.children:
        if not child.repeats:
            if child.is_leaf:
                yield child
            yield from _once(child)


def _fits(leaf: Element, target: Target, block: Path) -> bool:
    return weigh(spellings(leaf.path, block), leaf.values, target, ()).score >= SURE


def _is_party(element: Element) -> bool:
    return any(best((spelt(element.name),), some, PARTY).score >= LIKELY for some in roles().values())


# the parties


def _parties(document: Element, goods: Path | None) -> dict[Block, str]:
    """Every party with its role: best total over all of them, sender and addressee before other roles."""
    found: dict[Block, list[Path]] = {}
    for leaf in document.leaves():
        if goods is None or leaf.path[: len(goods)] != goods:
            for block in _blocks(leaf.path):
                found.setdefault(block, []).append(leaf.path)
    scores = {
        (block, role): score + (WANTED if role in {"consignor", "consignee"} else 0.0) + 0.02 * min(len(paths), 10)
        for block, paths in found.items()
        if _whole(document, block, paths)
        for role, score in _roles(block)
    }
    return best_total(scores)


def _blocks(path: Path) -> Iterator[Block]:
    """The parties that a leaf may belong to."""
    for depth in range(len(path) - 1, 0, -1):
        block = Block(path[:depth])
        if any(True for _ in _roles(block)):
            yield block
            return
    own = spelt(path[-1])
    for some in roles().values():
        for term in some:
            if _begins(own, term.words):
                yield Block(path[:-1], term.words)


def _roles(block: Block) -> Iterator[tuple[str, float]]:
    for role, some in roles().items():
        if block.prefix:
            score = max((fit(block.prefix, term.words) * term.weight for term in some), default=0.0)
        else:
            score = best((spelt(block.path[-1]),), some, PARTY).score
        if score >= LIKELY:
            yield role, score


def _whole(document: Element, block: Block, paths: list[Path]) -> bool:
    """Whether enough of it is what parties are made of."""
    some = targets("Party")
    met = 0
    for path in paths:
        leaf = document.at(path)
        names = (spelt(path[-1])[len(block.prefix) :],) if block.prefix else spellings(path, block.path)
        met += any(weigh(names, leaf.values, target, PARTY).score >= SURE for target in some)
    return met >= FULL_PARTY


def _begins(own: tuple[str, ...], prefix: tuple[str, ...]) -> bool:
    return own[: len(prefix)] == prefix and len(own) > len(prefix)
