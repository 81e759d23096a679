"""Talks: what is said over a line about one file, many of them at a time, by one thread.

A talk is a coroutine that waits for answers (`await due(future)`). `now` holds one and waits for each of its answers;
`side_by_side` holds many, and while one waits the others go on. A round trip so costs no thread, and 64 files in flight
on a line of 40 ms are 300 files a second where one after the other is four.

>>> async def talk(number: int) -> int:
...     return 2 * number
>>> side_by_side([talk(1), talk(2), talk(3)], ahead=2)
[2, 4, 6]
"""

from collections.abc import AsyncGenerator, Coroutine, Generator, Iterable, Iterator
from concurrent.futures import Future
from functools import partial
from itertools import islice
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")
Talk = Coroutine[Future[Any], None, Result]


class due(Generic[Result]):  # noqa: N801  # reads as a word of the language: `await due(future)`
    """Wait for a future: the only thing that a talk waits for."""

    def __init__(self, future: Future[Result]) -> None:
        self._future = future

    def __await__(self) -> Generator[Future[Any], None, Result]:
        if not self._future.done():
            yield self._future
        return self._future.result()


def now(talk: Talk[Result], limit: float) -> Result:
    """What a talk ends with. An answer that takes longer than `limit` seconds is a TimeoutError inside the talk."""
    step = partial(talk.send, None)
    while True:
        try:
            future = step()
        except StopIteration as end:
            result: Result = end.value
            return result
        try:
            future.exception(limit)
        except TimeoutError as error:
            step = partial(talk.throw, error)
        else:
            step = partial(talk.send, None)


def each(stream: AsyncGenerator[Result, None], limit: float) -> Iterator[Result]:
    """What a talk gives, one after the other; it is ended properly where the reader stops early."""
    try:
        while True:
            try:
                one = now(anext(stream), limit)
            except StopAsyncIteration:
                return
            yield one
    finally:
        now(stream.aclose(), limit)


def side_by_side(talks: Iterable[Talk[Result]], ahead: int) -> list[Result]:
    """What each ends with, in their order; at most `ahead` are under way at a time.

    A talk bounds its own waiting. When one raises, the others are led to their end before its error is raised.
    """
    left = enumerate(talks)
    ready: SimpleQueue[tuple[int, Talk[Result]]] = SimpleQueue()
    results: dict[int, Result] = {}
    faults: dict[int, Exception] = {}
    under_way: dict[int, Talk[Result]] = {}

    def begin(most: int) -> None:
        for number, talk in islice(left, most):
            under_way[number] = talk
            ready.put((number, talk))

    try:
        begin(ahead)
        while under_way:
            number, talk = ready.get()
            try:
                talk.send(None).add_done_callback(partial(_again, ready, (number, talk)))
            except StopIteration as end:
                results[number] = end.value
            except Exception as error:  # noqa: BLE001  # raised when all have ended
                faults[number] = error
            else:
                continue
            del under_way[number]
            begin(1)
    finally:  # torn by an end of the process: none is left behind
        for talk in under_way.values():
            talk.close()
    if faults:
        raise faults[min(faults)]
    return [results[number] for number in sorted(results)]


def _again(ready: SimpleQueue[tuple[int, Talk[Result]]], one: tuple[int, Talk[Result]], _: Future[Any]) -> None:
    ready.put(one)
