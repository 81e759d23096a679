"""What a table says, whatever its layout, and a hash of it.

Head and rows as they are read: comments, blank lines, quotes, anchors, the choice of flow or block and the order of the
words of a row do not count; the order of the rows does. An overlay names the hash of the table that it replaces
(`replaces:`), so that it is looked at again when that one says something else.
"""

import hashlib
from typing import Any

import msgspec

from gateway.mapping.table import Line, Table

DIGITS = 16


def said(table: Table) -> Any:
    """Head and rows as plain data."""
    head = {name: word.value for name, word in sorted(table.head.items()) if name != "replaces"}
    return head, [_row(line) for line in table.lines]


def fingerprint(table: Table) -> str:
    """The hash that `replaces:` takes."""
    return hashlib.sha256(msgspec.json.encode(said(table))).hexdigest()[:DIGITS]


def _row(line: Line) -> Any:
    words = {keyword: word.value for keyword, word in sorted(line.words.items())}
    return line.key, words, line.removes, None if line.lines is None else [_row(inner) for inner in line.lines]
