"""The reference of the mapping language, made of its own definition: `python -m gateway.workbench.reference`.

Nothing in it is said a second time: words come from `gateway.mapping.language`, checks and converters from their
docstrings, units and forms of dates from the tables that the engine itself uses.
"""

import sys
from collections.abc import Iterable, Iterator

from gateway.mapping.language import HEAD, KEYWORDS, MESSAGE_PATHS, MODEL_PATHS, HeadWord, Keyword
from gateway.mapping.units import UNITS
from gateway.model.moment import KINDS, Moment, render
from gateway.workbench.named import Named, named

NOTICE = "<!-- made by `python -m gateway.workbench.reference`; do not edit -->"
WHERE = {"row": "on the row of a value", "block": "on a block of rows", "both": "on a row or a block"}
SHOWN = Moment("2026-09-13T17:40:00+02:00")


def reference() -> str:
    """The page in Markdown."""
    return "\n".join((*_opening(), *_head(), *_keywords(), *_paths(), *_named(), *_dates(), *_units())) + "\n"


def _opening() -> Iterator[str]:
    yield "# Reference of the mapping language"
    yield ""
    yield NOTICE
    yield ""
    yield "A table is a YAML file: a head, then rows under `fields`. What the words mean is said here, word by word;"
    yield "how they work together is told step by step in the [tutorial](README.md)."
    yield ""
    yield "[Head](#head) · [Rows](#rows) · [Paths](#paths) · [Checks](#checks) · [Converters](#converters) ·"
    yield "[Dates](#dates) · [Units](#units)"
    yield ""


def _head() -> Iterator[str]:
    yield "## Head"
    yield ""
    yield "The words above `fields`. A needed word may come from the table that is extended."
    yield ""
    for word in HEAD.values():
        yield from _word(word, "needed" if word.needed else "")


def _keywords() -> Iterator[str]:
    yield "## Rows"
    yield ""
    yield "A row is `left: right`. The right side is a model path, or these words in braces. The set is closed."
    yield ""
    for word in KEYWORDS.values():
        yield from _word(word, WHERE[word.where])


def _word(word: HeadWord | Keyword, where: str) -> Iterator[str]:
    yield f"### `{word.name}`"
    yield ""
    yield f"Takes {word.takes}{f'; {where}' if where else ''}."
    yield ""
    yield word.meaning
    yield ""
    yield from ("```yaml", word.example, "```", "")


def _paths() -> Iterator[str]:
    yield "## Paths"
    yield ""
    yield "On the left, in the message:"
    yield ""
    yield from _table(("written", "means"), ((f"`{_cell(form)}`", meaning) for form, meaning in MESSAGE_PATHS))
    yield "On the right, in the model:"
    yield ""
    yield from _table(("written", "means"), ((f"`{_cell(form)}`", meaning) for form, meaning in MODEL_PATHS))


def _named() -> Iterator[str]:
    everything = named()
    for title, kind, said in (
        ("Checks", "check", "A row names one with `check:`. It reports; it never changes a value."),
        ("Converters", "converter", "A row names one with `as:`. What it reads it writes back the same."),
    ):
        yield from (f"## {title}", "", said, "")
        for one in everything:
            if one.kind == kind:
                yield from _one(one)


def _one(one: Named) -> Iterator[str]:
    yield from (f"### `{one.name}`", "")
    if one.serves:
        yield from (f"Serves {one.serves}.", "")
    yield from (one.text, "")
    if one.examples:
        yield "```python"
        for example in one.examples:
            yield from (f">>> {example.says}", example.gives)
        yield from ("```", "")


def _dates() -> Iterator[str]:
    yield from ("## Dates", "", "What `date:` may name, and how each writes one moment.", "")
    rows = ((f"`{kind}`", f"`{text}`" if (text := render(SHOWN, kind)) else "") for kind in sorted(KINDS))
    yield from _table(("form", "example"), rows)


def _units() -> Iterator[str]:
    yield from ("## Units", "", "What `unit:` may name (UN/ECE Recommendation 20), in kilograms.", "")
    yield from _table(("unit", "kilograms"), ((f"`{unit}`", str(factor)) for unit, factor in UNITS.items()))


def _table(titles: tuple[str, str], rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f"| {' | '.join(titles)} |"
    yield "|---|---|"
    yield from (f"| {left} | {right} |" for left, right in rows)
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(reference())
