"""The server of a line tried by hand: what it can do is told, and kept in the journal for the daemon."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gateway.findings.errors import GatewayError
from gateway.journal.clock import SystemClock
from gateway.journal.store import JournalMissing
from gateway.runner.gates import journal_of, open_gate
from gateway.runner.lines import dial
from gateway.settings import Credentials, Settings
from gateway.settings.connection import Connection
from gateway.steps.lines import capabilities
from gateway.steps.lines.diagnosis import Diagnosis
from gateway.steps.lines.servertold import told, untried
from gateway.transport.capabilities import Capabilities
from gateway.transport.faults import CODES


def trial(settings: Settings, line: Connection) -> Iterator[Diagnosis]:
    """Try the server of a line in the folder that is named for it; without one the safe path is taken, and told.

    A line that is a folder of this machine has none.
    """
    if isinstance(line.target, Path):
        return
    if line.probe is None:
        yield untried(line.name)
        return
    try:
        with dial(line, Credentials(settings.folder)) as wire:
            found = capabilities.tried(settings, line, wire, SystemClock())
    except GatewayError as error:
        code = CODES.get(type(error), "DLV612")
        what = f"{line.name}: folder {line.probe}/"
        yield Diagnosis(what, "fail", str(error), f"the partner makes it, ours to write in (gateway rule {code})")
        return
    _kept(settings, line, found)
    yield from told(line.name, found)


def stored(settings: Settings) -> dict[str, Capabilities]:
    """What the journal knows of the servers of a configuration; nothing before the first run."""
    with suppress(JournalMissing):
        journal = journal_of(settings, create=False)
        try:
            with journal.read() as conn:
                known = {line.name: capabilities.stored(conn, line.name) for line in settings.connections()}
        finally:
            journal.close()
        return {name: found for name, found in known.items() if found is not None}
    return {}


def _kept(settings: Settings, line: Connection, found: Capabilities) -> None:
    with suppress(JournalMissing), open_gate(settings, create=False) as gate:
        capabilities.keep(gate, line, found)
