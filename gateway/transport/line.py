"""A line to a partner: what every transport can do, whatever carries the bytes.

Names at the partner are bytes and are used unchanged; `str` is taken as UTF-8. Folders and paths are below the
target's own path. Whatever goes wrong is one of `gateway.findings.errors`; after `PartnerUnreachable` the line is
finished and every further call says so at once.
"""

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from gateway.transport.packets import FileKind, Limits, PathLike

PublishMode = Literal["rename", "posix_rename", "hardlink"]


@dataclass(frozen=True, slots=True)
class Target:
    """Where to: an account at an SFTP server, or a folder on this machine. `path` is laid before every folder."""

    kind: Literal["sftp", "directory"]
    host: str = ""
    port: int = 22
    user: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds for each step, and the slowest transfer that is still one (exchange.md §2.2)."""

    connect: float = 30
    request: float = 30
    listing: float = 60
    transfer: float = 30
    bytes_per_second: int = 64_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in a folder and what the server says of it. Only a `file` is ever read; times are whole seconds."""

    name: bytes
    size: int
    mtime: int
    kind: FileKind


class Line(Protocol):
    """One connection. Any number of threads may use it; a generator belongs to one."""

    @property
    def banner(self) -> str:
        """What the server says it is; the probe is due again when it changes."""

    @property
    def extensions(self) -> tuple[str, ...]:
        """What the server offers beyond SFTP version 3."""

    @property
    def alive(self) -> bool:
        """False once the line is known to be finished: a server may hang up on one that was idle for long."""

    @property
    def limits(self) -> Limits:
        """What the server takes in one packet, and how many files it keeps open for us."""

    @property
    def answers_in_order(self) -> bool:
        """Every answer so far came in the order of the requests."""

    @property
    def at_a_time(self) -> int:
        """How many files may be under way side by side (`gateway.transport.talk`)."""

    def widen(self, depth: int, channels: int = 1) -> int:
        """Have so many requests under way on a channel, on so many channels as the server gives; returns these."""

    def scan(self, directory: PathLike) -> Iterator[Entry]:
        """Every entry of a folder in the server's order; stop early where a limit is reached."""

    def lstat(self, path: PathLike) -> Entry | None:
        """The entry itself, not what a link points to; None where there is none."""

    def fetch(self, path: PathLike, size: int) -> Iterator[bytes]:
        """Exactly `size` bytes. Raises: RemoteChanged when the file ends before."""

    def write_new(self, path: PathLike, blocks: Iterable[bytes]) -> int:
        """Write a file that must not exist, durable as far as the server can; its size was looked at after.

        Raises: NameClash; RequestRefused when the server did not take it all. What was begun is then removed.
        """

    def publish(self, temp: PathLike, final: PathLike, mode: PublishMode = "rename") -> None:
        """Give a written file its final name. Raises: NameClash when that is taken; nothing is overwritten.

        After any other error nobody knows whether it happened: `publish.settle` finds out.
        """

    def remove(self, path: PathLike) -> bool:
        """False when it was not there."""

    def move(self, path: PathLike, to: PathLike) -> bool:
        """Rename without overwriting; False when it was not there. Raises: NameClash."""

    def make_folder(self, path: PathLike) -> None: ...

    def remove_folder(self, path: PathLike) -> None:
        """Of an empty folder."""

    def free_bytes(self, directory: PathLike) -> int | None:
        """Room for us on the partner's disk; None where the server does not say."""

    def deadline(self, seconds: float) -> AbstractContextManager[object]:
        """Bound a whole block of calls. Raises: PartnerUnreachable when it takes longer."""


class Talks(Protocol):
    """The calls of a `Line` as talks: one thread holds many of them side by side."""

    async def lstat(self, path: PathLike) -> Entry | None: ...

    def fetch(self, path: PathLike, size: int) -> AsyncGenerator[bytes, None]: ...

    async def write_new(self, path: PathLike, blocks: Iterable[bytes]) -> int: ...

    async def publish(self, temp: PathLike, final: PathLike, mode: PublishMode = "rename") -> None: ...

    async def remove(self, path: PathLike) -> bool: ...

    async def move(self, path: PathLike, to: PathLike) -> bool: ...
