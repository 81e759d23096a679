"""Many files of one line side by side: a talk about each, all held by the thread that works on the line."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from typing import TypeVar

from gateway.transport.line import Line, Talks
from gateway.transport.plain import Plain
from gateway.transport.talk import Talk, side_by_side

Item = TypeVar("Item")
Result = TypeVar("Result")


def of_each(
    line: Line, crew: Executor, about: Callable[[Talks, Item], Talk[Result]], items: Iterable[Item]
) -> list[Result]:
    """What the talk about each item ends with, in their order. `crew` does what would stop them all: our own disk."""
    talks: Talks = getattr(line, "talks", None) or Plain(line, crew)
    return side_by_side((about(talks, item) for item in items), line.at_a_time)
