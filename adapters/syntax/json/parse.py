"""JSON as a tree with the place of every value: exact and slow, for the traced twin and to tell what is wrong.

A member of an object is an element; a list is as many elements of its member's name as it has entries (an entry of a
list in a list has the name `*`). Numbers keep their text; `null` says nothing, as if its member were not there.

Source: RFC 8259.

>>> root = parse(b'{"hs": ["6109", "61"], "mass": {"value": 1.50E1, "unit": null}}', "item", Limits()).root
>>> [(steps[-1], node.kind, node.text) for steps, node in root.leaves()]
[(('hs', 1), 'string', '6109'), (('hs', 2), 'string', '61'), (('value', 1), 'number', '1.50E1')]
"""

import re
from typing import NamedTuple

import msgspec

from adapters.syntax.json.brackets import SPACE, TEXT
from adapters.syntax.json.faults import Fault
from adapters.syntax.json.node import Kind, Node
from gateway.mapping.protocols import Limits

NESTED = "*"
DEEPEST = 200  # whatever the limits say: what is deeper is nobody's message
LONGEST_TEXT = 1 << 18  # bytes of one text as it is written
LONGEST_NUMBER = 300  # signs of one number: more than any needs, few enough for every library


_TOKEN = re.compile(
    rb"(?P<string>" + TEXT + rb")|(?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+)(?![0-9.eE+-])"
    rb"|(?P<word>true|false|null)(?![A-Za-z0-9_])|(?P<no>[+-]?(?:nan|inf(?:inity)?)(?![A-Za-z0-9_]))",
    re.IGNORECASE,
)
_BEGUN = re.compile(rb'"[^"\\\x00-\x1f]*+(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*+)*+')
_WORDS: dict[bytes, tuple[Kind, str]] = {
    b"true": ("boolean", "true"),
    b"false": ("boolean", "false"),
    b"null": ("null", ""),
}
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_STRING = msgspec.json.Decoder(str)


class Parsed(NamedTuple):
    """A tree, and the first name that is said twice in one object with its place."""

    root: Node
    twice: tuple[str, int] | None


def parse(data: bytes, name: str, limits: Limits, above: Node | None = None) -> Parsed:
    """The tree of one value, under a name. Raises: Fault."""
    return grow(Node(name, above, data), limits)


def grow(root: Node, limits: Limits) -> Parsed:
    """All that stands in a node that knows its bytes. Raises: Fault."""
    parser = _Parser(root.whole, limits)
    at = parser.space(parser.value(root, parser.space(0), 1))
    if at != len(root.whole):
        raise Fault("SRC503", at)
    return Parsed(root, parser.twice)


class _Parser:
    """Each method takes where something begins and gives where it ends."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.data = data
        self.deepest = min(limits.depth, DEEPEST)
        self.twice: tuple[str, int] | None = None

    def space(self, at: int) -> int:
        found = SPACE.match(self.data, at)
        return found.end() if found else at

    def value(self, node: Node, at: int, depth: int) -> int:
        if depth > self.deepest:
            raise Fault("SRC511", at, limit=self.deepest)
        node.begin = at
        sign = self.data[at : at + 1]
        if sign == b"{":
            node.end = self.members(node, at, depth)
        elif sign == b"[":
            node.end = self.entries(node, NESTED, at, depth)
        else:
            node.end = self.scalar(node, at)
        return node.end

    def members(self, node: Node, at: int, depth: int) -> int:
        seen: set[str] = set()
        at = self.space(at + 1)
        if self.data.startswith(b"}", at):
            return at + 1
        while True:
            begin = at
            name, at = self.string(at)
            if name in seen:
                self.twice = self.twice or (name, begin)
            seen.add(name)
            at = self.space(self.sign(b":", self.space(at)))
            at = self.space(self.member(node, name, at, depth))
            if self.data.startswith(b"}", at):
                return at + 1
            at = self.space(self.sign(b",", at))

    def member(self, node: Node, name: str, at: int, depth: int) -> int:
        """A list is not a node of its own: its entries are."""
        if self.data.startswith(b"[", at):
            if depth + 1 > self.deepest:
                raise Fault("SRC511", at, limit=self.deepest)
            return self.entries(node, name, at, depth + 1)
        return self.child(node, name, at, depth)

    def entries(self, node: Node, name: str, at: int, depth: int) -> int:
        at = self.space(at + 1)
        if self.data.startswith(b"]", at):
            return at + 1
        while True:
            at = self.space(self.child(node, name, at, depth))
            if self.data.startswith(b"]", at):
                return at + 1
            at = self.space(self.sign(b",", at))

    def child(self, node: Node, name: str, at: int, depth: int) -> int:
        """One value below a node, unless it is `null`."""
        child = Node(name, node, self.data)
        end = self.value(child, at, depth + 1)
        if child.kind != "null":
            node.children.append(child)
        return end

    def scalar(self, node: Node, at: int) -> int:
        found = _TOKEN.match(self.data, at)
        kind = found.lastgroup if found else None
        if found is None or kind is None:
            raise self.broken(at)
        if kind == "string":
            node.kind = "string"
            node.text, _ = self.string(at)
        elif kind == "number":
            if len(found[0]) > LONGEST_NUMBER:
                raise Fault("SRC513", at, length=len(found[0]), limit=LONGEST_NUMBER)
            node.kind, node.text = "number", found[0].decode()
        elif found[0] in _WORDS:
            node.kind, node.text = _WORDS[found[0]]
        else:
            raise Fault("SRC506" if kind == "no" else "SRC503", at)
        return found.end()

    def string(self, at: int) -> tuple[str, int]:
        found = _TOKEN.match(self.data, at)
        if found is None or found["string"] is None:
            raise self.broken(at)
        if len(found[0]) > LONGEST_TEXT:
            raise Fault("SRC512", at, length=len(found[0]), limit=LONGEST_TEXT)
        try:
            return _STRING.decode(found[0]), found.end()
        except UnicodeDecodeError as trouble:
            raise Fault("SRC510", at + 1 + trouble.start) from trouble
        except msgspec.DecodeError as trouble:
            raise Fault("SRC507" if _SURROGATE.search(found[0]) else "SRC503", at) from trouble

    def sign(self, wanted: bytes, at: int) -> int:
        if not self.data.startswith(wanted, at):
            raise self.broken(at)
        return at + 1

    def broken(self, at: int) -> Fault:
        """What stands where something else should: the end, a text that is not closed, anything."""
        if at >= len(self.data):
            return Fault("SRC504", at)
        begun = _BEGUN.match(self.data, at)
        if begun is None:
            return Fault("SRC503", at)
        if begun.end() == len(self.data):
            return Fault("SRC504", at)
        return Fault("SRC509" if self.data[begun.end()] < ord(" ") else "SRC503", begun.end())
