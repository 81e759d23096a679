"""Where things stand in an unknown message: one parcel, its goods, its parties.

A place is found by its name, by its repeats and by how many leaves below it look like elements of the model.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from gateway.workbench.propose.assign import best as best_total
from gateway.workbench.propose.cells import ROW
from gateway.workbench.propose.names import GENERIC, PARTY, best, fit
from gateway.workbench.propose.scoring import SURE, weigh
from gateway.workbench.propose.survey import Element
from gateway.workbench.propose.synonyms import STRONG, spelt, terms
from gateway.workbench.propose.targets import Target, holders, roles, targets

Path = tuple[str, ...]
LIKELY, NAMED = 0.75, 0.98  # of a name; one that can mean nothing else
MAIN = ("consignor", "consignee")
BARE = {"value", "amount", "text", "content"}
WANTED = 0.3  # more for the sender and the addressee: without them there is no parcel
FULL_PARTY = 3  # leaves that a whole party has at least


class Block(msgspec.Struct, frozen=True):
    """A party: an element of its own, or, with `prefix`, the columns that begin with its words."""

    path: Path
    prefix: tuple[str, ...] = ()


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
    goods = _goods(document)
    flat = goods is not None and all(child.is_leaf for child in document.at(goods).children) and _rows(document, goods)
    parties = _parties(document, None if flat else goods)
    unit = goods if flat and goods is not None else _around(document, goods, [block.path for block in parties])
    unit = _likely(document) if unit is None else unit
    aside = [block.path for block in parties if not block.prefix]
    return Places(unit, goods, parties, _parts(document.at(unit), None if flat else goods, aside))


def spellings(path: Path, block: Path = ()) -> tuple[tuple[str, ...], ...]:
    """The names of a leaf: its own, and with the element around it; a name that says nothing goes with that only."""
    inner = path[len(block) :]
    own = spelt(inner[-1]) if inner else spelt(path[-1])
    around = spelt(inner[-2]) if len(inner) > 1 else ()
    plain = (own,) if set(around) <= PARTY | GENERIC or not set(own) <= GENERIC else ()
    bare = around and set(own) <= BARE
    return (*plain, *((around + own,) if around else ()), *((around,) if bare else ()))


def party_of(path: Path, parties: Mapping[Block, str]) -> tuple[str, tuple[tuple[str, ...], ...]] | None:
    """The role of the party that a leaf belongs to, and the leaf's names within it.

    The party is the nearest element, else what the name begins with, also where the party itself stands elsewhere.
    """
    around = [block for block in parties if not block.prefix and path[: len(block.path)] == block.path]
    if around:
        block = max(around, key=lambda block: len(block.path))
        return parties[block], spellings(path, block.path)
    own = spelt(path[-1])
    named = [(role, block.prefix) for block, role in parties.items() if block.prefix and block.path == path[:-1]]
    named += [(role, term.words) for role in parties.values() for term in roles()[role] if term.weight == STRONG]
    named = [(role, prefix) for role, prefix in named if _begins(own, prefix)]
    if not named:
        return None
    role, prefix = max(named, key=lambda found: len(found[1]))
    return role, (own[len(prefix) :],)


# the unit


def _around(document: Element, goods: Path | None, parties: Sequence[Path]) -> Path | None:
    """The innermost element around goods and parties; of several parcels under one sender, one parcel."""
    if goods is None:
        return None
    for end in range(len(goods)):
        within = [path for path in parties if path[:end] == goods[:end]]
        if end and within and document.at(goods[:end]).repeats:
            return goods[:end]
    shared = goods[:-1]
    for path in parties:
        while path[: len(shared)] != shared:
            shared = shared[:-1]
    return shared if parties else None


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
    holders = [element for element in document.everything() if element.children]
    return max(holders, key=lambda element: (round(score(element), 6), -len(element.path))).path if holders else ()


def _met(leaf: Element, some: Sequence[Target]) -> bool:
    names = spellings(leaf.path)
    return any(weigh(names, leaf.values, target, ()).score >= SURE for target in some)


# the goods


def _rows(document: Element, goods: Path) -> bool:
    """Whether these are rows of a table: the parcel's columns and the goods' side by side."""
    return len(goods) == 1 and goods[-1] == ROW and len(document.children) == 1


def _goods(document: Element) -> Path | None:
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

    found = [element for element in document.everything() if element.children and not _with_parties(element)]
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


def _with_parties(element: Element) -> bool:
    """Whether a sender or an addressee stands in it: then it is more than goods."""
    return any(
        best((spelt(inner.name),), roles()[role], PARTY).score >= NAMED
        for inner in element.everything()
        if inner.children
        for role in MAIN
    )


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
        (block, role): score + (WANTED if role in MAIN else 0.0) + 0.02 * min(len(paths), 10)
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
    return met >= (FULL_PARTY if block.prefix or not _named(block) else 1)


def _named(block: Block) -> bool:
    """Whether its name can mean nothing else."""
    return any(score >= NAMED for _, score in _roles(block))


# other parts


def _parts(unit: Element, goods: Path | None, aside: Sequence[Path]) -> dict[Path, Part]:
    """Elements that are called as a part or a list of the parcel or of its goods; each of these once."""
    scores: dict[tuple[Path, str], float] = {}
    found: dict[tuple[Path, str], Part] = {}
    for element in unit.everything():
        if not element.children or element is unit or any(element.path[: len(path)] == path for path in aside):
            continue
        inside = goods is not None and element.path[: len(goods)] == goods
        if goods is not None and goods[: len(element.path)] == element.path:
            continue
        for name, info, some in holders("GoodsItem" if inside else "Consignment"):
            score = best((spelt(element.name),), some, ()).score
            path = f"goods_items.{name}" if inside else name
            if score >= LIKELY:
                scores[element.path, path] = score
                found[element.path, path] = Part(path, info)
    return {path: found[path, name] for path, name in best_total(scores).items()}


def _begins(own: tuple[str, ...], prefix: tuple[str, ...]) -> bool:
    return own[: len(prefix)] == prefix and len(own) > len(prefix)
