"""A code list: the message's code and the model's code, both ways, with further model fields set along.

The file has the columns `message,model`, perhaps `preferred` (which of several message codes of one model code is
written), `label`s, any number of model paths, and `note`. The message code `*` stands for every code that is not
listed; its model code may be empty: the code as it came.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from gateway.mapping.listing import ANY, MESSAGE, MODEL, PREFERRED, ListRow, read

__all__ = ["ANY", "CodeList", "load"]


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
    listing = read(name, path)
    for column in (MESSAGE, MODEL):
        if column not in listing.columns:
            raise KeyError(column)
    rows, columns = listing.rows, listing.along
    found: dict[str, str] = {}
    written: dict[str, str] = {}
    preferred, doubtful = set(), set()
    for row in rows:
        code, model = row[MESSAGE], row[MODEL]
        found.setdefault(code, model)
        if code == ANY:
            continue
        if model not in written or (row[PREFERRED] and model not in preferred):
            written[model] = code
        elif model not in preferred and not row[PREFERRED]:
            doubtful.add(model)
        if row[PREFERRED]:
            preferred.add(model)
    return CodeList(
        name,
        _preferred_first(rows, found),
        written,
        columns,
        {row[MESSAGE]: tuple(row[column] for column in columns) for row in rows},
        tuple(sorted(doubtful - preferred)),
        tuple(sorted(set(found) - set(written.values()) - {ANY})),
        _twice(rows),
    )


def _preferred_first(rows: Sequence[ListRow], found: dict[str, str]) -> dict[str, str]:
    """Several model codes may share one message code (`advance`): reading gives the preferred one."""
    return found | {row[MESSAGE]: row[MODEL] for row in rows if row[PREFERRED]}


def _twice(rows: Sequence[ListRow]) -> tuple[str, ...]:
    models: dict[str, set[str]] = {}
    for row in rows:
        models.setdefault(row[MESSAGE], set()).add(row[MODEL])
    preferred = {row[MESSAGE] for row in rows if row[PREFERRED]}
    return tuple(code for code, found in models.items() if len(found) > 1 and code not in preferred)
