"""The parties of a message: elements that are called as a role, or columns that begin with its name.

Roles are given by the best total: no role twice, sender and addressee before others.
"""

from collections.abc import Iterator, Mapping

import msgspec

from gateway.workbench.propose.assign import best as best_total
from gateway.workbench.propose.names import PARTY, best, fit
from gateway.workbench.propose.scoring import LIKELY, NAMED, SURE, weigh
from gateway.workbench.propose.spelling import Path, Spellings, spellings
from gateway.workbench.propose.survey import Element
from gateway.workbench.propose.synonyms import STRONG, spelt
from gateway.workbench.propose.targets import roles, targets

MAIN = ("consignor", "consignee")
WANTED = 0.3  # more for the sender and the addressee: without them there is no parcel
FULL_PARTY = 3  # leaves that a whole party has at least


class Block(msgspec.Struct, frozen=True):
    """A party: an element of its own, or, with `prefix`, the columns that begin with its words."""

    path: Path
    prefix: tuple[str, ...] = ()


def parties(document: Element, goods: Path | None) -> dict[Block, str]:
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


def party_of(path: Path, found: Mapping[Block, str]) -> tuple[str, Spellings] | None:
    """The role of the party that a leaf belongs to, and the leaf's names within it.

    The party is the nearest element, else what the name begins with, also where the party itself stands elsewhere.
    """
    around = [block for block in found if not block.prefix and path[: len(block.path)] == block.path]
    if around:
        block = max(around, key=lambda block: len(block.path))
        return found[block], spellings(path, block.path)
    own = spelt(path[-1])
    named = [(role, block.prefix) for block, role in found.items() if block.prefix and block.path == path[:-1]]
    named += [(role, term.words) for role in found.values() for term in roles()[role] if term.weight == STRONG]
    named = [(role, prefix) for role, prefix in named if _begins(own, prefix)]
    if not named:
        return None
    role, prefix = max(named, key=lambda one: len(one[1]))
    return role, (own[len(prefix) :],)


def holds_main(element: Element) -> bool:
    """Whether a sender or an addressee stands in it: then it is more than goods."""
    return any(
        best((spelt(inner.name),), roles()[role], PARTY).score >= NAMED
        for inner in element.everything()
        if inner.children
        for role in MAIN
    )


def is_party(element: Element) -> bool:
    return any(best((spelt(element.name),), some, PARTY).score >= LIKELY for some in roles().values())


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


def _begins(own: tuple[str, ...], prefix: tuple[str, ...]) -> bool:
    return own[: len(prefix)] == prefix and len(own) > len(prefix)
