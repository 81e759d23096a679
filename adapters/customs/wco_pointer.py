"""Pointers of WCO ids: a chain of classes and one element (`42A 67A 68A[2]+108`) to the value of a declaration.

A response names the culprit by class ids (375), element ids within a class (381) and occurrence numbers (006). Within a
class of the WCO Data Model no two children share an id, so a chain is followed step by step through the trace of what
was declared. A chain may skip the declaration itself, end at a class, name an occurrence that does not exist or an
element that was not declared: then the deepest place that resolves is the answer.
"""

from collections.abc import Iterator, Sequence

import msgspec

from adapters.customs.place import place
from adapters.customs.wco_levels import Level, levels, numbers
from gateway.mapping.trace import Entry
from gateway.model import Step


class Wanted(msgspec.Struct, frozen=True):
    """One step of a pointer; without a number every occurrence fits."""

    wco_id: str
    number: int | None = None


class _Candidate(msgspec.Struct, frozen=True):
    entry: Entry
    levels: tuple[Level, ...]


def locate(steps: tuple[Step, ...], entries: tuple[Entry, ...]) -> Entry | None:
    """The declared value that a pointer means, or the deepest class of it; None where not even the first step resolves.

    A class stands as an entry of its own: its path, the model path that all its values share, no text.
    """
    wanted = tuple(_wanted(steps))
    known = numbers(entries)
    left = tuple(_Candidate(entry, levels(entry, known)) for entry in entries if _is_declared(entry))
    if not wanted or not left:
        return None
    depth = 0 if wanted[0].wco_id == _first(left) else 1
    found: tuple[tuple[_Candidate, ...], int] | None = None
    for step in wanted:
        left = tuple(each for each in left if _fits(each.levels, depth, step))
        if not left:
            break
        depth += 1
        found = left, depth
    return _answer(*found) if found else None


def _is_declared(entry: Entry) -> bool:
    """An element of the declaration: no attribute, and nothing of the envelope, which has no ids."""
    return "@" not in entry.message_path and bool(entry.wco_ids) and bool(entry.wco_ids[0])


def _wanted(steps: Sequence[Step]) -> Iterator[Wanted]:
    for step in steps:
        if step.section:
            yield Wanted(step.section, step.number)
        if step.tag:
            yield Wanted(step.tag)


def _first(candidates: Sequence[_Candidate]) -> str:
    return next((each.levels[0].wco_id for each in candidates if each.levels), "")


def _fits(levels: tuple[Level, ...], depth: int, step: Wanted) -> bool:
    return (
        len(levels) > depth
        and levels[depth].wco_id == step.wco_id
        and (step.number is None or levels[depth].number == step.number)
    )


def _answer(found: tuple[_Candidate, ...], depth: int) -> Entry:
    """One value as it stands (a date's text too); a class, or several values, as the place they share."""
    first = found[0]
    if len(found) == 1 and not any(level.wco_id for level in first.levels[depth:]):
        return first.entry
    return place([each.entry for each in found], depth)
