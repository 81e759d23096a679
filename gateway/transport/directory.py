"""The same line over a folder on this machine: exclusive creation, fsync of file and folder, no overwriting.

Publishing is one rename: here we are the server, and a death of ours between a link and its removal would leave what a
file leaves that was never published.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.findings.errors import RemoteChanged, RemotePathMissing, SpoolUnreadable
from gateway.transport.faults import supplied, translated
from gateway.transport.line import Entry, PublishMode, Target
from gateway.transport.names import below, encoded
from gateway.transport.packets import Limits, PathLike, kind_of
from gateway.transport.rename import rename_new

BLOCK = 256 * 1024


@contextmanager
def open_directory(target: Target) -> Iterator["DirectoryLine"]:
    """Raises: RemotePathMissing."""
    if not Path(target.path).is_dir():
        raise RemotePathMissing
    yield DirectoryLine(os.fsencode(target.path))


class DirectoryLine:
    """`Line` over a local folder. Its calls are not bounded in time: the folder must be local."""

    banner = "directory"
    extensions: tuple[str, ...] = ()
    alive = True
    answers_in_order = True
    at_a_time = 8
    limits = Limits()

    def __init__(self, base: bytes) -> None:
        self._base = base

    @contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:  # noqa: ARG002  # a local file system has none
        with translated():
            yield

    def scan(self, directory: PathLike) -> Iterator[Entry]:
        with translated(), os.scandir(self._path(directory)) as entries:
            for entry in entries:
                try:
                    yield _entry(os.fsencode(entry.name), entry.stat(follow_symlinks=False))
                except FileNotFoundError:
                    continue  # taken between the listing and the look

    def lstat(self, path: PathLike) -> Entry | None:
        with translated():
            return self._lstat(path)

    def fetch(self, path: PathLike, size: int) -> Iterator[bytes]:
        with translated(), _opened(self._path(path), os.O_RDONLY | os.O_NONBLOCK) as file:
            if not stat.S_ISREG(os.fstat(file).st_mode):
                raise RemotePathMissing
            left = size
            while left:
                block = os.read(file, min(BLOCK, left))
                if not block:
                    raise RemoteChanged
                left -= len(block)
                yield block

    def write_new(self, path: PathLike, blocks: Iterable[bytes]) -> int:
        place = self._path(path)
        with translated(), _opened(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as file:
            try:
                size = sum(_write(file, block) for block in supplied(blocks))
                os.fsync(file)
            except (OSError, SpoolUnreadable):
                place.unlink()
                raise
            return size

    def publish(self, temp: PathLike, final: PathLike, mode: PublishMode = "rename") -> None:
        with translated():
            if mode == "hardlink":
                os.link(self._path(temp), self._path(final), follow_symlinks=False)
                self._path(temp).unlink()
            else:
                rename_new(self._path(temp), self._path(final))
            _fsync_folder(self._path(final).parent)

    def remove(self, path: PathLike) -> bool:
        with translated():
            try:
                self._path(path).unlink()
            except FileNotFoundError:
                return False
            return True

    def move(self, path: PathLike, to: PathLike) -> bool:
        with translated():
            try:
                rename_new(self._path(path), self._path(to))
            except FileNotFoundError:
                if self._lstat(path):
                    raise
                return False
            return True

    def make_folder(self, path: PathLike) -> None:
        with translated():
            self._path(path).mkdir()

    def remove_folder(self, path: PathLike) -> None:
        with translated():
            self._path(path).rmdir()

    def widen(self, depth: int, channels: int = 1) -> int:  # noqa: ARG002  # a folder has no channels
        return 1

    def free_bytes(self, directory: PathLike) -> int | None:
        with translated():
            room = os.statvfs(self._path(directory))
            return room.f_frsize * room.f_bavail

    def _path(self, path: PathLike) -> Path:
        return Path(os.fsdecode(below(self._base, path)))

    def _lstat(self, path: PathLike) -> Entry | None:
        try:
            return _entry(encoded(path).rpartition(b"/")[2], self._path(path).lstat())
        except FileNotFoundError:
            return None


def _entry(name: bytes, seen: os.stat_result) -> Entry:
    return Entry(name, seen.st_size, int(seen.st_mtime), kind_of(seen.st_mode))


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    file = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)
    try:
        yield file
    finally:
        os.close(file)


def _write(file: int, block: bytes) -> int:
    left = memoryview(block)
    while left:
        left = left[os.write(file, left) :]
    return len(block)


def _fsync_folder(path: Path) -> None:
    with _opened(path, os.O_RDONLY | os.O_DIRECTORY) as folder:
        os.fsync(folder)
