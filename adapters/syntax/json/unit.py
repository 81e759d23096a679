"""One unit in both its forms: the value that the compiled reader takes, and the tree, grown when it is asked for.

Numbers keep their text in both. What the fast parser cannot be trusted with is left to the tree.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from adapters.syntax.json.faults import Fault
from adapters.syntax.json.tree import DEEPEST, LONGEST_NUMBER, LONGEST_TEXT, Node, Parsed, grow
from gateway.mapping.protocols import Limits

_ZERO = re.compile(rb"[\[:,\s]-0(?![.0-9eE])")  # as an integer it would lose its sign
_SPACED = re.compile(rb'"[ \t\r\n]+:')
_NAMES = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"[ \t\r\n]*+(:?)', re.DOTALL)
_LARGEST = 10**LONGEST_NUMBER
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError)


class Number(str):
    """The text of a number that is no integer."""

    __slots__ = ()


_DECODER = msgspec.json.Decoder(float_hook=Number)


class Unit(Node):
    """A unit as a node. `value` is the same as plain objects; None where only the tree is exact."""

    __slots__ = ("_grown", "_limits", "value")

    def __init__(self, tag: str, above: Node | None, raw: bytes, limits: Limits, value: Any) -> None:
        super().__init__(tag, above, raw)
        self._limits, self.value = limits, value
        self._grown: Parsed | None = None

    def __iter__(self) -> Iterator[Node]:
        self.grown()
        return iter(self.children)

    def __len__(self) -> int:
        self.grown()
        return len(self.children)

    def grown(self) -> Parsed:
        """The tree. Raises: Fault."""
        if self._grown is None:
            self._grown = grow(self, self._limits)
        return self._grown


def unit(raw: bytes, tag: str, above: Node | None, limits: Limits) -> Unit:
    """The unit of these bytes. Raises: Fault."""
    try:
        value = _DECODER.decode(raw)
    except _UNREADABLE:
        Unit(tag, above, raw, limits, None).grown()
        raise Fault("SRC503", 0) from None  # what our own parser does not see
    if type(value) is not dict:
        raise Fault("SRC505", 0)
    found = Unit(tag, above, raw, limits, value)
    if _doubtful(raw, value, limits):
        twice = found.grown().twice
        if twice:
            raise Fault("SRC508", twice[1], name=twice[0])
        if b"-0" in raw and _ZERO.search(raw):
            found.value = None
    return found


def _doubtful(raw: bytes, value: dict[str, Any], limits: Limits) -> bool:
    """Whether a unit must be looked at closely: a name may be said twice, a limit may be broken."""
    named = raw.count(b'":') if _SPACED.search(raw) is None else _counted(raw)
    return (
        named != _members(value)
        or raw.count(b"{") + raw.count(b"[") + 1 >= min(limits.depth, DEEPEST)
        or len(raw) > LONGEST_TEXT
        or (b"-0" in raw and _ZERO.search(raw) is not None)
    )


def _members(value: dict[str, Any]) -> int:
    """How many members an object and all below it have; -1 added for what breaks a limit."""
    found = len(value)
    for one in value.values():
        kind = type(one)
        if kind is dict:
            found += _members(one)
        elif kind is list:
            found += _listed(one)
        elif (kind is Number and len(one) > LONGEST_NUMBER) or (kind is int and not -_LARGEST < one < _LARGEST):
            found -= 1
    return found


def _listed(values: list[Any]) -> int:
    return _members(dict(enumerate(values))) - len(values)  # type: ignore[arg-type]  # only its values count


def _counted(raw: bytes) -> int:
    """How many texts a colon follows."""
    return sum(map(len, _NAMES.findall(raw)))
