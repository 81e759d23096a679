"""One unit in both its forms: the value that the compiled reader takes, and the tree, grown when it is asked for.

Numbers keep their text in both. What the fast parser cannot be trusted with is left to the tree.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from adapters.syntax.json.faults import Fault
from adapters.syntax.json.node import Node
from adapters.syntax.json.parse import DEEPEST, LONGEST_NUMBER, LONGEST_TEXT, Parsed, grow
from gateway.mapping.protocols import Limits

_SPACE = b" \t\r\n"
_BEFORE, _WITHIN = b"[:, \t\r\n", b".0123456789eE"
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
    zero = _holds_zero(raw)
    if zero or _doubtful(raw, value, limits):
        twice = found.grown().twice
        if twice:
            raise Fault("SRC508", twice[1], name=twice[0])
        if zero:
            found.value = None  # as an integer it would lose its sign
    return found


def _doubtful(raw: bytes, value: dict[str, Any], limits: Limits) -> bool:
    """Whether a unit must be looked at closely: a name may be said twice, a limit may be broken."""
    deepest = min(limits.depth, DEEPEST)
    may_be_deep = raw.count(b"{") + raw.count(b"[") + 1 >= deepest
    return (
        len(raw) > LONGEST_TEXT
        or (may_be_deep and _deeper(value.values(), deepest - 1))
        or raw.translate(None, _SPACE).count(b'":') != len(value) + _members(value.values())
    )  # so many names at least are said, whatever stands in texts


def _deeper(values: Iterable[Any], left: int) -> bool:
    """Whether values are nested more levels deep than are left."""
    for one in values:
        if left <= 0:
            return True
        inner = one.values() if one.__class__ is dict else one if one.__class__ is list else ()
        if inner and _deeper(inner, left - 1):
            return True
    return False


def _members(values: Iterable[Any]) -> int:
    """How many members all objects among these values have; one less for what breaks a limit."""
    found = 0
    for one in values:
        kind = one.__class__
        if kind is str:
            continue
        if kind is dict:
            found += len(one) + _members(one.values())
        elif kind is list:
            found += _members(one)
        elif (kind is Number and len(one) > LONGEST_NUMBER) or (kind is int and not -_LARGEST < one < _LARGEST):
            found -= 1
    return found


def _holds_zero(raw: bytes) -> bool:
    """Whether an integer may be `-0`."""
    at = raw.find(b"-0")
    while at >= 0:
        if raw[at - 1] in _BEFORE and raw[at + 2] not in _WITHIN:
            return True
        at = raw.find(b"-0", at + 2)
    return False
