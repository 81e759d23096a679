"""A table with one thing deleted: a row, a word of a row, a predicate, one of several alternatives or pieces.

Every mutant is an edit of the merged table, before it is built: a row that several blocks share is lost in all of them,
as it would be for its author. What is only said to people (`hint`, `note`) is left alone.
"""

import re
from collections.abc import Callable, Iterator

import msgspec

from gateway.findings.finding import Row
from gateway.mapping.faults import Place
from gateway.mapping.language import KEYWORDS
from gateway.mapping.paths import Key, MessagePath, PathError, PathStep, Predicate, message_key, message_path, split
from gateway.mapping.table import Line, Table, Word

WORDS = tuple(name for name in KEYWORDS if name not in {"is", "fields", "hint", "note"})
_WHERE = re.compile(r"\[[^\]]*\]")

Edit = Callable[[Line], Line | None]


class Mutant(msgspec.Struct, frozen=True):
    """`table` lacks what is `lost` at a place.

    `kind` is a keyword, or what else it is: row, predicate, piece. `rows` are those that it stands in or holds.
    """

    place: Place
    path: str
    kind: str
    lost: str
    table: Table
    rows: frozenset[Row] = frozenset()


def mutants(table: Table) -> Iterator[Mutant]:
    """Every mutant of a table whose profiles are merged, in the order of its rows."""
    yield from _of_head(table)
    for line in _each(table.lines):
        rows = frozenset(inner.place.row() for inner in (line, *_each(line.lines or ())))
        for kind, lost, edit in _edits(line):
            edited = msgspec.structs.replace(table, lines=_edited(table.lines, line.place, edit))
            yield Mutant(line.place, line.key, kind, lost, edited, rows)


def _each(lines: tuple[Line, ...]) -> Iterator[Line]:
    """Every row once, wherever its block is used."""
    found: dict[Place, Line] = {}

    def walk(some: tuple[Line, ...]) -> None:
        for line in some:
            found.setdefault(line.place, line)
            walk(line.lines or ())

    walk(lines)
    yield from found.values()


def _edited(lines: tuple[Line, ...], place: Place, edit: Edit) -> tuple[Line, ...]:
    made: list[Line] = []
    for line in lines:
        new = edit(line) if line.place == place else line
        if new is not None and new.lines:
            new = msgspec.structs.replace(new, lines=_edited(new.lines, place, edit))
        made += [new] if new is not None else []
    return tuple(made)


def _edits(line: Line) -> Iterator[tuple[str, str, Edit]]:
    """What can be lost of one row, in words, and how."""
    yield ("row", "the row", _gone) if line.lines is None else ("block", "the block", _gone)
    for name in line.words:
        if name in WORDS:
            yield name, f"`{name}: {_text(line.words[name])}`", _without_word(name)
    for name in ("is", "unit", "currency", "date"):
        for text in _fewer(split(line.text(name), "|")):
            yield "alternative", f"an alternative (`{name}: {text}` is left)", _with_word(name, text)
    for found in _WHERE.finditer(line.text("is")):
        text = line.text("is")[: found.start()] + line.text("is")[found.end() :]
        yield "filter", f"`{found[0]}`", _with_word("is", text)
    for kind, lost, key in _keys(line.key):
        yield kind, lost, _with_key(key)


def _gone(_: Line) -> None:
    return None


def _without_word(name: str) -> Edit:
    return lambda line: msgspec.structs.replace(line, words={k: word for k, word in line.words.items() if k != name})


def _with_word(name: str, text: str) -> Edit:
    def edit(line: Line) -> Line:
        word = Word(text, line.place_of(name))
        return msgspec.structs.replace(line, words={**line.words, name: word})

    return edit


def _with_key(text: str) -> Edit:
    return lambda line: msgspec.structs.replace(line, key=text)


def _keys(text: str) -> Iterator[tuple[str, str, str]]:
    """A message key without one of its alternatives or predicates."""
    try:
        key = message_key(text)
    except PathError:
        return
    for at, side in enumerate(key if len(key) > 1 else ()):
        yield "alternative", f"`{_shown((side,))}`", _shown((*key[:at], *key[at + 1 :]))
    for choice, side in enumerate(key):
        for piece, path in enumerate(side):
            if len(side) > 1:
                left = (*side[:piece], *side[piece + 1 :])
                yield "piece", f"`{path.text()}`", _shown((*key[:choice], left, *key[choice + 1 :]))
            for lost, shorter in _paths(path):
                other = (*side[:piece], shorter, *side[piece + 1 :])
                yield "predicate", f"`{lost}`", _shown((*key[:choice], other, *key[choice + 1 :]))


def _paths(path: MessagePath) -> Iterator[tuple[str, MessagePath]]:
    """A path without one of its predicates, or with one value less in one."""
    for at, step in enumerate(path.steps):
        for number, predicate in enumerate(step.predicates):
            before, after = step.predicates[:number], step.predicates[number + 1 :]
            options = [
                (predicate.text(), (*before, *after)),
                *((lost, (*before, p, *after)) for lost, p in _values(predicate)),
            ]
            for lost, predicates in options:
                steps = (*path.steps[:at], PathStep(step.name, predicates), *path.steps[at + 1 :])
                yield lost, msgspec.structs.replace(path, steps=steps)


def _values(predicate: Predicate) -> Iterator[tuple[str, Predicate]]:
    for at, value in enumerate(predicate.values if len(predicate.values) > 1 else ()):
        fewer = (*predicate.values[:at], *predicate.values[at + 1 :])
        yield f"'{value}'", msgspec.structs.replace(predicate, values=fewer)


def _of_head(table: Table) -> Iterator[Mutant]:
    """Predicates of the root, and the cells that make rows one item."""
    root = table.text("root")
    for lost, shorter in _paths(message_path(root)) if root else ():
        yield _headless(table, "root", "predicate", f"`{lost}`", shorter.text())
    group = table.texts("group")
    for at, name in enumerate(group if len(group) > 1 else ()):
        yield _headless(table, "group", "group", f"`{name}`", (*group[:at], *group[at + 1 :]))


def _headless(table: Table, name: str, kind: str, lost: str, value: object) -> Mutant:
    word = msgspec.structs.replace(table.head[name], value=value)
    return Mutant(word.place, name, kind, lost, msgspec.structs.replace(table, head={**table.head, name: word}))


def _fewer(parts: list[str]) -> Iterator[str]:
    if len(parts) > 1:
        yield from (" | ".join((*parts[:at], *parts[at + 1 :])) for at in range(len(parts)))


def _shown(key: Key) -> str:
    return " | ".join(" + ".join(path.text() for path in side) for side in key)


def _text(word: Word) -> str:
    return f"[{', '.join(word.value)}]" if isinstance(word.value, tuple) else str(word.value)
