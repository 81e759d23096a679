"""A code list: the message's code and the model's code, both ways, with further model fields set along.

The file has the columns `message,model`, perhaps `preferred` (which of several message codes of one model code is
written), any number of model paths, and `note`. The message code `*` stands for every code that is not listed; its
model code may be empty: the code as it came.
"""

import csv
from pathlib import Path

import msgspec

_OWN = ("message", "model", "preferred", "note")
ANY = "*"


class CodeList(msgspec.Struct, frozen=True):
    """`read`: message code → model code; `written`: model code → the (preferred) message code.

    `columns` are the further columns, `along` their cells by message code; `doubtful` are model codes that several
    message codes share without one being preferred; `other` are the message codes that are never written; `twice` are
    those that stand for several model codes of which none is preferred.
    """

    name: str
    read: dict[str, str]
    written: dict[str, str]
    columns: tuple[str, ...] = ()
    along: dict[str, tuple[str, ...]] = {}
    doubtful: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()


def load(name: str, path: Path) -> CodeList:
    """Raises: OSError, KeyError (a column is missing)."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    columns = tuple(column for column in (rows[0] if rows else {}) if column not in _OWN)
    read: dict[str, str] = {}
    written: dict[str, str] = {}
    preferred, doubtful = set(), set()
    for row in rows:
        code, model = row["message"], row["model"]
        read.setdefault(code, model)
        if code == ANY:
            continue
        if model not in written or (row.get("preferred") and model not in preferred):
            written[model] = code
        elif model not in preferred and not row.get("preferred"):
            doubtful.add(model)
        if row.get("preferred"):
            preferred.add(model)
    return CodeList(
        name,
        _preferred_first(rows, read),
        written,
        columns,
        {row["message"]: tuple(row[column] or "" for column in columns) for row in rows},
        tuple(sorted(doubtful - preferred)),
        tuple(sorted(set(read) - set(written.values()) - {ANY})),
        _twice(rows),
    )


def _preferred_first(rows: list[dict[str, str]], read: dict[str, str]) -> dict[str, str]:
    """Several model codes may share one message code (`advance`): reading gives the preferred one."""
    return read | {row["message"]: row["model"] for row in rows if row.get("preferred")}


def _twice(rows: list[dict[str, str]]) -> tuple[str, ...]:
    models: dict[str, set[str]] = {}
    for row in rows:
        models.setdefault(row["message"], set()).add(row["model"])
    preferred = {row["message"] for row in rows if row.get("preferred")}
    return tuple(code for code, found in models.items() if len(found) > 1 and code not in preferred)
