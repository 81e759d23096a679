"""Dated tables: which row of a table of law is in force on a day. Limits, procedures and rates are data, never code.

A table has the columns `valid_from` and `valid_to` (ISO 8601 days, both included, empty: without end) and `source`.

>>> old = {"limit": "22", "valid_from": "", "valid_to": "2020-12-31"}
>>> new = {"limit": "135", "valid_from": "2021-01-01", "valid_to": ""}
>>> [[row["limit"] for row in in_force((old, new), day)] for day in (date(2020, 12, 31), date(2021, 1, 1))]
[['22'], ['135']]
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

Row = Mapping[str, str]


def in_force(rows: Iterable[Row], on: date) -> Iterator[Row]:
    """Every row that is in force on that day, in the order of the table."""
    day = on.isoformat()
    return (row for row in rows if (row["valid_from"] or day) <= day <= (row["valid_to"] or day))
