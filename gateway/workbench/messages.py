"""What there is to translate besides Python: texts in data files, as extractors for Babel (`gateway/locale/babel.cfg`).

An extractor takes an open file and options and yields what Babel asks for: line, function, message, comments.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from ruamel.yaml import YAML

from gateway.checks.converters import CONVERTERS
from gateway.checks.named import CHECKS
from gateway.workbench.document.remarks import converted, explained

Message = tuple[int, str | None, str | tuple[str, str], Sequence[str]]
_HEAD = ("title", "basis")
_ROW = ("hint", "note")


def cells(
    file: IO[bytes], keywords: Sequence[str], tags: Sequence[str], options: Mapping[str, str]
) -> Iterator[Message]:
    """The cells of some `columns` of a CSV table that has the column `when`.

    A column with translations beside it (`label_fr`) is none of ours.
    """
    del keywords, tags
    reader = csv.DictReader(line for line in _lines(file) if not line.startswith("#"))
    known = reader.fieldnames or ()
    if options.get("when", "") not in {"", *known}:
        return
    columns = [name for name in options["columns"].split() if not any(one.startswith(f"{name}_") for one in known)]
    for number, row in enumerate(reader, 2):
        yield from ((number, None, row[name], ()) for name in columns if row.get(name))


def labels(
    file: IO[bytes], keywords: Sequence[str], tags: Sequence[str], options: Mapping[str, str]
) -> Iterator[Message]:
    """The labels of the model's fields, and the roles of parties that findings name."""
    del keywords, tags, options
    for number, row in enumerate(csv.DictReader(_lines(file)), 2):
        yield number, None, row["label"], ()
        if row["record"] == "Consignment" and row["group"] == "parties":
            yield number, "pgettext", ("role", row["field"]), ()


def tables(
    file: IO[bytes], keywords: Sequence[str], tags: Sequence[str], options: Mapping[str, str]
) -> Iterator[Message]:
    """Title and basis of a mapping table, hints and notes of its rows."""
    del keywords, tags, options
    table = YAML(typ="safe", pure=True).load(file.read()) or {}
    yield from ((1, None, str(table[name]), ()) for name in _HEAD if table.get(name))
    yield from ((1, None, text, ()) for text in _told(table.get("fields")))


def docstrings(
    file: IO[bytes], keywords: Sequence[str], tags: Sequence[str], options: Mapping[str, str]
) -> Iterator[Message]:
    """What named checks (`of = checks`) or converters do."""
    del file, keywords, tags
    of_checks = options.get("of") == "checks"
    names = CHECKS if of_checks else CONVERTERS
    said = (explained(name) if of_checks else converted(name) for name in names)
    yield from ((1, None, text, ()) for text in said if text)


def _lines(file: IO[bytes]) -> Iterator[str]:
    """The lines of a file that is whoever's who opened it: to wrap it would be to close it."""
    return io.StringIO(file.read().decode("utf-8"), newline="")


def _told(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (node[name] for name in _ROW if isinstance(node.get(name), str))
        for below in node.values():
            yield from _told(below)
