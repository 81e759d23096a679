"""What a server can do, found by trying it in a folder that the partner names for that.

Servers differ where it matters: rename that overwrites, exclusive creation that is not, answers out of order. The probe
tells; it never changes a configuration (exchange.md §5). Its files are `.gw-probe-…` and are removed.
"""

import contextlib
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat

from gateway.findings.errors import GatewayError, NameClash, PartnerUnreachable
from gateway.transport.line import Line, PublishMode
from gateway.transport.names import decoded, encoded, join
from gateway.transport.packets import FSYNC

CONTENT = b"probe " * 1000
IN_FLIGHT = 32


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What was found. `clock_offset` is the server's clock minus ours, in seconds; its files have whole seconds."""

    banner: str
    extensions: tuple[str, ...]
    results: dict[str, bool]
    in_flight: int
    in_order: bool
    clock_offset: float | None
    free_bytes: int | None

    @property
    def publish_mode(self) -> PublishMode:
        """The safest way to publish that works here."""
        rules: tuple[tuple[PublishMode, bool], ...] = (
            ("rename", self.results["rename"] and self.results["rename_refuses"]),
            ("hardlink", self.results["hardlink"]),
        )
        return next((mode for mode, fits in rules if fits), "posix_rename")


@dataclass(slots=True)
class Bench:
    """A folder to try things in, and the names we left there."""

    line: Line
    directory: str
    token: str = field(default_factory=lambda: secrets.token_hex(4))
    used: set[bytes] = field(default_factory=set)

    def path(self, name: str) -> bytes:
        path = join(self.directory, f".gw-probe-{self.token}-{name}")
        self.used.add(path)
        return path

    def file(self, name: str, content: bytes = CONTENT) -> bytes:
        path = self.path(name)
        self.line.write_new(path, [content])
        return path

    def content(self, path: bytes, size: int = len(CONTENT)) -> bytes:
        return b"".join(self.line.fetch(path, size))

    def clean(self) -> None:
        for path in self.used:
            with contextlib.suppress(GatewayError):
                self.line.remove(path)


def _exclusive(bench: Bench) -> bool:
    return _refuses(lambda: bench.line.write_new(bench.file("excl"), [b"other"]))


def _stat(bench: Bench) -> bool:
    seen = bench.line.lstat(bench.file("stat"))
    return seen is not None and (seen.size, seen.kind) == (len(CONTENT), "file")


def _read_twice(bench: Bench) -> bool:
    path = bench.file("read")
    return bench.content(path) == bench.content(path) == CONTENT


def _publishes(mode: PublishMode) -> Callable[[Bench], bool]:
    def trial(bench: Bench) -> bool:
        final = bench.path(f"{mode}-final")
        bench.line.publish(bench.file(f"{mode}-temp"), final, mode)
        return bench.content(final) == CONTENT

    return trial


def _rename_refuses(bench: Bench) -> bool:
    taken = bench.file("taken", b"first")
    refused = _refuses(lambda: bench.line.publish(bench.file("second"), taken))
    return refused and bench.content(taken, 5) == b"first"


def _fsync(bench: Bench) -> bool:
    return bench.line.banner == "directory" or decoded(FSYNC) in bench.line.extensions


def _removes(bench: Bench) -> bool:
    path = bench.file("remove")
    return bench.line.remove(path) and bench.line.lstat(path) is None


def _case(bench: Bench) -> bool:
    bench.file("case")
    return bench.line.lstat(bench.path("CASE")) is None


def _long_names(bench: Bench) -> bool:
    return bench.line.lstat(bench.file("n" * 180)) is not None


def _utf8_names(bench: Bench) -> bool:
    name = encoded(bench.file("\u00c9")).rpartition(b"/")[2]
    return any(entry.name == name for entry in bench.line.scan(bench.directory))


TRIALS: dict[str, Callable[[Bench], bool]] = {
    "exclusive_create": _exclusive,
    "stat_after_close": _stat,
    "read_twice": _read_twice,
    "rename": _publishes("rename"),
    "rename_refuses": _rename_refuses,
    "posix_rename": _publishes("posix_rename"),
    "hardlink": _publishes("hardlink"),
    "fsync": _fsync,
    "remove": _removes,
    "case_sensitive": _case,
    "long_names": _long_names,
    "utf8_names": _utf8_names,
}


def probe(line: Line, directory: str, now: Callable[[], float]) -> Capabilities:
    """Try everything. `now` gives seconds since 1970. Raises: PartnerUnreachable, RemotePathMissing."""
    bench = Bench(line, directory)
    if line.lstat(directory) is None:
        next(line.scan(directory), None)  # says why
    try:
        results = {name: _succeeds(trial, bench) for name, trial in TRIALS.items()}
        offset = _clock_offset(bench, now) if results["stat_after_close"] else None
        in_flight = _in_flight(bench)
    finally:
        bench.clean()
    return Capabilities(
        line.banner, line.extensions, results, in_flight, line.answers_in_order, offset, line.free_bytes(directory)
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
    before = now()
    seen = bench.line.lstat(bench.file("clock"))
    return seen.mtime + 0.5 - (before + now()) / 2 if seen and seen.mtime else None


def _in_flight(bench: Bench) -> int:
    """Questions asked at a time; the line keeps track of the order of the answers."""
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        answers = list(pool.map(bench.line.lstat, repeat(bench.directory, IN_FLIGHT)))
    return IN_FLIGHT if all(answers) else 1
