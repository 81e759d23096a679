"""Packets of the SSH File Transfer Protocol, version 3: numbers, strings, attributes, in and out.

Source: draft-ietf-secsh-filexfer-02 (what every server speaks) and OpenSSH's file PROTOCOL for the extensions.
Names are bytes: a server may hold names that are no UTF-8.

>>> Fields(string(b"/in") + uint32(7)).string()
b'/in'
"""

import stat
import struct
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Literal, Self

VERSION = 3
MAX_PACKET = 4 * 1024 * 1024  # the largest answer we look at: the draft says 34 kB, OpenSSH sends up to 256 KiB

PathLike = bytes | str
FileKind = Literal["file", "directory", "link", "other"]


class Kind(IntEnum):
    """Packet types, §3; 200 and 201 are the extension mechanism of §8."""

    INIT = 1
    VERSION = 2
    OPEN = 3
    CLOSE = 4
    READ = 5
    WRITE = 6
    LSTAT = 7
    FSTAT = 8
    SETSTAT = 9
    FSETSTAT = 10
    OPENDIR = 11
    READDIR = 12
    REMOVE = 13
    MKDIR = 14
    RMDIR = 15
    REALPATH = 16
    STAT = 17
    RENAME = 18
    STATUS = 101
    HANDLE = 102
    DATA = 103
    NAME = 104
    ATTRS = 105
    EXTENDED = 200
    EXTENDED_REPLY = 201


class Status(IntEnum):
    """Status codes, §7."""

    OK = 0
    EOF = 1
    NO_SUCH_FILE = 2
    PERMISSION_DENIED = 3
    FAILURE = 4
    BAD_MESSAGE = 5
    NO_CONNECTION = 6
    CONNECTION_LOST = 7
    OP_UNSUPPORTED = 8


class Flag(IntFlag):
    """Ways to open a file, §6.3."""

    READ = 0x01
    WRITE = 0x02
    APPEND = 0x04
    CREATE = 0x08
    TRUNCATE = 0x10
    EXCLUSIVE = 0x20


class Has(IntFlag):
    """Which attributes follow, §5."""

    SIZE = 0x01
    OWNER = 0x02
    PERMISSIONS = 0x04
    TIMES = 0x08
    EXTENDED = 0x80000000


FSYNC = b"fsync@openssh.com"
HARDLINK = b"hardlink@openssh.com"
LIMITS = b"limits@openssh.com"
POSIX_RENAME = b"posix-rename@openssh.com"
STATVFS = b"statvfs@openssh.com"


class BadPacket(ValueError):
    """The other side does not speak the protocol."""


def uint32(number: int) -> bytes:
    return number.to_bytes(4, "big")


def uint64(number: int) -> bytes:
    return number.to_bytes(8, "big")


def string(text: PathLike) -> bytes:
    """A length and the bytes; text is UTF-8, with surrogates for the bytes that are none."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    return uint32(len(data)) + data


class Fields:
    """Reads the fields of a packet one after the other. Raises: BadPacket where it ends too early."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, length: int) -> bytes:
        start, self._at = self._at, self._at + length
        if self._at > len(self._data):
            raise BadPacket
        return self._data[start : self._at]

    def uint32(self) -> int:
        return int.from_bytes(self.take(4), "big")

    def uint64(self) -> int:
        return int.from_bytes(self.take(8), "big")

    def string(self) -> bytes:
        return self.take(self.uint32())

    def more(self) -> bool:
        return self._at < len(self._data)


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a server says about a file; it may leave out each of these."""

    size: int | None = None
    mode: int | None = None
    mtime: int | None = None

    @classmethod
    def read(cls, fields: Fields) -> Self:
        has = fields.uint32()
        size = fields.uint64() if has & Has.SIZE else None
        if has & Has.OWNER:
            fields.take(8)
        mode = fields.uint32() if has & Has.PERMISSIONS else None
        mtime = (fields.uint32(), fields.uint32())[1] if has & Has.TIMES else None
        if has & Has.EXTENDED:
            for _ in range(2 * fields.uint32()):
                fields.string()
        return cls(size, mode, mtime)

    def write(self) -> bytes:
        has, body = Has(0), b""
        if self.size is not None:
            has, body = has | Has.SIZE, body + uint64(self.size)
        if self.mode is not None:
            has, body = has | Has.PERMISSIONS, body + uint32(self.mode)
        if self.mtime is not None:
            has, body = has | Has.TIMES, body + uint32(self.mtime) * 2
        return uint32(has) + body

    @property
    def kind(self) -> FileKind:
        """A file of which the server tells no size cannot be read whole, so it is none."""
        return kind_of(self.mode or 0) if self.size is not None else "other"


_KINDS: dict[int, FileKind] = {stat.S_IFREG: "file", stat.S_IFDIR: "directory", stat.S_IFLNK: "link"}


def kind_of(mode: int) -> FileKind:
    """Of the file type bits; a server that sends none gets `other`, which is never read: a FIFO would hang."""
    return _KINDS.get(stat.S_IFMT(mode), "other")


def directory_part(data: bytes) -> tuple[tuple[bytes, Attributes], ...]:
    """The entries of one NAME packet, §7. Raises: BadPacket."""
    fields = Fields(data)
    entries = []
    for _ in range(fields.uint32()):
        name, _long = fields.string(), fields.string()
        entries.append((name, Attributes.read(fields)))
    return tuple(entries)


def free_bytes(data: bytes) -> int:
    """From a statvfs reply: fragment size times blocks available to us (OpenSSH PROTOCOL §4.4)."""
    if len(data) < 88:
        raise BadPacket
    numbers = struct.unpack(">11Q", data[:88])
    return int(numbers[1] * numbers[4])


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server takes in one packet, one READ, one WRITE, and how many open files (OpenSSH PROTOCOL §4.8)."""

    packet: int = 34_000
    read: int = 32_768
    write: int = 32_768
    handles: int = 0

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Zero means unlimited or unknown; then the draft's own 32 KiB stand."""
        if len(data) < 32:
            raise BadPacket
        packet, read, write, handles = struct.unpack(">4Q", data[:32])
        return cls(packet or 34_000, read or 32_768, write or 32_768, handles)
