"""What one ruleset makes of an item and another does not: its fate, its route, its findings, its values, its messages.

Both sides are outcomes of the daemon's own translation. Nothing here reads a message: it compares.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from gateway.findings import Finding
from gateway.findings.catalogue import text
from gateway.steps.answering.values import Said, decoded, element
from gateway.steps.ground.mask import masked
from gateway.steps.working.outcome import ItemOutcome

Kind = Literal["item", "route", "finding", "value", "output", "layout"]
Outcomes = Iterable[ItemOutcome | Finding]
Writing = tuple[str, bytes]  # format and text
Apart = Callable[[str, bytes], Mapping[str, Said]]

NONE = "—"


class Change(msgspec.Struct, frozen=True):
    """One difference. `what` is what changes of that kind stand together under: an element, a code, a pair of fates.

    `at` is the place in the item; `field` the model's field, which decides whether the values are personal; `covered`
    is what a finding says without personal values.
    """

    kind: Kind
    what: str
    before: str = ""
    after: str = ""
    at: str = ""
    field: str = ""
    wco: str = ""
    covered: str = ""


class Compared(msgspec.Struct, frozen=True):
    """One item under both rulesets. `item_id` is empty for what is said of a whole file; `end` is where it ends."""

    item_id: str
    ordinal: int
    end: int
    changes: tuple[Change, ...]


class Sided(msgspec.Struct, frozen=True):
    """One side of the comparison: what it makes of a file, and how its written texts are taken apart."""

    outcomes: Outcomes
    apart: Apart
    written: Callable[[ItemOutcome], Writing | None]


def compare(old: Sided, new: Sided) -> Iterator[Compared]:
    """Every item of a file under both sides, in the order of the file; at last what is said of the file itself."""
    said: tuple[list[Finding], list[Finding]] = ([], [])
    pairs = _paired(_items(old.outcomes, said[0]), _items(new.outcomes, said[1]))
    for before, after in pairs:
        item = after or before
        assert item is not None
        name = item.item_id or f"#{item.ordinal}"
        yield Compared(name, item.ordinal, item.offset + item.length, tuple(_changes(old, new, before, after)))
    if found := tuple(_findings(*said)):
        yield Compared("", 0, 0, found)


def _items(outcomes: Outcomes, said: list[Finding]) -> Iterator[ItemOutcome]:
    """The items; findings about the file or an envelope go aside."""
    for one in outcomes:
        if isinstance(one, Finding):
            said.append(one)
        else:
            yield one


def _paired(
    old: Iterator[ItemOutcome], new: Iterator[ItemOutcome]
) -> Iterator[tuple[ItemOutcome | None, ItemOutcome | None]]:
    """Items that begin at the same byte are the same; both come in the order of the file."""
    before, after = next(old, None), next(new, None)
    while before is not None or after is not None:
        if before is not None and after is not None and before.offset == after.offset:
            yield before, after
            before, after = next(old, None), next(new, None)
        elif after is None or (before is not None and before.offset < after.offset):
            yield before, None
            before = next(old, None)
        else:
            yield None, after
            after = next(new, None)


def _changes(old: Sided, new: Sided, before: ItemOutcome | None, after: ItemOutcome | None) -> Iterator[Change]:
    fates = fate(before), fate(after)
    if fates[0] != fates[1]:
        yield Change("item", " → ".join(fates), *fates)
    if before is None or after is None:
        return
    ways = _route(before), _route(after)
    if ways[0] != ways[1] and all(ways):
        yield Change("route", " → ".join(ways), *ways)
    yield from _findings(_all(before), _all(after))
    if before.record != after.record:
        yield from _differences("value", decoded(before.kind, before.record), decoded(after.kind, after.record))
    yield from _written(old, new, before, after)


def fate(item: ItemOutcome | None) -> str:
    """What becomes of an item, in a word."""
    if item is None:
        return "not found"
    if item.draft is None or item.state != "accepted":
        return item.state
    return "filed" if item.draft.state == "written" else "held before filing"


def _route(item: ItemOutcome) -> str:
    return item.draft.route if item.draft else ""


def _all(item: ItemOutcome) -> tuple[Finding, ...]:
    return item.findings + (item.draft.findings if item.draft else ())


def _findings(before: Iterable[Finding], after: Iterable[Finding]) -> Iterator[Change]:
    """Findings of one side only, by code; one that is only weighed otherwise is lost as one and new as the other."""
    old, new = Counter(map(_said, before)), Counter(map(_said, after))
    for sign, found in (("lost", old - new), ("new", new - old)):
        for code, severity, path, values in found.elements():
            told = text(Finding(code, values=dict(values)))
            covered = text(Finding(code, values=masked(dict(values), path)))
            texts = (told, "") if sign == "lost" else ("", told)
            what = f"{sign} {code} {severity}"
            yield Change("finding", what, *texts, at=path, field=element(path), covered=covered)


def _said(finding: Finding) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
    """What it says; where that stands in the bytes and which row said it is no difference."""
    return finding.code, finding.severity, finding.model_path, tuple(sorted(finding.values.items()))


def _written(old: Sided, new: Sided, before: ItemOutcome, after: ItemOutcome) -> Iterator[Change]:
    """What is written of an item on either side; the same said in another order is a change of layout."""
    first, second = old.written(before), new.written(after)
    if first == second or first is None or second is None:
        return
    if first[0] != second[0]:
        yield Change("output", f"{first[0]} → {second[0]}", first[0], second[0])
        return
    found = tuple(_differences("output", old.apart(*first), new.apart(*second)))
    yield from found or (Change("layout", first[0]),)


def _differences(kind: Kind, old: Mapping[str, Said], new: Mapping[str, Said]) -> Iterator[Change]:
    for path in {**old, **new}:
        before, after = old.get(path), new.get(path)
        if before is None or after is None or before.text != after.text:
            said = after or before
            assert said is not None
            texts = before.text if before else NONE, after.text if after else NONE
            yield Change(kind, said.element, *texts, at=path, field=said.field, wco=said.wco)
