"""What is asked of an SFTP server, each as a talk: the steps hold many of them at a time on one connection.

Every one is bounded, every status is looked at, every name is bytes. A talk keeps to one channel; where there are
several it takes the one with the least under way.
"""

import contextlib
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing, contextmanager

from gateway.findings.errors import NameClash, SpoolUnreadable
from gateway.findings.failpoint import effect
from gateway.transport import packets, transfer
from gateway.transport.faults import supplied, translated
from gateway.transport.line import Entry, PublishMode, Timeouts
from gateway.transport.names import below, encoded
from gateway.transport.packets import Attributes, BadPacket, Fields, Flag, Kind, Limits, PathLike, string, uint32
from gateway.transport.watchdog import Allowance, Watchdog
from gateway.transport.wire import Refused, Turn, Unsupported, Wire

BLOCK = 255 * 1024  # the largest block OpenSSH takes; servers that say nothing get 32 KiB
READ_AHEAD = 8  # listing requests in flight where the server is known to answer in order
ENTRIES_PER_SECOND = 200  # of the slowest listing that is still one


class Requests:
    """The talks of one line. `wires` are its channels, the first of which lists folders."""

    def __init__(self, wires: list[Wire], base: bytes, timeouts: Timeouts, watchdog: Watchdog) -> None:
        self.wires = wires
        self.limits = Limits()
        self._base = base
        self._timeouts = timeouts
        self._watchdog = watchdog

    @contextmanager
    def within(self, seconds: float) -> Iterator[Allowance]:
        with translated(), self._watchdog.within(seconds) as allowance:
            yield allowance

    async def scan(self, directory: PathLike) -> AsyncGenerator[tuple[Entry, ...], None]:
        with self.within(self._timeouts.listing) as allowance:
            wire = self.wires[0]
            ahead = READ_AHEAD if wire.sequential else 1
            async with aclosing(transfer.entries(wire, self._path(directory), ahead)) as listed:
                async for some in listed:
                    allowance.earn(len(some) / ENTRIES_PER_SECOND)
                    yield tuple(_entry(name, seen) for name, seen in some)

    async def lstat(self, path: PathLike) -> Entry | None:
        with self.within(self._timeouts.request):
            return await self._lstat(self._wire(), path)

    async def fetch(self, path: PathLike, size: int) -> AsyncGenerator[bytes, None]:
        with self.within(self._timeouts.transfer) as allowance:
            wire = self._wire()
            handle = await wire.open(Kind.OPEN, self._path(path) + uint32(Flag.READ) + Attributes().write())
            try:
                async with aclosing(transfer.read(wire, handle, size, min(BLOCK, self.limits.read))) as blocks:
                    async for block in blocks:
                        allowance.earn(len(block) / self._timeouts.bytes_per_second)
                        yield block
            finally:
                wire.give_back(handle)

    async def write_new(self, path: PathLike, blocks: Iterable[bytes]) -> int:
        with self.within(self._timeouts.transfer) as allowance:
            wire = self._wire()
            handle = await self._create(wire, path)
            try:
                size, written = await transfer.write(wire, handle, self._cut(blocks, allowance))
                look = Turn(wire, Kind.LSTAT, self._path(path), Kind.ATTRS)
                *done, seen = wire.in_turn(*self._ending(wire, handle), look)
                for future in written:
                    await wire.answer(future, Kind.STATUS)
                for turn in done:
                    await turn
                await _must_have(seen, size)
            except (OSError, EOFError, BadPacket, SpoolUnreadable):
                await self._discard(wire, handle, path)
                raise
            return size

    async def publish(self, temp: PathLike, final: PathLike, mode: PublishMode = "rename") -> None:
        with self.within(self._timeouts.request):
            wire = self._wire()
            match mode:
                case "rename":
                    await self._rename(wire, temp, final)
                case "posix_rename":
                    await self._must_be_free(wire, final)
                    await self._replace(wire, temp, final)
                case "hardlink":
                    await self._link(wire, temp, final)
                    with effect("publish.unlink"):
                        await wire.ask(Kind.REMOVE, self._path(temp))

    async def remove(self, path: PathLike) -> bool:
        with self.within(self._timeouts.request):
            try:
                await self._wire().ask(Kind.REMOVE, self._path(path))
            except FileNotFoundError:
                return False
            return True

    async def move(self, path: PathLike, to: PathLike) -> bool:
        with self.within(self._timeouts.request):
            wire = self._wire()
            try:
                await self._rename(wire, path, to)
            except FileNotFoundError:
                if await self._lstat(wire, path):  # then it is the other folder that is missing
                    raise
                return False
            return True

    async def make_folder(self, path: PathLike) -> None:
        with self.within(self._timeouts.request):
            await self._wire().ask(Kind.MKDIR, self._path(path) + Attributes().write())

    async def remove_folder(self, path: PathLike) -> None:
        with self.within(self._timeouts.request):
            await self._wire().ask(Kind.RMDIR, self._path(path))

    async def free_bytes(self, directory: PathLike) -> int | None:
        if packets.STATVFS not in self.wires[0].extensions:
            return None
        with self.within(self._timeouts.request):
            body = await self.wires[0].ask(
                Kind.EXTENDED, string(packets.STATVFS) + self._path(directory), expected=Kind.EXTENDED_REPLY
            )
            return packets.free_bytes(body)

    async def ask_limits(self) -> Limits:
        if packets.LIMITS not in self.wires[0].extensions:
            return Limits()
        with self.within(self._timeouts.request):
            return Limits.parse(await self.wires[0].extended(packets.LIMITS, expected=Kind.EXTENDED_REPLY))

    def _wire(self) -> Wire:
        return min(self.wires, key=lambda wire: wire.under_way)

    def _path(self, path: PathLike) -> bytes:
        """A path as it goes into a request."""
        return string(below(self._base, path) or b".")

    async def _lstat(self, wire: Wire, path: PathLike) -> Entry | None:
        try:
            body = await wire.ask(Kind.LSTAT, self._path(path), Kind.ATTRS)
        except FileNotFoundError:
            return None
        return _entry(encoded(path).rpartition(b"/")[2], Attributes.read(Fields(body)))

    async def _create(self, wire: Wire, path: PathLike) -> bytes:
        flags = Flag.WRITE | Flag.CREATE | Flag.EXCLUSIVE
        try:
            return await wire.open(Kind.OPEN, self._path(path) + uint32(flags) + Attributes().write())
        except Refused:
            await self._must_be_free(wire, path)
            raise

    def _cut(self, blocks: Iterable[bytes], allowance: Allowance) -> Iterator[bytes]:
        """Blocks as large as the server takes them; each that goes out earns its time."""
        largest = min(BLOCK, self.limits.write)
        for block in supplied(blocks):
            for start in range(0, len(block), largest):
                part = block[start : start + largest]
                allowance.earn(len(part) / self._timeouts.bytes_per_second)
                yield part

    def _ending(self, wire: Wire, handle: bytes) -> Iterator[Turn]:
        """What makes written bytes last: a sync where there is one, and the close."""
        if packets.FSYNC in wire.extensions:
            yield Turn(wire, Kind.EXTENDED, string(packets.FSYNC) + handle)
        yield Turn(wire, Kind.CLOSE, handle)

    async def _discard(self, wire: Wire, handle: bytes, path: PathLike) -> None:
        """A file of ours that did not become whole leaves the partner's disk, where the line still carries."""
        for kind, body in ((Kind.CLOSE, handle), (Kind.REMOVE, self._path(path))):
            with contextlib.suppress(OSError, EOFError, BadPacket):
                await wire.ask(kind, body)

    async def _rename(self, wire: Wire, path: PathLike, to: PathLike) -> None:
        try:
            await wire.ask(Kind.RENAME, self._path(path) + self._path(to))
        except Unsupported:
            raise
        except Refused:
            await self._must_be_free(wire, to)
            raise

    async def _replace(self, wire: Wire, temp: PathLike, final: PathLike) -> None:
        """One request that would overwrite: the caller has looked. Old servers know `rename` only, and it does."""
        if packets.POSIX_RENAME in wire.extensions:
            await self._extended(wire, packets.POSIX_RENAME, temp, final)
        else:
            await self._rename(wire, temp, final)

    async def _link(self, wire: Wire, temp: PathLike, final: PathLike) -> None:
        try:
            await self._extended(wire, packets.HARDLINK, temp, final)
        except Unsupported:
            raise
        except Refused:
            await self._must_be_free(wire, final)
            raise

    async def _extended(self, wire: Wire, name: bytes, *paths: PathLike) -> None:
        await wire.ask(Kind.EXTENDED, string(name) + b"".join(map(self._path, paths)))

    async def _must_be_free(self, wire: Wire, path: PathLike) -> None:
        if await self._lstat(wire, path):
            raise NameClash


def _entry(name: bytes, seen: Attributes) -> Entry:
    return Entry(name, seen.size or 0, seen.mtime or 0, seen.kind)


async def _must_have(turn: Turn, size: int) -> None:
    """Some servers acknowledge what they did not keep; some let us write and not look."""
    with contextlib.suppress(PermissionError):
        try:
            seen = Attributes.read(Fields(await turn))
        except FileNotFoundError:
            raise Refused from None
        if seen.size != size:
            raise Refused
