"""Many at once: selects over any number of ids, and groups in which one broken unit stops no other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select

from gateway.steps.ground.failure import raise_trouble

AT_ONCE = 900  # values in one condition: older builds of SQLite take 999

Value = TypeVar("Value")


def chunks(values: Iterable[Value], size: int = AT_ONCE) -> Iterator[list[Value]]:
    """Lists of at most `size`.

    >>> list(chunks(range(5), 2))
    [[0, 1], [2, 3], [4]]
    """
    left = iter(values)
    while some := list(islice(left, size)):
        yield some


def among(conn: Connection, wanted: Select[Any], column: ColumnElement[Any], values: Iterable[Any]) -> Iterator[Any]:
    """The rows of a select in which `column` is one of `values`, however many these are."""
    for some in chunks(values):
        yield from conn.execute(wanted.where(column.in_(some)))


def together(
    units: Sequence[Value], act: Callable[[Sequence[Value]], object], stopped: Callable[[Value, Exception], object]
) -> None:
    """Do all in one transaction; when one breaks it, do each half, until the broken one is alone and put aside.

    Trouble of the machine is raised: it is no unit's fault, and all of them wait.
    """
    if not units:
        return
    try:
        act(units)
    except Exception as error:  # noqa: BLE001  # whatever it is: it must cost this unit only
        raise_trouble(error)
        if len(units) == 1:
            stopped(units[0], error)
            return
        middle = len(units) // 2
        together(units[:middle], act, stopped)
        together(units[middle:], act, stopped)
