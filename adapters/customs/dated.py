"""Dated tables: which row of a table of law is in force on a day. Limits, procedures and rates are data, never code.

A table has the columns `valid_from` and `valid_to` (ISO 8601 days, both included, empty: without end) and `source`.

>>> old = {"limit": "22", "valid_from": "", "valid_to": "2020-12-31"}
>>> new = {"limit": "135", "valid_from": "2021-01-01", "valid_to": ""}
>>> [[row["limit"] for row in in_force((old, new), day)] for day in (date(2020, 12, 31), date(2021, 1, 1))]
[['22'], ['135']]
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

Row = Mapping[str, str]
DAYS = ("valid_from", "valid_to")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class NothingInForceError(LookupError):
    """No procedure of a data set is in force on a day."""


def in_force(rows: Iterable[Row], on: date) -> Iterator[Row]:
    """Every row that is in force on that day, in the order of the table."""
    now = on.isoformat()
    return (row for row in rows if (day(row, "valid_from") or now) <= now <= (day(row, "valid_to") or now))


def day(row: Row, column: str) -> str:
    """An ISO 8601 day of a row, or nothing. Raises: ValueError for another text, which would never come or never end.

    >>> day({"valid_to": "2026-12-31"}, "valid_to"), day({"valid_to": ""}, "valid_to")
    ('2026-12-31', '')
    """
    text = row[column] or ""
    if text and not (_DAY.fullmatch(text) and date.fromisoformat(text)):
        raise ValueError(f"{column} {text!r} is no day (YYYY-MM-DD)")
    return text
