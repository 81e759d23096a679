"""Many requests in flight on one handle: reading, writing, listing.

A window of requests is kept open: with 16 a link of 40 ms carries 12 MB/s where the stock client of the SSH library
carries one block for each round trip. Among many files each has one request under way, and more while the server takes
more. No status is dropped (exchange.md §2.3).
"""

import contextlib
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from concurrent.futures import Future

from gateway.findings.errors import RemoteChanged
from gateway.transport.packets import Attributes, BadPacket, Fields, Kind, directory_part, string, uint32, uint64
from gateway.transport.talk import due
from gateway.transport.wire import Reply, Wire

WINDOW = 16


async def read(wire: Wire, handle: bytes, size: int, block: int) -> AsyncGenerator[bytes, None]:
    """Exactly `size` bytes in order; a short read is legal and asked again. Raises: RemoteChanged at an early end."""
    pending: deque[tuple[int, int, Future[Reply]]] = deque()
    asked = 0

    def ask(at: int, length: int) -> tuple[int, int, Future[Reply]]:
        return at, length, wire.submit(Kind.READ, handle + uint64(at) + uint32(length))

    try:
        while asked < size or pending:
            while asked < size and _may_ask(wire, len(pending)):
                length = min(block, size - asked)
                pending.append(ask(asked, length))
                asked += length
            at, length, future = pending.popleft()
            data = await _data(wire, future, length)
            if len(data) < length:
                pending.appendleft(ask(at + len(data), length - len(data)))
            yield data
    finally:
        await _drain(future for *_, future in pending)


async def write(wire: Wire, handle: bytes, blocks: Iterable[bytes]) -> tuple[int, list[Future[Reply]]]:
    """Write the blocks one behind the other; the number of bytes, and the answers that are still to be looked at."""
    pending: deque[Future[Reply]] = deque()
    offset = 0
    for block in blocks:
        if not _may_ask(wire, len(pending)):
            await wire.answer(pending.popleft(), Kind.STATUS)
        pending.append(wire.submit(Kind.WRITE, handle + uint64(offset) + string(block)))
        offset += len(block)
    return offset, list(pending)


Part = tuple[tuple[bytes, Attributes], ...]


async def entries(wire: Wire, directory: bytes, ahead: int) -> AsyncGenerator[Part, None]:
    """Names of a folder as they come, some at a time. `ahead` > 1 only for servers that answer in order."""
    handle = await wire.open(Kind.OPENDIR, directory)
    pending: deque[Future[Reply]] = deque()
    try:
        while True:
            while len(pending) < ahead:
                pending.append(wire.submit(Kind.READDIR, handle))
            try:
                body = await wire.answer(pending.popleft(), Kind.NAME)
            except EOFError:
                return
            yield tuple(entry for entry in directory_part(body) if entry[0] not in (b".", b".."))
    finally:
        await _drain(pending)
        wire.give_back(handle)


def _may_ask(wire: Wire, pending: int) -> bool:
    """Always one request, so that every file goes on; more within the window and what the server takes."""
    return not pending or (pending < WINDOW and wire.room())


async def _data(wire: Wire, future: Future[Reply], length: int) -> bytes:
    try:
        data = Fields(await wire.answer(future, Kind.DATA)).string()
    except EOFError:
        raise RemoteChanged from None
    if not 0 < len(data) <= length:
        raise BadPacket
    return data


async def _drain(pending: Iterable[Future[Reply]]) -> None:
    """Answers nobody waits for any more; a handle may be closed only after them."""
    for future in pending:
        with contextlib.suppress(OSError, EOFError):
            await due(future)
