"""Shows figures to Prometheus: a file that is replaced as a whole, or an answer on a port of this machine.

Which process shows what, so that nothing is counted twice:

| process | `textfile: gateway.prom` | `listen` |
|---|---|---|
| `gateway run` | the file: journal, process | journal, process |
| `run --role core` | the file: journal, process | nothing: it has no network |
| `run --role mover` | `gateway-mover.prom`: process | journal, process |

Of several hosts the one that works at the journal's steps shows the journal's figures, the others their own.
"""

import logging
import os
import platform
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway import __version__
from gateway.findings.failpoint import effect
from gateway.observe.metrics import BY_NAME, REGISTRY
from gateway.settings.addresses import Server
from gateway.steps.ground.failure import where
from gateway.steps.ground.gate import Gate
from gateway.steps.watching.figures import Figure, figures, room

if TYPE_CHECKING:
    from wsgiref.simple_server import WSGIServer

FRESH = 5.0  # seconds for which figures are not asked again, however often somebody does
READABLE = 0o644  # the collector runs as somebody else; there is nothing secret in it

Source = Callable[[], Iterable[Figure]]
log = logging.getLogger("gateway.metrics")


class Figures(Collector):
    """Gauges by the table of metrics, from whoever knows them; asked at most every few seconds."""

    def __init__(self, *sources: Source) -> None:
        self._sources, self._turn = sources, threading.Lock()
        self._asked = -FRESH
        self._last: tuple[Metric, ...] = ()

    def collect(self) -> Iterator[Metric]:
        with self._turn:
            if time.monotonic() - self._asked >= FRESH:
                self._last = tuple(families(figure for source in self._sources for figure in source()))
                self._asked = time.monotonic()
            yield from self._last

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked when this is registered."""
        return ()


def families(found: Iterable[Figure]) -> Iterator[Metric]:
    """Figures by name, in the order of the table."""
    values: dict[str, list[Figure]] = {}
    for figure in found:
        values.setdefault(figure.name, []).append(figure)
    for name, metric in BY_NAME.items():
        if name in values:
            family = GaugeMetricFamily(name, metric.help, labels=metric.labels)
            for figure in values[name]:
                family.add_metric(figure.labels, figure.value)
            yield family


class _Once(Collector):
    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = tuple(found)

    def collect(self) -> Iterable[Metric]:
        return self._found


def text_of(found: Iterable[Metric]) -> bytes:
    """Prometheus' text format."""
    return generate_latest(_Once(found))


def journal_figures(gate: Gate) -> tuple[Figure, ...]:
    """What the journal and its disk tell."""
    return (*figures(gate), *room(gate))


def process_of(role: str) -> Source:
    """Which version this is, and when it said so."""
    python = platform.python_version()
    return lambda: (
        Figure("gateway_build_info", (role, __version__, python), 1.0),
        Figure("gateway_written_seconds", (role,), datetime.now(UTC).timestamp()),
    )


def registry_of(role: str, *sources: Source) -> CollectorRegistry:
    """All that a process shows: its sources, what it measures, and what the kernel says of it."""
    registry = CollectorRegistry()
    registry.register(Figures(*sources, process_of(role)))
    registry.register(REGISTRY)
    ProcessCollector(namespace=f"gateway_{role}", registry=registry)
    return registry


class Textfile(threading.Thread):
    """Writes the file every so often, and takes it away at the end: what nobody renews must not look alive."""

    def __init__(self, path: Path, seconds: float, registry: CollectorRegistry) -> None:
        super().__init__(name="metrics", daemon=True)
        self._path, self._seconds, self._registry = path, seconds, registry
        self._ending = threading.Event()

    def run(self) -> None:
        while True:
            self._write()
            if self._ending.wait(self._seconds):
                return

    def end(self) -> None:
        self._ending.set()
        self.join(FRESH)
        with suppress(OSError), effect("metrics.withdraw"):
            self._path.unlink()

    def _write(self) -> None:
        try:
            publish(self._path, generate_latest(self._registry))
        except OSError as error:
            reason = f"metrics.textfile: {self._path}: {error.strerror}"
            log.warning("metrics.not_written", extra={"reason": reason}, exc_info=True)
        except Exception as error:
            log.warning("metrics.not_written", extra={"reason": where(error)}, exc_info=True)


def publish(path: Path, text: bytes) -> None:
    """Replace the file as a whole: a reader sees the one of before or this one."""
    draft = path.with_name(f"{path.name}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, READABLE), "wb") as out:
        os.fchmod(out.fileno(), READABLE)
        out.write(text)
    with effect("metrics.publish"):
        draft.replace(path)


class Listener:
    """Answers on a port. One that is taken is said in the log; the exchange goes on without it."""

    def __init__(self, door: Server, registry: CollectorRegistry) -> None:
        self._door, self._registry = door, registry
        self._server: WSGIServer | None = None

    def start(self) -> None:
        try:
            self._server, _ = start_http_server(self._door.port or 0, self._door.host, self._registry)
        except OSError as error:
            log.warning("metrics.not_listening", extra={"reason": where(error)}, exc_info=True)

    def end(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


class Shows(Protocol):
    """A way to show figures, from the start of a process to its end."""

    def start(self) -> None: ...

    def end(self) -> None: ...


def ways(gate: Gate, names: Sequence[str], leads: Callable[[], bool]) -> Iterator[Shows]:
    """What the configuration wants of a process of these roles; `leads` says whether it works at the journal now."""
    settings, role = gate.hub.settings, names[0] if len(names) == 1 else "run"
    alone = role == "mover" and settings.gateway.runner == "local"  # the only one of two that can be asked

    def journal() -> tuple[Figure, ...]:
        return journal_figures(gate) if leads() else ()

    if settings.metrics.textfile:
        path = settings.folder / settings.metrics.textfile
        name = f"{path.stem}-mover{path.suffix}" if role == "mover" else path.name
        yield Textfile(path.with_name(name), settings.metrics.every.total_seconds(), registry_of(role, journal))
    if settings.metrics.listen and role != "core":
        whole = (lambda: journal_figures(gate)) if alone else journal
        yield Listener(settings.metrics.listen, registry_of(role, whole))
