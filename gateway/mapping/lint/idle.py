"""Words of a table that do nothing where they stand: what is written and not meant misleads whoever reads it."""

from collections.abc import Callable, Iterator

from gateway.findings.finding import Finding
from gateway.mapping.faults import fault
from gateway.mapping.language import KEYWORDS
from gateway.mapping.paths import PathError, message_key
from gateway.mapping.table import Line

Idle = tuple[tuple[str, ...], Callable[[Line], bool], str]

# Keywords, where they do nothing, and why.
_IDLE: tuple[Idle, ...] = (
    (
        tuple(word.name for word in KEYWORDS.values() if word.where == "row"),
        lambda line: line.lines is not None,
        "a block has no value of its own",
    ),
    (
        tuple(word.name for word in KEYWORDS.values() if word.where == "block" and word.name != "fields"),
        lambda line: line.lines is None,
        "the row is no block",
    ),
    (
        ("default", "required", "none", "cut"),
        lambda line: "constant" in line.words,
        "the row says a constant",
    ),
    (
        ("default", "when", "cut"),
        lambda line: line.text("only") == "read",
        "nothing is written",
    ),
    (
        ("split",),
        lambda line: line.lines is None and _alone(line),
        "the key joins no elements",
    ),
)


def idle(lines: tuple[Line, ...]) -> Iterator[Finding]:
    """Every such word of a table's rows."""
    for line in lines:
        for keywords, fits, reason in _IDLE:
            for keyword in keywords:
                if keyword in line.words and fits(line):
                    yield fault("MAP148", line.place_of(keyword), keyword=keyword, reason=reason)
        yield from idle(line.lines or ())


def _alone(line: Line) -> bool:
    word = line.word("split")
    try:
        return isinstance(word, tuple) and all(len(side) == 1 for side in message_key(line.key))
    except PathError:
        return False
