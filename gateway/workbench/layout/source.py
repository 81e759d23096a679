r"""A table's text as a tree of entries that keeps every word and comment of its author.

YAML's own events say where each value begins and ends; what stands between them is comments and blank lines. Values are
never re-written: quotes, anchors, aliases and the choice of flow or block are the author's.

>>> [top] = parse("fields:\n  a:   b   # why\n")
>>> [row] = top.block
>>> (row.key, row.value, row.comment)
('a', 'b', '# why')
"""

from collections.abc import Iterator
from typing import Any, Literal

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from gateway.mapping.language import KEYWORDS

_OPENS = (MappingStartEvent, SequenceStartEvent)
_CLOSES = (MappingEndEvent, SequenceEndEvent)
Kind = Literal["head", "row", "word"]  # what a key is: of the head, a message path, a keyword of a row
_ORDER = [*(name for name in KEYWORDS if name != "fields"), "fields"]


class Unlaid(ValueError):
    """The text has something that this layout would not keep."""


class Entry(msgspec.Struct, frozen=True):
    """A key with what stands beside or below it.

    `above` are comments and blank lines before it, `comment` the one behind it, `below` those at the end of its block.
    `more` are the further lines of a value that spans several, as they stand.
    """

    line: int
    key: str
    kind: Kind = "head"
    value: str = ""
    anchor: str = ""
    block: tuple["Entry", ...] | None = None
    comment: str = ""
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    column: int = 0


def parse(text: str) -> tuple[Entry, ...]:
    """The entries of a table. Raises: YAMLError, Unlaid."""
    events = [event for event in YAML(typ="safe", pure=True).parse(text) if hasattr(event, "start_mark")]
    return _Parser(text, events).top()


class _Parser:
    """One pass over the events; `done` counts the lines that are taken."""

    def __init__(self, text: str, events: list[Any]) -> None:
        self.text, self.events = text, events
        self.lines = text.split("\n")
        self.at = self.done = 0

    def top(self) -> tuple[Entry, ...]:
        while not isinstance(self.events[self.at], MappingStartEvent):
            if isinstance(self.events[self.at], (ScalarEvent, SequenceStartEvent, AliasEvent)):
                raise Unlaid("no table")
            self.at += 1
        if self.events[self.at].flow_style:
            raise Unlaid("a table in one line")
        entries, below = self.mapping("head", len(self.lines))
        if any(line and not line.lstrip().startswith("#") for line in below):
            raise Unlaid("something behind the table")
        last = msgspec.structs.replace(entries[-1], below=(*entries[-1].below, *below)) if entries else None
        return (*entries[:-1], last) if last else ()

    def mapping(self, kind: Kind, end: int = -1) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
        """The entries of a block, and the comments at its end."""
        self.at += 1
        entries: list[Entry] = []
        column = self.events[self.at].start_mark.column
        while not isinstance(self.events[self.at], MappingEndEvent):
            entries.append(self.entry(kind))
        self.at += 1
        return tuple(entries), self.tail(column, end)

    def entry(self, kind: Kind) -> Entry:
        key = self.events[self.at]
        line, column = key.start_mark.line, key.start_mark.column
        if not isinstance(key, ScalarEvent) or key.end_mark.line != line or self.lines[line][:column].strip():
            raise Unlaid(f"line {line + 1}: a key that is no plain text")
        above = tuple(text.strip() for text in self.lines[self.done : line])
        self.done = line + 1
        self.at += 1
        known = {"line": line + 1, "key": self.slice(key), "kind": kind, "above": above, "column": column}
        event = self.events[self.at]
        if isinstance(event, MappingStartEvent) and not event.flow_style:
            return self.block(key, known)
        return self.inline(known)

    def block(self, key: Any, known: dict[str, Any]) -> Entry:
        event = self.events[self.at]
        rest = self.lines[key.start_mark.line][key.end_mark.column :].strip().removeprefix(":").strip()
        anchor = f"&{event.anchor}" if event.anchor else ""
        comment = rest.removeprefix(anchor).strip()
        if event.tag or (comment and not comment.startswith("#")) or not rest.startswith(anchor):
            raise Unlaid(f"line {known['line']}: a block that begins beside its key")
        entries, below = self.mapping(inner(known["kind"], key.value))
        return Entry(**known, anchor=anchor, block=entries, comment=comment, below=below)

    def inline(self, known: dict[str, Any]) -> Entry:
        """A value beside its key, perhaps over several lines."""
        first = self.events[self.at]
        last = self.skipped()
        if last.start_mark.index == last.end_mark.index and isinstance(first, ScalarEvent):
            return self.nothing(known)
        begin, end = first.start_mark, last.end_mark
        ends = end.line - 1 if end.column == 0 and end.line > begin.line else end.line
        if begin.line + 1 == known["line"] == ends + 1:
            rest = self.lines[ends][end.column :].strip()
            if rest and not rest.startswith("#"):
                raise Unlaid(f"line {known['line']}: {rest}")
            return Entry(**known, value=self.flow(first, last, known["kind"]), comment=rest)
        line = known["line"] - 1
        value = self.lines[line][known["column"] + len(known["key"]) :].lstrip().removeprefix(":").strip()
        self.done = max(ends + 1, self.done)
        return Entry(**known, value=value, more=tuple(self.lines[line + 1 : self.done]))

    def nothing(self, known: dict[str, Any]) -> Entry:
        """No value at all."""
        line = known["line"] - 1
        rest = self.lines[line][known["column"] + len(known["key"]) :].lstrip().removeprefix(":").strip()
        if rest and not rest.startswith("#"):
            raise Unlaid(f"line {known['line']}: {rest}")
        return Entry(**known, comment=rest)

    def skipped(self) -> Any:
        """Over one node; gives its last event."""
        depth = 0
        while True:
            event = self.events[self.at]
            self.at += 1
            depth += isinstance(event, _OPENS) - (isinstance(event, _CLOSES))
            if not depth:
                return event

    def flow(self, first: Any, last: Any, kind: Kind) -> str:
        """A value in one line: blanks of a flow as one likes to read them, every scalar as it is written."""
        if not isinstance(first, MappingStartEvent):
            return self.text[first.start_mark.index : last.end_mark.index]
        start = next(at for at in range(self.at - 1, -1, -1) if self.events[at] is first)
        return _Flow(self.text, self.events, start).node("word" if kind == "row" else "row")

    def tail(self, column: int, end: int) -> tuple[str, ...]:
        """Comments behind the last entry of a block that are not indented less than it."""
        stop = end if end >= 0 else self.events[self.at].start_mark.line
        gap = self.lines[self.done : stop]
        mine = len(gap) if end >= 0 else 0
        for number, text in enumerate(gap if end < 0 else (), 1):
            if text.strip() and len(text) - len(text.lstrip()) < column:
                break
            mine = number if text.strip() else mine
        taken = tuple(text.strip() for text in gap[:mine])
        self.done += mine
        return taken

    def slice(self, event: Any) -> str:
        return self.text[event.start_mark.index : event.end_mark.index]


def inner(kind: Kind, key: str) -> Kind:
    """What the keys below a key are."""
    if kind == "row":
        return "word"
    return "row" if key == "fields" else "head"


class _Flow:
    """A flow collection written again from its events."""

    def __init__(self, text: str, events: list[Any], at: int) -> None:
        self.text, self.events, self.at = text, events, at

    def node(self, kind: Kind) -> str:
        """One value; `kind` is what its keys are, if it has any."""
        event = self.events[self.at]
        self.at += 1
        if isinstance(event, (ScalarEvent, AliasEvent)):
            return self.text[event.start_mark.index : event.end_mark.index]
        before = self.text[event.start_mark.index : event.end_mark.index - 1].strip()
        is_mapping = isinstance(event, MappingStartEvent)
        parts = ", ".join(self.pairs(kind) if is_mapping else self.entries())
        self.at += 1
        opened, closed = "{}" if is_mapping else "[]"
        return f"{before} {opened}{parts}{closed}".strip()

    def entries(self) -> Iterator[str]:
        while not isinstance(self.events[self.at], SequenceEndEvent):
            yield self.node("head")

    def pairs(self, kind: Kind) -> Iterator[str]:
        """Keywords of a row in the language's order, its rows last; other keys as they come."""
        found: list[tuple[str, str]] = []
        while not isinstance(self.events[self.at], MappingEndEvent):
            key = self.node("head")
            found.append((key, self.node(inner(kind, key))))
        if kind == "word" and all(key in _ORDER for key, _ in found):
            found.sort(key=lambda pair: _ORDER.index(pair[0]))
        yield from (f"{key}: {value}".rstrip() for key, value in found)
