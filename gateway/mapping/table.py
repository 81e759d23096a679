"""A table as written: head and rows with the place of every word, before it means anything.

YAML 1.2 through its node graph: every key and every plain scalar is text (`0020`, `NO`), anchors are shared, a key that
stands twice is a fault.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gateway.findings.finding import Finding
from gateway.mapping.faults import Place, fault, unknown
from gateway.mapping.language import HEAD, KEYWORDS, SIDES, Form

_NULL = {"null", "~", ""}


class Word(msgspec.Struct, frozen=True):
    """A value in a table: text, a list of texts, or a mapping of texts."""

    value: Any
    place: Place


class Line(msgspec.Struct, frozen=True):
    """One row: its key, what it says of it, and the rows of its block. `removes` stands for `null`."""

    key: str
    place: Place
    words: dict[str, Word] = {}
    lines: tuple["Line", ...] | None = None
    removes: bool = False

    def text(self, keyword: str) -> str:
        return self.words[keyword].value if keyword in self.words else ""

    def word(self, keyword: str) -> str | None:
        return self.words[keyword].value if keyword in self.words else None

    def place_of(self, keyword: str) -> Place:
        """Where a keyword's value stands; the row itself where there is none."""
        return self.words[keyword].place if keyword in self.words else self.place

    def says(self, keyword: str) -> bool:
        return self.text(keyword) == "true"


class Table(msgspec.Struct, frozen=True):
    """One file."""

    file: str
    head: dict[str, Word]
    lines: tuple[Line, ...]
    faults: tuple[Finding, ...] = ()

    def text(self, name: str) -> str:
        return self.head[name].value if name in self.head and isinstance(self.head[name].value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.head[name].value if name in self.head else ()
        return (value,) if isinstance(value, str) else tuple(value)

    def said(self, name: str, inner: str) -> str:
        """One entry of a head word that is a mapping (`valid: {from: …}`)."""
        value = self.head[name].value if name in self.head else {}
        return value.get(inner, "") if isinstance(value, dict) else ""

    def place(self, name: str = "") -> Place:
        return self.head[name].place if name in self.head else Place(self.file)


def load(path: Path, shown: str) -> Table:
    """The table in a file; what cannot be read is in its faults. `shown` is the name that findings and traces give."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return Table(shown, {}, (), (fault("MAP110", Place(shown), problem="not UTF-8"),))
    return _composed(text, shown)


def _composed(text: str, shown: str) -> Table:
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except YAMLError as trouble:
        mark = getattr(trouble, "problem_mark", None)
        place = Place(shown, mark.line + 1, mark.column + 1) if mark else Place(shown)
        return Table(shown, {}, (), (fault("MAP110", place, problem=getattr(trouble, "problem", "") or "no YAML"),))
    return _Reader(shown).table(root)


def load_head(path: Path, shown: str) -> Table:
    """The same without rows: what stands above `fields:`."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return _composed(_FIELDS.split(text, maxsplit=1)[0], shown)


_FIELDS = re.compile(r"^fields\s*:", re.MULTILINE)


def _text(node: Node, *texts: str) -> bool:
    return isinstance(node, ScalarNode) and (not texts or node.value in texts)


_FITS: dict[Form, Callable[[Node], bool]] = {
    "text": _text,
    "flag": lambda node: _text(node, "true", "false"),
    "side": lambda node: _text(node, *SIDES),
    "widths": lambda node: isinstance(node, (SequenceNode, ScalarNode)),
}


class _Reader:
    """Walks the node graph once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Finding] = []

    def table(self, root: Node | None) -> Table:
        if not isinstance(root, MappingNode):
            return Table(self.file, {}, (), (fault("MAP110", Place(self.file), problem="no table"),))
        head: dict[str, Word] = {}
        lines: tuple[Line, ...] = ()
        for key, node in self.pairs(root):
            name = key.value
            if name not in HEAD:
                self.faults.append(unknown("MAP102", self.place(key), name, HEAD))
            elif name == "fields":
                lines = self.lines(node)
            else:
                head[name] = Word(self.plain(node), self.place(node))
        return Table(self.file, head, lines, tuple(self.faults))

    def lines(self, node: Node) -> tuple[Line, ...]:
        if not isinstance(node, MappingNode):
            self.faults.append(fault("MAP112", self.place(node), keyword="fields", wanted="rows"))
            return ()
        return tuple(line for key, value in self.pairs(node) if (line := self.line(key, value)))

    def line(self, key: ScalarNode, node: Node) -> Line | None:
        place = self.place(key)
        if isinstance(node, ScalarNode):
            if not node.style and node.value in _NULL:
                return Line(key.value, place, removes=True)
            return Line(key.value, place, {"is": Word(node.value, self.place(node))})
        if isinstance(node, MappingNode):
            return self.long(key.value, place, node)
        self.faults.append(fault("MAP112", self.place(node), keyword=key.value, wanted="a model path or keywords"))
        return None

    def long(self, key: str, place: Place, node: MappingNode) -> Line:
        words: dict[str, Word] = {}
        lines: tuple[Line, ...] | None = None
        for word, value in self.pairs(node):
            keyword = word.value
            if keyword not in KEYWORDS:
                self.faults.append(unknown("MAP101", self.place(word), keyword, KEYWORDS))
            elif keyword == "fields":
                lines = self.lines(value)
            elif self.fits(keyword, value):
                words[keyword] = Word(self.plain(value), self.place(value))
        return Line(key, place, words, lines)

    def fits(self, keyword: str, node: Node) -> bool:
        word = KEYWORDS[keyword]
        good = _FITS[word.form](node)
        if not good:
            self.faults.append(fault("MAP112", self.place(node), keyword=keyword, wanted=word.takes))
        return good

    def pairs(self, node: MappingNode) -> Iterator[tuple[ScalarNode, Node]]:
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                self.faults.append(fault("MAP105", self.place(key), name=key.value))
            else:
                seen.add(key.value)
                yield key, value

    def plain(self, node: Node) -> Any:
        if isinstance(node, SequenceNode):
            return tuple(self.plain(part) for part in node.value)
        if isinstance(node, MappingNode):
            return {key.value: self.plain(value) for key, value in self.pairs(node)}
        return node.value

    def place(self, node: Node) -> Place:
        return Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)
