"""Which tables fit the head of a file: by the names of its members and the predicates of the way to its units.

A document has no name, so that the predicates of `root` and the names of rows decide: every predicate must hold as far
as the head shows it, half of the names that stand in the document and its objects must be known to the table, and of
two tables the one that knows more is the better.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from adapters.syntax.json.brackets import TEXT
from adapters.syntax.json.guard import BOM
from adapters.syntax.json.way import way
from gateway.mapping.plan import Element, Plan, Test

_PIECE = re.compile(rb"(?P<name>" + TEXT + rb")[ \t\r\n]*+:|(?P<value>" + TEXT + rb"|[-+.\w]++)|(?P<mark>[{}\[\]])")
_LEAST = 2  # names in common, whatever their share; a document without names has no item, of whatever format
_SHALLOW = 2  # how deep names count: below, messages of all carriers are alike


class _Seen(NamedTuple):
    """The ways of names that a head shows, with the texts at their ends; `whole`: nothing is cut off."""

    values: dict[tuple[str, ...], set[str]]
    whole: bool


def may_be(head: bytes) -> bool:
    """Whether bytes begin like an object or a list."""
    return head.removeprefix(BOM).lstrip()[:1] in {b"{", b"["}


def recognise(head: bytes, plans: tuple[Plan, ...]) -> tuple[Plan, ...]:
    """The plans that fit, best first."""
    start = head.removeprefix(BOM).lstrip()
    if not may_be(head):
        return ()
    seen = _seen(start)
    ranked = [(rank, plan) for plan in plans if (rank := _rank(seen, plan)) is not None]
    return tuple(plan for _, plan in sorted(ranked, key=lambda pair: pair[0], reverse=True))


def _rank(seen: _Seen, plan: Plan) -> tuple[int, int] | None:
    """Predicates that hold, and names in common; None where the plan does not fit."""
    names = way(plan).names
    if plan.document is None or (seen.whole and names and names[:1] not in seen.values):
        return None
    confirmed, element = 0, plan.document
    for depth in range(len(names) + 1):
        for test in element.tests:
            held = _holds(seen, names[:depth], test)
            if held is None:
                return None
            confirmed += held
        if depth < len(names):
            element = next(child for child in element.children if child.tag == names[depth])
    known = set(_ways(plan.document, ()))
    ends = known - {name[:-1] for name in known}  # what stands below these is no concern of the table
    shallow = {name for name in seen.values if len(name) <= len(names) + _SHALLOW and name[:-1] not in ends}
    common = len(shallow & known)
    return (confirmed, common) if common >= min(_LEAST, len(shallow)) and 2 * common >= len(shallow) else None


def _holds(seen: _Seen, at: tuple[str, ...], test: Test) -> bool | None:
    """True where the head confirms a predicate, None where it contradicts it."""
    found = seen.values.get((*at, *test.path))
    if found is None:
        return None if seen.whole and test.present else False
    if test.values:
        return True if found & set(test.values) else None
    return True if test.present else None


def _ways(element: Element, at: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for child in element.children:
        yield (*at, child.tag)
        yield from _ways(child, (*at, child.tag))


def _seen(head: bytes) -> _Seen:
    """Every way of names in the head; lists are passed through."""
    values: dict[tuple[str, ...], set[str]] = {}
    ways: list[tuple[str, ...]] = [()]
    name: tuple[str, ...] = ()
    end = 0
    for found in _PIECE.finditer(head):
        end = found.end()
        if found["name"] is not None:
            name = (*ways[-1], _text(found["name"]))
            values.setdefault(name, set())
        elif found["value"] is not None:
            values.setdefault(name, set()).add(_text(found["value"]))
        elif found["mark"] in {b"{", b"["}:
            ways.append(name)
        elif len(ways) > 1:
            ways.pop()
            name = ways[-1]
    return _Seen(values, len(ways) == 1 and not head[end:].strip())


def _text(raw: bytes) -> str:
    return raw.removeprefix(b'"').removesuffix(b'"').decode("utf-8", "replace")
