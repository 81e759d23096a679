"""The Python that a table is compiled to, as a person reads it: lines folded, each with the row that it is made of."""

from collections.abc import Iterator
from itertools import pairwise

import msgspec

from gateway.findings.finding import Row
from gateway.mapping.compiled import objects, reading, scanning, writing
from gateway.mapping.compiled.inscribe import Uncompiled
from gateway.mapping.compiled.scanning import Unscanned
from gateway.mapping.compiled.source import Source
from gateway.mapping.plan import Plan
from gateway.mapping.plugins import syntaxes

WIDE = 100  # characters of a line before it is folded
COLUMN = 80  # where rows stand, unless a line is longer
INDENT = "    "
_OPEN, _CLOSE, _QUOTES = "([{", ")]}", "'\""


class Code(msgspec.Struct, frozen=True):
    """One function. `lines` pairs its lines with their rows."""

    name: str
    lines: tuple[tuple[str, Row | None], ...]

    def text(self) -> str:
        """The function, each line with its row's file and line behind it."""
        return "".join(
            f"{line:<{COLUMN}}  # {row.file}:{row.line}\n" if row else f"{line}\n" for line, row in self.lines
        )


def reader(plan: Plan) -> tuple[Code, ...]:
    """How an item is read: a scan of its text where the table allows one, else from the parsed item."""
    shape = syntaxes()[plan.syntax].shape
    if not plan.reads:
        return ()
    if shape != "element":
        return (_code("read", (objects if shape == "json" else reading).source_of(plan)),)
    try:
        return (_code("scan", scanning.source_of(plan)), _code("read", reading.source_of(plan)))
    except Unscanned:
        return (_code("read", reading.source_of(plan)),)


def writer(plan: Plan) -> tuple[Code, ...]:
    """How a record is written; nothing where only the traced twin can."""
    if not plan.writes or syntaxes()[plan.syntax].shape != "element":
        return ()
    try:
        return (_code("write", writing.source_of(plan)),)
    except Uncompiled:
        return ()


def _code(name: str, source: Source) -> Code:
    pairs = zip(source.lines, source.rows, strict=True)
    return Code(name, tuple((part, row) for line, row in pairs for part in folded(line)))


def folded(line: str, width: int = WIDE) -> Iterator[str]:
    r"""A line that is too long, a line for each argument.

    >>> print("\n".join(folded("    x = f(first, g(a, 'b, c'), last)", 30)))
        x = f(
            first,
            g(a, 'b, c'),
            last,
        )
    """
    body = line.lstrip(" ")
    indent = line[: len(line) - len(body)]
    found = _outermost(body) if len(line) > width else None
    if found is None:
        yield line
        return
    begin, end = found
    inside = body[begin + 1 : end]
    parts = list(_arguments(inside))
    if len(parts) == 1 and len(parts[0]) + len(indent) + len(INDENT) > width and _outermost(parts[0]) is None:
        yield line
        return
    comma = "," if len(parts) > 1 or inside.rstrip().endswith(",") else ""
    yield f"{indent}{body[: begin + 1]}"
    for part in parts:
        yield from folded(f"{indent}{INDENT}{part}{comma}", width)
    yield f"{indent}{body[end:]}"


def _outermost(text: str) -> tuple[int, int] | None:
    """The longest bracket that stands in no other one."""
    pairs, depth, begin = [], 0, 0
    for at, char in _plain(text):
        if char in _OPEN:
            depth += 1
            begin = at if depth == 1 else begin
        elif char in _CLOSE:
            depth -= 1
            pairs += [(begin, at)] if depth == 0 else []
    return max((pair for pair in pairs if pair[1] - pair[0] > 1), key=lambda pair: pair[1] - pair[0], default=None)


def _arguments(text: str) -> Iterator[str]:
    """What stands between the commas of a bracket; a comprehension is one thing."""
    depth, cuts = 0, [-1]
    for at, char in _plain(text):
        depth += (char in _OPEN) - (char in _CLOSE)
        if depth == 0 and text.startswith((" for ", " lambda "), at):
            cuts = [-1]
            break
        cuts += [at] if char == "," and depth == 0 else []
    parts = (text[begin + 1 : end].strip() for begin, end in pairwise((*cuts, len(text))))
    return (part for part in parts if part)


def _plain(text: str) -> Iterator[tuple[int, str]]:
    """Characters that stand in no string."""
    quote, escaped = "", False
    for at, char in enumerate(text):
        if quote:
            quote = "" if char == quote and not escaped else quote
            escaped = char == "\\" and not escaped
        elif char in _QUOTES:
            quote = char
        else:
            yield at, char
