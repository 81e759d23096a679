"""SFTP requests answered from one folder: what a partner's server does, for the demo and the tests.

Nothing outside the folder can be named: paths are taken as absolute below it and links that lead out are refused.
`rename` is `link` and `unlink` and refuses to overwrite, as OpenSSH's; exclusive creation is exclusive.
"""

import errno
import itertools
import os
import stat
import struct
from collections.abc import Callable, Mapping
from pathlib import Path

from gateway.transport import packets
from gateway.transport.packets import Attributes, Fields, Flag, Kind, Status, string, uint32

Answer = tuple[Kind, bytes]
Handler = Callable[[Fields], Answer | None]  # None is OK
ENTRIES_A_PACKET = 100
LARGEST_READ = 256 * 1024
LIMITS = struct.pack(">4Q", packets.MAX_PACKET, LARGEST_READ, LARGEST_READ, 0)

EXTENSIONS = {
    packets.POSIX_RENAME: b"1",
    packets.HARDLINK: b"1",
    packets.FSYNC: b"1",
    packets.STATVFS: b"2",
    packets.LIMITS: b"1",
}
_OPEN_FLAGS = (
    (Flag.APPEND, os.O_APPEND),
    (Flag.CREATE, os.O_CREAT),
    (Flag.TRUNCATE, os.O_TRUNC),
    (Flag.EXCLUSIVE, os.O_EXCL),
)
_STATUS = {
    errno.ENOENT: Status.NO_SUCH_FILE,
    errno.ENOTDIR: Status.NO_SUCH_FILE,
    errno.EACCES: Status.PERMISSION_DENIED,
    errno.EPERM: Status.PERMISSION_DENIED,
}


def status(code: Status) -> Answer:
    return Kind.STATUS, uint32(code) + string(code.name) + string("")


OK = status(Status.OK)


class Folder:
    """One session's view of the folder: its open files and listings, and a table of what it can do."""

    extensions: Mapping[bytes, bytes] = EXTENSIONS

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._numbers = itertools.count(1)
        self._files: dict[bytes, int] = {}
        self._listings: dict[bytes, list[bytes]] = {}
        self._requests: dict[int, Handler] = {
            Kind.OPEN: self._open,
            Kind.CLOSE: self._close,
            Kind.READ: self._read,
            Kind.WRITE: self._write,
            Kind.LSTAT: lambda f: self._attributes(os.lstat(self._path(f))),
            Kind.STAT: lambda f: self._attributes(self._inside(self._path(f).resolve()).stat()),
            Kind.FSTAT: lambda f: self._attributes(os.fstat(self._file(f))),
            Kind.SETSTAT: lambda _: None,  # modes and times are the server's own
            Kind.FSETSTAT: lambda _: None,
            Kind.OPENDIR: self._open_listing,
            Kind.READDIR: self._read_listing,
            Kind.REMOVE: lambda f: self._path(f).unlink(),
            Kind.MKDIR: lambda f: self._path(f).mkdir(),
            Kind.RMDIR: lambda f: self._path(f).rmdir(),
            Kind.REALPATH: self._real_path,
            Kind.RENAME: self._rename,
            Kind.EXTENDED: self._extended,
        }
        self._extensions: dict[bytes, Handler] = {
            packets.POSIX_RENAME: self._posix_rename,
            packets.HARDLINK: lambda f: _link(self._path(f), self._path(f)),
            packets.FSYNC: lambda f: os.fsync(self._file(f)),
            packets.STATVFS: self._statvfs,
            packets.LIMITS: lambda _: (
                Kind.EXTENDED_REPLY,
                struct.pack(">4Q", packets.MAX_PACKET, *[LARGEST_READ] * 2, 0),
            ),
        }

    def answer(self, kind: int, body: bytes) -> Answer:
        """Answer one request; whatever goes wrong is a status, never the end of the session."""
        handler = self._requests.get(kind)
        if handler is None:
            return status(Status.OP_UNSUPPORTED)
        try:
            return handler(Fields(body)) or OK
        except OSError as error:
            return status(_STATUS.get(error.errno or 0, Status.FAILURE))
        except (packets.BadPacket, KeyError, ValueError):
            return status(Status.BAD_MESSAGE)

    def close(self) -> None:
        while self._files:
            os.close(self._files.popitem()[1])

    def _path(self, fields: Fields) -> Path:
        """The place a request names. The last part may be a link and is not followed here."""
        parts = os.path.normpath(b"/" + fields.string()).strip(b"/")
        path = self._root / os.fsdecode(parts)
        self._inside(path.parent.resolve() if parts else path)
        return path

    def _inside(self, path: Path) -> Path:
        if not path.is_relative_to(self._root):
            raise PermissionError(errno.EACCES, "outside")
        return path

    def _handle(self) -> bytes:
        return b"%d" % next(self._numbers)

    def _file(self, fields: Fields) -> int:
        return self._files[fields.string()]

    def _open(self, fields: Fields) -> Answer:
        path, asked = self._path(fields), fields.uint32()
        flags = {Flag.READ: os.O_RDONLY, Flag.WRITE: os.O_WRONLY}.get(Flag(asked & 3), os.O_RDWR)
        flags |= sum(ours for theirs, ours in _OPEN_FLAGS if asked & theirs)
        handle = self._handle()
        self._files[handle] = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        return Kind.HANDLE, string(handle)

    def _close(self, fields: Fields) -> None:
        handle = fields.string()
        if handle in self._listings:
            del self._listings[handle]
        else:
            os.close(self._files.pop(handle))

    def _read(self, fields: Fields) -> Answer:
        file, offset, length = self._file(fields), fields.uint64(), fields.uint32()
        data = os.pread(file, min(length, LARGEST_READ), offset)
        return (Kind.DATA, string(data)) if data else status(Status.EOF)

    def _write(self, fields: Fields) -> None:
        file, offset, data = self._file(fields), fields.uint64(), memoryview(fields.string())
        while data:
            written = os.pwrite(file, data, offset)
            offset, data = offset + written, data[written:]

    def _open_listing(self, fields: Fields) -> Answer:
        folder = self._inside(self._path(fields).resolve())
        entries = [self._listed(name, folder) for name in (".", "..", *os.listdir(folder))]  # noqa: PTH208
        handle = self._handle()
        self._listings[handle] = [entry for entry in entries if entry]
        return Kind.HANDLE, string(handle)

    def _read_listing(self, fields: Fields) -> Answer:
        left = self._listings[fields.string()]
        if not left:
            return status(Status.EOF)
        part = left[:ENTRIES_A_PACKET]
        del left[:ENTRIES_A_PACKET]
        return Kind.NAME, uint32(len(part)) + b"".join(part)

    def _real_path(self, fields: Fields) -> Answer:
        path = self._path(fields).relative_to(self._root)
        return Kind.NAME, uint32(1) + string(os.fsencode(Path("/") / path)) + string("") + Attributes().write()

    def _rename(self, fields: Fields) -> None:
        old, new = self._path(fields), self._path(fields)
        _link(old, new)
        old.unlink()

    def _posix_rename(self, fields: Fields) -> None:
        self._path(fields).rename(self._path(fields))

    def _extended(self, fields: Fields) -> Answer | None:
        handler = self._extensions.get(fields.string())
        return handler(fields) if handler else status(Status.OP_UNSUPPORTED)

    def _statvfs(self, fields: Fields) -> Answer:
        room = os.statvfs(self._path(fields))
        numbers = (room.f_bsize, room.f_frsize, room.f_blocks, room.f_bfree, room.f_bavail, room.f_files, room.f_ffree)
        return Kind.EXTENDED_REPLY, struct.pack(">11Q", *numbers, room.f_favail, 0, 0, room.f_namemax)

    def _attributes(self, seen: os.stat_result) -> Answer:
        return Kind.ATTRS, self._describe(seen).write()

    def _describe(self, seen: os.stat_result) -> Attributes:
        return Attributes(seen.st_size, seen.st_mode, int(seen.st_mtime))

    def _listed(self, name: str, folder: Path) -> bytes:
        """A name as a NAME packet carries it; nothing when it went away meanwhile."""
        try:
            seen = (folder / name).lstat()
        except FileNotFoundError:
            return b""
        data = os.fsencode(name)
        long_form = stat.filemode(seen.st_mode).encode() + b" " + data
        return string(data) + string(long_form) + self._describe(seen).write()


def _link(old: Path, new: Path) -> None:
    os.link(old, new, follow_symlinks=False)
