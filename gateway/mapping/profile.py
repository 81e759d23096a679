"""Profiles: a table that extends another one, merged by path; `null` removes a path and all below it.

A row of the profile belongs to the deepest block whose path leads to it, wherever the profile writes it.
"""

import msgspec

from gateway.findings.finding import Finding
from gateway.mapping.faults import fault
from gateway.mapping.paths import MessagePath, PathError, PathStep, message_key
from gateway.mapping.table import Line, Table

_OWN = {"valid", "replaces", "extends"}  # said of one table, not of those that extend it


def extend(base: Table, own: Table) -> Table:
    """The base with the profile laid over it."""
    head = {name: word for name, word in base.head.items() if name not in _OWN} | own.head
    if "namespaces" in base.head and "namespaces" in own.head:
        both = base.head["namespaces"].value | own.head["namespaces"].value
        head["namespaces"] = msgspec.structs.replace(own.head["namespaces"], value=both)
    lines, faults = base.lines, [*base.faults, *own.faults]
    for line in own.lines:
        try:
            lines = _remove(lines, line, faults) if line.removes else _put(lines, line)
        except PathError:
            lines = (*lines, line)  # lint names it
    return Table(own.file, head, lines, tuple(faults))


def _put(lines: tuple[Line, ...], own: Line) -> tuple[Line, ...]:
    pieces = _pieces(own)
    for at, line in enumerate(lines):
        if _pieces(line) == pieces:
            return (*lines[:at], _over(line, own), *lines[at + 1 :])
        inner = _within(line, pieces)
        if inner is not None:
            block = msgspec.structs.replace(line, lines=_put(line.lines or (), _shorter(own, inner)))
            return (*lines[:at], block, *lines[at + 1 :])
    return (*(line for line in lines if not _replaced(line, own)), own)


def _over(base: Line, own: Line) -> Line:
    """Two rows of one path: blocks are merged, anything else is replaced."""
    if base.lines is None or own.lines is None:
        return own
    lines = base.lines
    for line in own.lines:
        lines = _put(lines, line)
    return Line(own.key, own.place, base.words | own.words, lines)


def _within(line: Line, pieces: tuple[MessagePath, ...]) -> int | None:
    """How many steps lead to this block, where every piece of the row lies inside it."""
    if line.lines is None:
        return None
    block = _pieces(line)
    if len(block) != 1 or not block[0].inner():
        return None
    steps = block[0].steps
    inside = all(
        piece.inner() and len(piece.steps) > len(steps) and piece.steps[: len(steps)] == steps for piece in pieces
    )
    return len(steps) if inside and steps else None


def _shorter(line: Line, steps: int) -> Line:
    """The row as it is written inside a block so many steps down."""
    sides = [
        " + ".join(msgspec.structs.replace(piece, steps=piece.steps[steps:]).text() for piece in side)
        for side in message_key(line.key)
    ]
    return msgspec.structs.replace(line, key=" | ".join(sides))


def _replaced(line: Line, block: Line) -> bool:
    """Whether a row of a new block has the path of this row."""
    if block.lines is None or len(_pieces(block)) != 1:
        return False
    outer = _pieces(block)[0]
    full = {
        tuple(msgspec.structs.replace(piece, steps=outer.steps + piece.steps) for piece in _pieces(inner))
        for inner in block.lines
    }
    return _pieces(line) in full


def _remove(lines: tuple[Line, ...], own: Line, faults: list[Finding]) -> tuple[Line, ...]:
    (gone,) = _pieces(own)[:1]
    left = _without(lines, gone)
    if left == lines:
        faults.append(fault("MAP130", own.place, path=own.key))
    return left


def _without(lines: tuple[Line, ...], gone: MessagePath) -> tuple[Line, ...]:
    kept = []
    for line in lines:
        sides = [side for side in message_key(line.key) if not any(_under(piece, gone) for piece in side)]
        if not sides:
            continue
        block = message_key(line.key)[0][0]
        if line.lines is not None and _under(gone, block):
            rest = msgspec.structs.replace(gone, steps=gone.steps[len(block.steps) :])
            kept.append(msgspec.structs.replace(line, lines=_without(line.lines, rest)))
        elif len(sides) < len(message_key(line.key)):
            key = " | ".join(" + ".join(piece.text() for piece in side) for side in sides)
            kept.append(msgspec.structs.replace(line, key=key))
        else:
            kept.append(line)
    return tuple(kept)


def _under(path: MessagePath, above: MessagePath) -> bool:
    """Whether a path is that other path or lies below it; a step without predicates stands for all of its name."""
    if (path.absolute, path.up) != (above.absolute, above.up) or len(path.steps) < len(above.steps):
        return False
    if not all(map(_same, above.steps, path.steps)):
        return False
    return not above.attribute or (len(path.steps) == len(above.steps) and path.attribute == above.attribute)


def _same(above: PathStep, step: PathStep) -> bool:
    return above.name == step.name and (not above.predicates or above.predicates == step.predicates)


def _pieces(line: Line) -> tuple[MessagePath, ...]:
    return tuple(piece for side in message_key(line.key) for piece in side)
