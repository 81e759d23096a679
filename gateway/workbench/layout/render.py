"""Entries as text in the canonical layout: two blanks a level, values in one column, comments in another.

A column stands where nearly all rows reach it: one long path must not push the others off the screen. Rows that are too
long for it go on after one blank, comments after two.
"""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from gateway.workbench.layout.source import Entry, Kind

STEP = 4  # columns stand at multiples of it, so that one row more seldom moves them
USUAL, SHARE = 0.7, 0.85  # of the rows: enough to go by their widest one; that reach a column of wider ones
KEYS, ROWS = (44, 60), (92, 120)  # columns: usual, widest

Remark = Callable[[Entry], str]


class _Line(msgspec.Struct, frozen=True):
    """One line to be: what is before the value, the value, the comment; `whole` is a line as it stands."""

    kind: Kind
    left: str
    value: str = ""
    comment: str = ""
    whole: bool = False


def render(entries: tuple[Entry, ...], comment: Remark = lambda entry: entry.comment) -> str:
    """The text of a table. `comment` says what stands behind each entry."""
    lines = list(_lines(entries, 0, comment))
    at = _column((len(line.left) + 1 for line in lines if line.kind == "row" and line.value), *KEYS)
    body = [line for line in lines if line.kind != "head"]
    behind = _column((len(_said(line, at)) + 2 for line in body if line.comment), *ROWS)
    heads = (line for line in lines if line.kind == "head" and line.comment)
    above = _column((len(_said(line, at)) + 2 for line in heads), *ROWS)
    texts = (_shown(line, at, above if line.kind == "head" else behind) for line in lines)
    return "\n".join(_single_blanks(texts)) + "\n"


def _lines(entries: tuple[Entry, ...], level: int, comment: Remark) -> Iterator[_Line]:
    indent = "  " * level
    for entry in entries:
        yield from (_Line(entry.kind, f"{indent}{text}".rstrip(), whole=True) for text in entry.above)
        value = entry.value or entry.anchor
        yield _Line("word" if entry.block is not None else entry.kind, f"{indent}{entry.key}:", value, comment(entry))
        moved = 2 * level - entry.column
        yield from (_Line(entry.kind, _moved(text, moved), whole=True) for text in entry.more)
        yield from _lines(entry.block or (), level + 1, comment)
        yield from (_Line(entry.kind, f"{indent}  {text}".rstrip(), whole=True) for text in entry.below)


def _moved(text: str, by: int) -> str:
    """A further line of a value, as far to the right or left as its first one goes."""
    return " " * by + text if by > 0 and text.strip() else text[min(-by, len(text) - len(text.lstrip())) :]


def _column(widths: Iterable[int], usual: int, widest: int) -> int:
    """The first column that all of usual width reach; where many are wider, that which nearly all reach."""
    found = sorted(widths)
    if not found:
        return 0
    fitting = [width for width in found if width <= usual]
    enough = fitting[-1] if len(fitting) >= USUAL * len(found) else found[int(SHARE * (len(found) - 1))]
    return min(-(-enough // STEP) * STEP, widest)


def _said(line: _Line, at: int) -> str:
    """A line without its comment."""
    if line.whole or not line.value:
        return line.left
    return f"{line.left.ljust(at - 1 if line.kind == 'row' else 0)} {line.value}"


def _shown(line: _Line, at: int, behind: int) -> str:
    said = _said(line, at)
    return f"{said.ljust(behind - 2)}  {line.comment}" if line.comment else said


def _single_blanks(texts: Iterable[str]) -> Iterator[str]:
    """One blank line at a time, none at the ends."""
    waiting = False
    begun = False
    for text in texts:
        if not text.strip():
            waiting = begun
            continue
        if waiting:
            yield ""
        waiting, begun = False, True
        yield text
