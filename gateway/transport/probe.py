"""What a server can do, found by trying it in a folder that the partner names for that.

Servers differ where it matters: rename that overwrites, exclusive creation that is not, files that are gone once they
were read, answers out of order. The probe tells; it never changes a configuration (exchange.md §5). Its files are
`.gw-probe-…` and are removed; those of a probe that was cut off, by the next one of the same line. What could not be
tried is not in the results, and counts as not given.
"""

import contextlib
import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice, pairwise

from gateway.findings.errors import GatewayError, NameClash, PartnerUnreachable, RemotePathMissing
from gateway.transport.capabilities import Capabilities
from gateway.transport.line import Entry, Line, PublishMode
from gateway.transport.names import decoded, encoded, join
from gateway.transport.packets import FSYNC
from gateway.transport.talk import side_by_side

CONTENT = b"probe " * 1000
DEPTHS = (1, 16, 32, 64, 256)  # requests under way at a time that are tried, one after the other
CHANNELS = 10  # at most so many are asked for; OpenSSH's own limit
LENGTHS = (255, 200, 128, 64)  # bytes of a name, the longest first
LISTED = 20_000  # entries that are looked through for what earlier probes have left
MOVED = "moved"
PATIENCE = 10.0  # seconds until unanswered requests count as dropped


@dataclass(slots=True)
class Bench:
    """A folder to try things in, and the names we left there."""

    line: Line
    directory: str
    mark: str = "once"
    token: str = field(default_factory=lambda: secrets.token_hex(4))
    used: set[bytes] = field(default_factory=set)
    folders: list[bytes] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        """What the names of this probe begin with; those of all probes of this line up to the token."""
        return f".gw-probe-{self.mark}-{self.token}-"

    def path(self, name: str) -> bytes:
        path = join(self.directory, f"{self.prefix}{name}")
        self.used.add(path)
        return path

    def file(self, name: str, content: bytes = CONTENT) -> bytes:
        path = self.path(name)
        self.line.write_new(path, [content])
        return path

    def content(self, path: bytes, size: int = len(CONTENT)) -> bytes:
        return b"".join(self.line.fetch(path, size))

    def is_whole(self, path: bytes) -> bool:
        """All of it is there, as far as we may look."""
        try:
            return self.content(path) == CONTENT
        except RemotePathMissing:
            seen = self.line.lstat(path)
            return seen is not None and seen.size == len(CONTENT)

    def folder(self, name: str) -> bytes:
        path = self.path(name)
        self.used.discard(path)
        self.line.make_folder(path)
        self.folders.append(path)
        return path

    def listed(self) -> list[Entry]:
        """The files that are there of ours."""
        ours = encoded(self.prefix)
        return [entry for entry in self.line.scan(self.directory) if entry.name.startswith(ours)]

    def sweep(self) -> None:
        """Remove what earlier probes of this line have left, as far as we may. Raises: PartnerUnreachable."""
        for entry in self._left():
            path = join(self.directory, entry.name)
            with _allowed():
                if entry.kind == "directory":
                    self.line.remove(join(path, MOVED))
                    self.line.remove_folder(path)
                else:
                    self.line.remove(path)

    def _left(self) -> list[Entry]:
        ours = encoded(self.prefix.removesuffix(f"{self.token}-"))
        with _allowed():
            return [one for one in islice(self.line.scan(self.directory), LISTED) if one.name.startswith(ours)]
        return []

    def clean(self) -> None:
        for paths, remove in ((self.used, self.line.remove), (self.folders, self.line.remove_folder)):
            for path in paths:
                with contextlib.suppress(GatewayError):
                    remove(path)


@contextmanager
def _allowed() -> Iterator[None]:
    """What the server does not let us do is left. Raises: PartnerUnreachable."""
    try:
        yield
    except PartnerUnreachable:
        raise
    except GatewayError:
        return


def _exclusive(bench: Bench) -> bool:
    return _refuses(lambda: bench.line.write_new(bench.file("excl"), [b"other"]))


def _stat(bench: Bench) -> bool:
    seen = bench.line.lstat(bench.file("stat"))
    return seen is not None and (seen.size, seen.kind) == (len(CONTENT), "file")


def _readable(bench: Bench) -> bool:
    return bench.content(bench.file("readable")) == CONTENT


def _read_twice(bench: Bench) -> bool:
    path = bench.file("read")
    return bench.content(path) == bench.content(path) == CONTENT


def _publishes(mode: PublishMode) -> Callable[[Bench], bool]:
    def trial(bench: Bench) -> bool:
        final = bench.path(f"{mode}-final")
        bench.line.publish(bench.file(f"{mode}-temp"), final, mode)
        return bench.is_whole(final)

    return trial


def _rename_refuses(bench: Bench) -> bool:
    taken = bench.file("taken", b"first")
    refused = _refuses(lambda: bench.line.publish(bench.file("second"), taken))
    seen = bench.line.lstat(taken)
    return refused and seen is not None and seen.size == len(b"first")


def _fsync(bench: Bench) -> bool:
    return bench.line.banner == "directory" or decoded(FSYNC) in bench.line.extensions


def _room(bench: Bench) -> bool:
    return bench.line.free_bytes(bench.directory) is not None


def _removes(bench: Bench) -> bool:
    path = bench.file("remove")
    return bench.line.remove(path) and bench.line.lstat(path) is None


def _makes_folders(bench: Bench) -> bool:
    bench.folder("folder")
    return True


def _moves_across(bench: Bench) -> bool:
    folder = bench.folder("across")
    moved = join(folder, MOVED)
    bench.used.add(moved)
    return bench.line.move(bench.file("move"), moved) and bench.is_whole(moved)


def _case(bench: Bench) -> bool:
    bench.file("case")
    return bench.line.lstat(bench.path("CASE")) is None


def _keeps_name(ending: bytes) -> Callable[[Bench], bool]:
    """A name of these bytes is listed as we gave it."""

    def trial(bench: Bench) -> bool:
        name = encoded(bench.prefix) + ending
        path = join(bench.directory, name)
        bench.used.add(path)
        bench.line.write_new(path, [CONTENT])
        return any(entry.name == name for entry in bench.listed())

    return trial


TRIALS: dict[str, Callable[[Bench], bool]] = {
    "exclusive_create": _exclusive,
    "stat_after_close": _stat,
    "readable": _readable,
    "read_twice": _read_twice,
    "rename": _publishes("rename"),
    "rename_refuses": _rename_refuses,
    "posix_rename": _publishes("posix_rename"),
    "hardlink": _publishes("hardlink"),
    "fsync": _fsync,
    "statvfs": _room,
    "remove": _removes,
    "mkdir": _makes_folders,
    "rename_across": _moves_across,
    "case_sensitive": _case,
    "spaces_in_names": _keeps_name(b"a b"),
    "utf8_names": _keeps_name("\u00c9".encode()),
    "any_bytes_in_names": _keeps_name(b"\xe9"),
}


def mark_of(gateway: str, line: str) -> str:
    """What tells the files of a line's probes from those of all others: other lines may be tried in the same folder."""
    return hashlib.blake2b(f"{gateway} {line}".encode(), digest_size=4).hexdigest()


def probe(
    line: Line,
    directory: str,
    now: Callable[[], float],
    wait: Callable[[float], object] = time.sleep,
    mark: str = "once",
) -> Capabilities:
    """Try everything. `now` gives seconds since 1970, `mark` is of the line (`mark_of`).

    Raises: PartnerUnreachable, RemotePathMissing.

    The last trials, how much the server takes at a time, may cost the line: look at `alive` after.
    """
    bench = Bench(line, directory, mark)
    if line.lstat(directory) is None:
        next(line.scan(directory), None)  # says why
    bench.sweep()
    try:
        results = {name: _succeeds(trial, bench) for name, trial in TRIALS.items()}
        offset = _clock_offset(bench, now) if results["stat_after_close"] else None
        resolution = _resolution(bench, wait) if results["stat_after_close"] else None
        longest = _longest_name(bench)
        room = line.free_bytes(directory)
    finally:
        bench.clean()
    depth = _depth(bench)
    in_order = line.answers_in_order
    channels = _channels(line) if line.alive else 1
    return Capabilities(
        line.banner, line.extensions, results, depth, in_order, offset, room, channels, resolution, longest
    )


def _succeeds(trial: Callable[[Bench], bool], bench: Bench) -> bool:
    try:
        return trial(bench)
    except PartnerUnreachable:
        raise
    except GatewayError:
        return False


def _refuses(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except NameClash:
        return True
    return False


def _clock_offset(bench: Bench, now: Callable[[], float]) -> float | None:
    """Half of the round trip is taken off; whole seconds are told, so that half of one is added."""
    before = now()
    seen = bench.line.lstat(bench.file("clock"))
    return round(seen.mtime + 0.5 - (before + now()) / 2, 1) if seen and seen.mtime else None


def _resolution(bench: Bench, wait: Callable[[float], object]) -> int | None:
    """Seconds between two times that the server can tell apart; None where all our files have one time."""
    found = None
    for name in ("later", "later-still", "last"):
        wait(1.05)
        bench.file(name)
        times = sorted({entry.mtime for entry in bench.listed()})
        found = min((after - before for before, after in pairwise(times)), default=None)
        if found == 1:
            break  # a slow line shows more than there is: looked at again
    return found


def _longest_name(bench: Bench) -> int:
    """Of the lengths that are tried the longest that is kept whole; 0 where none is."""
    for length in LENGTHS:
        name = "n" * (length - len(bench.prefix))
        with contextlib.suppress(GatewayError):
            if bench.line.lstat(bench.file(name)) and any(len(entry.name) == length for entry in bench.listed()):
                return length
    return 0


def _depth(bench: Bench) -> int:
    """How many requests at a time are all answered. One that was dropped ends the line."""
    talks = getattr(bench.line, "talks", None)
    if talks is None:
        return bench.line.at_a_time
    found = 0
    for depth in DEPTHS:
        try:
            with bench.line.deadline(PATIENCE):
                side_by_side((talks.lstat(bench.directory) for _ in range(depth)), depth)
        except GatewayError:
            break
        found = depth
    return found


def _channels(line: Line) -> int:
    try:
        return line.widen(DEPTHS[0], CHANNELS)
    except GatewayError:
        return 1
