"""The calls of a line that holds no talks of its own, each made one: a crew of threads does them, a call at a time."""

from collections.abc import AsyncGenerator, Callable, Iterable
from concurrent.futures import Executor
from typing import TypeVar

from gateway.transport.line import Entry, Line, PublishMode
from gateway.transport.packets import PathLike
from gateway.transport.talk import due

Result = TypeVar("Result")


class Plain:
    """`Talks` over any line."""

    def __init__(self, line: Line, crew: Executor) -> None:
        self._line, self._crew = line, crew

    async def lstat(self, path: PathLike) -> Entry | None:
        return await self._done(self._line.lstat, path)

    async def fetch(self, path: PathLike, size: int) -> AsyncGenerator[bytes, None]:
        blocks = await self._done(self._line.fetch, path, size)
        while block := await self._done(next, blocks, b""):
            yield block

    async def write_new(self, path: PathLike, blocks: Iterable[bytes]) -> int:
        return await self._done(self._line.write_new, path, blocks)

    async def publish(self, temp: PathLike, final: PathLike, mode: PublishMode = "rename") -> None:
        await self._done(self._line.publish, temp, final, mode)

    async def remove(self, path: PathLike) -> bool:
        return await self._done(self._line.remove, path)

    async def move(self, path: PathLike, to: PathLike) -> bool:
        return await self._done(self._line.move, path, to)

    async def _done(self, call: Callable[..., Result], *given: object) -> Result:
        return await due(self._crew.submit(call, *given))
