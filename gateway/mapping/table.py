"""A table as written: head and rows with the place of every word, before it means anything.

YAML 1.2 through its node graph: every key and every plain scalar is text (`0020`, `NO`), anchors are shared, a key that
stands twice is a fault.
"""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gateway.findings.finding import Finding
from gateway.mapping import nodes
from gateway.mapping.faults import Place, fault, unknown
from gateway.mapping.language import DAYS, HEAD, KEYWORDS, SIDES, Form, HeadWord, Keyword
from gateway.mapping.names import nearest
from gateway.mapping.nodes import Graph

_NULL = {"null", "~", ""}
MOST_ROWS = 20_000  # with every use of a shared block
_MERGE = "<<"  # of YAML 1.1: blocks are shared whole


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
        word = value.get(inner) if isinstance(value, dict) else ""
        return word if isinstance(word, str) else ""

    def place(self, name: str = "") -> Place:
        return self.head[name].place if name in self.head else Place(self.file)


def load(path: Path, shown: str) -> Table:
    """The table in a file; what cannot be read is in its faults. `shown` is the name that findings and traces give."""
    return _table(nodes.read(path, shown), shown)


def loads(text: str, shown: str) -> Table:
    """The same from a text."""
    return _table(nodes.compose(text, shown), shown)


def load_head(path: Path, shown: str) -> Table:
    """The same without rows: what stands above `fields:`."""
    with path.open(encoding="utf-8", errors="replace") as file:
        text = file.read(nodes.MOST_BYTES)
    return loads(_FIELDS.split(text, maxsplit=1)[0], shown)


def _table(graph: Graph, shown: str) -> Table:
    if not isinstance(graph.root, MappingNode):
        faults = graph.faults or (fault("MAP110", Place(shown), problem="no table"),)
        return Table(shown, {}, (), faults)
    table = _Reader(shown).table(graph.root)
    return msgspec.structs.replace(table, faults=graph.faults + table.faults)


_FIELDS = re.compile(r"^fields\s*:", re.MULTILINE)


def _text(node: Node, *texts: str) -> bool:
    return isinstance(node, ScalarNode) and (not texts or node.value in texts)


def _texts(node: Node) -> bool:
    return _text(node) or (isinstance(node, SequenceNode) and all(map(_text, node.value)))


def _day(node: Node) -> bool:
    try:
        return _text(node) and bool(date.fromisoformat(node.value))
    except ValueError:
        return False


_FITS: dict[Form, Callable[[Any], bool]] = {
    "text": _text,
    "texts": _texts,
    "widths": _texts,
    "flag": lambda node: _text(node, "true", "false"),
    "side": lambda node: _text(node, *SIDES),
    "days": lambda node: isinstance(node, MappingNode),
    "prefixes": lambda node: isinstance(node, MappingNode) and all(_texts(value) for _, value in node.value),
}


class _Reader:
    """Walks the node graph once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Finding] = []
        self.rows = 0

    def table(self, root: MappingNode) -> Table:
        head: dict[str, Word] = {}
        lines: tuple[Line, ...] = ()
        for key, node in self.pairs(root):
            name = self.meant("MAP102", key, HEAD)
            if name not in HEAD or name in head:
                continue
            if name == "fields":
                lines = self.lines(node)
            elif self.fits(HEAD[name], node):
                head[name] = Word(self.plain(node), self.place(node))
        return Table(self.file, head, lines, tuple(self.faults))

    def lines(self, node: Node) -> tuple[Line, ...]:
        if not isinstance(node, MappingNode):
            self.faults.append(fault("MAP112", self.place(node), keyword="fields", wanted="rows"))
            return ()
        return tuple(line for key, value in self.pairs(node) if (line := self.line(key, value)))

    def line(self, key: ScalarNode, node: Node) -> Line | None:
        place = self.place(key)
        self.rows += 1
        if self.rows > MOST_ROWS:
            if self.rows == MOST_ROWS + 1:
                self.faults.append(fault("MAP110", place, problem=f"more than {MOST_ROWS:,} rows"))
            return None
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
            keyword = self.meant("MAP101", word, KEYWORDS)
            if keyword not in KEYWORDS or keyword in words:
                continue
            if keyword == "fields":
                lines = self.lines(value)
            elif self.fits(KEYWORDS[keyword], value):
                words[keyword] = Word(self.plain(value), self.place(value))
        return Line(key, place, words, lines)

    def meant(self, code: str, key: ScalarNode, known: Collection[str]) -> str:
        """A word of the language; an unknown one is told, and read on as what was probably meant."""
        name: str = key.value
        if name in known:
            return name
        self.faults.append(unknown(code, self.place(key), name, known))
        return nearest(name, known)

    def fits(self, word: Keyword | HeadWord, node: Node) -> bool:
        good = _FITS[word.form](node)
        if not good:
            self.faults.append(fault("MAP112", self.place(node), keyword=word.name, wanted=word.takes))
        elif isinstance(node, MappingNode) and word.form == "days":
            self.days(node)
        return good

    def days(self, node: MappingNode) -> None:
        """`valid: {from: 2024-07-01}`: its two names, and days that the calendar has."""
        for key, value in self.pairs(node):
            if key.value not in DAYS:
                self.faults.append(unknown("MAP102", self.place(key), key.value, DAYS))
            elif not _day(value):
                self.faults.append(fault("MAP112", self.place(value), keyword=key.value, wanted="a day, YYYY-MM-DD"))

    def pairs(self, node: MappingNode) -> Iterator[tuple[ScalarNode, Node]]:
        """Keys with their values; a key that stands twice, or is no text, is a fault."""
        seen: set[str] = set()
        for key, value in node.value:
            if not _text(key) or key.value == _MERGE:
                self.faults.append(fault("MAP112", self.place(key), keyword="a key", wanted="a text"))
            elif key.value in seen:
                self.faults.append(fault("MAP105", self.place(key), name=key.value))
            else:
                seen.add(key.value)
                yield key, value

    def plain(self, node: Node) -> Any:
        if isinstance(node, SequenceNode):
            return tuple(self.plain(part) for part in node.value)
        if isinstance(node, MappingNode):
            return {key.value: self.plain(value) for key, value in self.pairs(node) if _texts(value)}
        return node.value

    def place(self, node: Node) -> Place:
        return Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)
