"""The words by which `gateway mapping diff` is told what to compare: folders, rulesets, files, the journal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec
from sqlalchemy import func, select

from gateway.cli.configured import load_configuration
from gateway.cli.mapping.compared import Comparison, Given, Reached
from gateway.cli.report import Report
from gateway.cli.stateful import gate_of
from gateway.cli.translate import clock
from gateway.journal import schema
from gateway.mapping.registry import shipped
from gateway.steps.ground.force import in_force
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.hub import Hub, filer_with
from gateway.steps.working.filer import Filer
from gateway.steps.working.outcome import RoutePlan
from gateway.transport.names import shown
from gateway.workbench.difference.sides import Side

if TYPE_CHECKING:
    from gateway.settings import Settings

SHIPPED, DISK, IN_FORCE = "shipped", "disk", "in-force"
HERE = RoutePlan("here", partner="here", connection="here", keep=True)
f, b = schema.file, schema.blob


@dataclass(frozen=True)
class Work:
    """What is to be compared, and its size in bytes."""

    comparison: Comparison
    files: Iterator[Given]
    size: int

    def run(self) -> Iterator[Reached]:
        return self.comparison.over(self.files)


@contextmanager
def work_of(
    report: Report,
    *,
    old: str,
    new: str,
    files: tuple[Path, ...],
    journal: bool,
    config: Path | None,
    connection: str,
    source_format: str | None,
    target: str | None,
    on: date,
    settings: tuple[tuple[str, str], ...],
) -> Iterator[Work]:
    """The work that the options ask for."""
    _agree(files, connection, target, journal=journal)
    named = partial(_files, files, source_format, on, connection)
    if not journal and _stateless(old) and _stateless(new):
        asked = config is not None or connection or DISK in {old, new}
        configured = load_configuration(report, config, formats=False) if asked else None
        way, hub = _way(configured, target, dict(settings)), Hub(configured) if configured and connection else None
        found = named(hub)
        comparison = Comparison((_side(old, configured), _side(new, configured)), way, hub)
        yield Work(comparison, iter(found), _size(found))
        return
    with gate_of(report, config) as gate:
        pair = (_archived(gate, old), _archived(gate, new))
        if journal:
            yield Work(Comparison(pair, HERE, gate.hub), _received(gate), _spooled(gate))
            return
        found = named(gate.hub if connection else None)
        way = _way(gate.hub.settings, target, dict(settings))
        yield Work(Comparison(pair, way, gate.hub), iter(found), _size(found))


def _agree(files: tuple[Path, ...], connection: str, target: str | None, *, journal: bool) -> None:
    """What cannot be asked together."""
    if journal == bool(files):
        raise click.UsageError("name FILEs, or --journal for those that the gateway has received")
    if target and (journal or connection):
        raise click.UsageError("--to is not for --journal or --from: there the routes say what is written")


# sides


def _stateless(word: str) -> bool:
    """Whether it can be looked up without a journal."""
    return Path(word).is_dir() or word in {SHIPPED, DISK}


def _side(word: str, configured: "Settings | None") -> Side:
    folders: tuple[Path, ...] = () if word == SHIPPED else (Path(word),)
    if word == DISK and configured is not None and not Path(word).is_dir():
        folders = configured.overlays
    return Side(word, tuple(str(folder) for folder in (*folders, shipped())))


def _archived(gate: Gate, word: str) -> Side:
    """Tables by a word or by the first digits of a ruleset's hash."""
    if Path(word).is_dir() or word in {SHIPPED, DISK}:
        return _side(word, gate.hub.settings)
    with gate.journal.read() as conn:
        wanted = in_force(conn) if word == IN_FORCE else word
        known = schema.ruleset.c.hash
        hashes = conn.scalars(select(known).where(known.startswith(wanted, autoescape=True)).limit(2)).all()
    if len(hashes) != 1 or not wanted:
        problem = "is no folder and no ruleset of this gateway" if not hashes else "begins several rulesets"
        raise click.BadParameter(f"{word!r} {problem}; {SHIPPED}, {DISK} and {IN_FORCE} are words for some")
    (ruleset,) = hashes
    name = f"{word} {ruleset[:12]}" if word == IN_FORCE else ruleset[:12]
    return Side(name, gate.roots(ruleset), ruleset, gate.filers(ruleset))


# files


def _way(configured: "Settings | None", target: str | None, own: dict[str, str]) -> RoutePlan:
    """The one way of every item where no routes are asked: to the target as its receiver's file says, or nowhere."""
    if target is None:
        return HERE
    partners = configured.partners.values() if configured else ()
    receiver = next((partner for partner in partners if target in partner.receives), None)
    filer = filer_with(configured, receiver) if configured and receiver else Filer()
    filer = msgspec.structs.replace(filer, settings={**filer.settings, **own})
    partner = receiver.partner if receiver else "here"
    return RoutePlan("here", target=target, partner=partner, connection="here", filer=filer)


def _files(
    files: tuple[Path, ...], source_format: str | None, on: date, connection: str, hub: Hub | None
) -> list[Given]:
    """Files, and those in folders."""
    environment = "test"
    if hub is not None:
        line = hub.connections.get(connection)
        if line is None:
            raise click.BadParameter(f"there is no connection {connection!r}", param_hint="--from")
        environment = line.environment
    named = [each for path in files for each in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    now = clock(on)
    return [Given(str(path), path, on, now, source_format, environment, connection) for path in named if path.is_file()]


def _size(files: list[Given]) -> int:
    return sum(given.bytes.stat().st_size for given in files if isinstance(given.bytes, Path))


# the journal

KEPT = (f.c.format.is_not(None), b.c.purging_at.is_(None))


def _spooled(gate: Gate) -> int:
    with gate.journal.read() as conn:
        return conn.scalar(select(func.sum(b.c.size)).join(f, f.c.blob == b.c.id).where(*KEPT)) or 0


def _received(gate: Gate) -> Iterator[Given]:
    """Files whose bytes are still there, in the order they came; one whose bytes go meanwhile is left out."""
    columns = (f.c.id, f.c.name, f.c.connection, f.c.environment, f.c.format, f.c.received_at, f.c.blob)
    page: list[Any] = [None]
    last = ""
    while page:
        due = select(*columns).join(b, b.c.id == f.c.blob).where(*KEPT, f.c.id > last).order_by(f.c.id).limit(500)
        with gate.journal.read() as conn:
            page = list(conn.execute(due))
        for row in page:
            last = row.id
            received: datetime = row.received_at.astimezone(UTC)
            name = f"{shown(row.name)} ({row.id})"
            spooled = partial(gate.opened, row.blob)
            yield Given(name, spooled, received.date(), received, row.format, row.environment, row.connection)
