"""A line over SFTP. Every call is bounded, every status is looked at, every name is bytes."""

import contextlib
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import paramiko

from gateway.findings.errors import NameClash, PartnerUnreachable, SpoolUnreadable
from gateway.transport import dial, packets, transfer
from gateway.transport.faults import dialling, supplied, translated
from gateway.transport.line import Entry, PublishMode, Target, Timeouts
from gateway.transport.names import below, encoded
from gateway.transport.packets import (
    Attributes,
    BadPacket,
    Fields,
    Flag,
    Kind,
    Limits,
    PathLike,
    string,
    uint32,
)
from gateway.transport.watchdog import Allowance, Watchdog
from gateway.transport.wire import Refused, Unsupported, Wire

BLOCK = 255 * 1024  # the largest block OpenSSH takes; servers that say nothing get 32 KiB
READ_AHEAD = 8  # listing requests in flight where the server is known to answer in order


@contextmanager
def open_sftp(target: Target, key: paramiko.PKey, pinned: dial.Pins, timeouts: Timeouts) -> Iterator["SftpLine"]:
    """Connect, verify, log in, start SFTP. Raises: what `faults` lists."""
    with dialling():
        end = time.monotonic() + timeouts.connect
        sock = dial.connect_socket(target.host, target.port, timeouts.connect)
    watchdog = Watchdog(lambda: dial.cut(sock))
    try:
        with dialling(), watchdog.within(end - time.monotonic()):
            transport = dial.handshake(sock, pinned, timeouts.connect)
        try:
            with dialling(), watchdog.within(end - time.monotonic()):
                wire = _log_in(transport, target.user, key, timeouts)
            yield SftpLine(wire, encoded(target.path), timeouts, watchdog, transport.remote_version)
        finally:
            dial.hang_up(transport, sock)
    finally:
        watchdog.close()
        sock.close()


def _log_in(transport: paramiko.Transport, user: str, key: paramiko.PKey, timeouts: Timeouts) -> Wire:
    try:
        transport.auth_publickey(user, key)
    except paramiko.AuthenticationException as error:
        if transport.is_active():
            raise
        raise PartnerUnreachable from error  # cut in the middle: nobody refused the key
    channel = transport.open_session()
    channel.invoke_subsystem("sftp")
    return Wire(channel, timeouts.request)


class SftpLine:
    """`Line` over one SFTP channel."""

    def __init__(self, wire: Wire, base: bytes, timeouts: Timeouts, watchdog: Watchdog, banner: str) -> None:
        self._wire = wire
        self._base = base
        self._timeouts = timeouts
        self._watchdog = watchdog
        self.banner = banner
        self.extensions = tuple(name.decode("ascii", "replace") for name in wire.extensions)
        self._ahead = READ_AHEAD if "OpenSSH" in banner else 1
        self._limits = self._ask_limits()

    @property
    def alive(self) -> bool:
        return not self._wire.lost

    @property
    def answers_in_order(self) -> bool:
        """Every answer so far came in the order of the requests."""
        return self._wire.in_order

    @contextmanager
    def deadline(self, seconds: float) -> Iterator[Allowance]:
        with translated(), self._watchdog.within(seconds) as allowance:
            yield allowance

    def scan(self, directory: PathLike) -> Iterator[Entry]:
        with self.deadline(self._timeouts.listing):
            for name, attributes in transfer.entries(self._wire, self._path(directory), self._ahead):
                yield Entry(name, attributes.size or 0, attributes.mtime or 0, attributes.kind)

    def lstat(self, path: PathLike) -> Entry | None:
        with self.deadline(self._timeouts.request):
            return self._lstat(path)

    def fetch(self, path: PathLike, size: int) -> Iterator[bytes]:
        with self.deadline(self._timeouts.transfer) as allowance:
            handle = self._wire.open(Kind.OPEN, self._path(path) + uint32(Flag.READ) + Attributes().write())
            try:
                for block in transfer.read(self._wire, handle, size, min(BLOCK, self._limits.read)):
                    allowance.earn(len(block) / self._timeouts.bytes_per_second)
                    yield block
            finally:
                self._wire.close_quietly(handle)

    def write_new(self, path: PathLike, blocks: Iterable[bytes]) -> int:
        with self.deadline(self._timeouts.transfer) as allowance:
            handle = self._create(path)
            try:
                size = transfer.write(self._wire, handle, self._cut(blocks, allowance))
                if packets.FSYNC in self._wire.extensions:
                    self._wire.ask(Kind.EXTENDED, string(packets.FSYNC) + handle)
                self._wire.ask(Kind.CLOSE, handle)
                self._must_have(path, size)
            except (OSError, EOFError, BadPacket, SpoolUnreadable):
                self._discard(handle, path)
                raise
            return size

    def publish(self, temp: PathLike, final: PathLike, mode: PublishMode = "rename") -> None:
        with self.deadline(self._timeouts.request):
            match mode:
                case "rename":
                    self._rename(temp, final)
                case "posix_rename":
                    self._must_be_free(final)
                    self._replace(temp, final)
                case "hardlink":
                    self._link(temp, final)
                    self._wire.ask(Kind.REMOVE, self._path(temp))

    def remove(self, path: PathLike) -> bool:
        with self.deadline(self._timeouts.request):
            try:
                self._wire.ask(Kind.REMOVE, self._path(path))
            except FileNotFoundError:
                return False
            return True

    def move(self, path: PathLike, to: PathLike) -> bool:
        with self.deadline(self._timeouts.request):
            try:
                self._rename(path, to)
            except FileNotFoundError:
                if self._lstat(path):  # then it is the other folder that is missing
                    raise
                return False
            return True

    def free_bytes(self, directory: PathLike) -> int | None:
        if packets.STATVFS not in self._wire.extensions:
            return None
        with self.deadline(self._timeouts.request):
            body = self._wire.ask(
                Kind.EXTENDED, string(packets.STATVFS) + self._path(directory), expected=Kind.EXTENDED_REPLY
            )
            return packets.free_bytes(body)

    def _path(self, path: PathLike) -> bytes:
        """A path as it goes into a request."""
        return string(below(self._base, path) or b".")

    def _extended(self, name: bytes, *paths: PathLike) -> None:
        self._wire.ask(Kind.EXTENDED, string(name) + b"".join(map(self._path, paths)))

    def _ask_limits(self) -> Limits:
        if packets.LIMITS not in self._wire.extensions:
            return Limits()
        with self.deadline(self._timeouts.request):
            return Limits.parse(self._wire.extended(packets.LIMITS, expected=Kind.EXTENDED_REPLY))

    def _lstat(self, path: PathLike) -> Entry | None:
        try:
            body = self._wire.ask(Kind.LSTAT, self._path(path), Kind.ATTRS)
        except FileNotFoundError:
            return None
        seen = Attributes.read(Fields(body))
        name = encoded(path).rpartition(b"/")[2]
        return Entry(name, seen.size or 0, seen.mtime or 0, seen.kind)

    def _create(self, path: PathLike) -> bytes:
        flags = Flag.WRITE | Flag.CREATE | Flag.EXCLUSIVE
        try:
            return self._wire.open(Kind.OPEN, self._path(path) + uint32(flags) + Attributes().write())
        except Refused:
            self._must_be_free(path)
            raise

    def _cut(self, blocks: Iterable[bytes], allowance: Allowance) -> Iterator[bytes]:
        """Blocks as large as the server takes them; each that goes out earns its time."""
        largest = min(BLOCK, self._limits.write)
        for block in supplied(blocks):
            for start in range(0, len(block), largest):
                part = block[start : start + largest]
                allowance.earn(len(part) / self._timeouts.bytes_per_second)
                yield part

    def _discard(self, handle: bytes, path: PathLike) -> None:
        """A file of ours that did not become whole leaves the partner's disk, where the line still carries."""
        self._wire.close_quietly(handle)
        with contextlib.suppress(OSError, EOFError, BadPacket):
            self._wire.ask(Kind.REMOVE, self._path(path))

    def _rename(self, path: PathLike, to: PathLike) -> None:
        try:
            self._wire.ask(Kind.RENAME, self._path(path) + self._path(to))
        except Unsupported:
            raise
        except Refused:
            self._must_be_free(to)
            raise

    def _replace(self, temp: PathLike, final: PathLike) -> None:
        """One request that would overwrite: the caller has looked. Old servers know `rename` only, and it does."""
        if packets.POSIX_RENAME in self._wire.extensions:
            self._extended(packets.POSIX_RENAME, temp, final)
        else:
            self._rename(temp, final)

    def _link(self, temp: PathLike, final: PathLike) -> None:
        try:
            self._extended(packets.HARDLINK, temp, final)
        except Unsupported:
            raise
        except Refused:
            self._must_be_free(final)
            raise

    def _must_have(self, path: PathLike, size: int) -> None:
        """Some servers acknowledge what they did not keep; some let us write and not look."""
        with contextlib.suppress(PermissionError):
            seen = self._lstat(path)
            if seen is None or seen.size != size:
                raise Refused

    def _must_be_free(self, path: PathLike) -> None:
        if self._lstat(path):
            raise NameClash
