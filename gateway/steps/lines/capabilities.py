"""What a partner's server can do, and what follows: how files are published there, and how many are under way.

The probe tries a server once in the folder that the connection names for it (`probe:`), and again when the server shows
another banner; what it found stays with the switch of the line. What the connection's file says itself counts before
it. Without such a folder the safe path is taken: a plain rename, which a sound server refuses where the name is taken,
and few requests at a time on one channel.
"""

import logging
from typing import Any

import msgspec
from sqlalchemy import Connection as Db
from sqlalchemy import select

from gateway.findings.errors import GatewayError, PartnerUnreachable
from gateway.findings.failpoint import effect
from gateway.journal import schema
from gateway.journal.clock import Clock
from gateway.settings import Settings
from gateway.settings.connection import Connection
from gateway.steps.ground import switches
from gateway.steps.ground.alarm import clear_alarm, raise_alarm
from gateway.steps.ground.gate import Gate
from gateway.transport.capabilities import Capabilities
from gateway.transport.line import Line as Wire
from gateway.transport.line import PublishMode
from gateway.transport.probe import mark_of, probe
from gateway.transport.wire import DEPTH

WORDS: dict[str, PublishMode] = {"rename": "rename", "posix-rename": "posix_rename", "hardlink": "hardlink"}
UNTRIED = "DLV641"
al = schema.alert
CAPABILITIES = msgspec.json.Decoder(Capabilities)
log = logging.getLogger("gateway.mover")


def prepare(gate: Gate, line: Connection, wire: Wire) -> None:
    """A line that was just opened: try its server where that is due, and use as much of it as it is known to bear.

    Raises: PartnerUnreachable; the trial itself may have cost the line.
    """
    found = known(gate, line, wire.banner) or _tried(gate, line, wire)
    if not wire.alive:
        raise PartnerUnreachable
    depth, channels = (found.depth, found.channels_wanted) if found else (DEPTH, 1)
    wire.widen(line.requests or depth, line.channels or channels)


def publish_mode(gate: Gate, line: Connection, wire: Wire) -> PublishMode:
    """The way to publish on an open line. Raises: PartnerUnreachable."""
    if line.publish != "auto":
        return WORDS[line.publish]
    found = known(gate, line, wire.banner) or _tried(gate, line, wire)
    return found.publish_mode if found else "rename"


def reads_once(gate: Gate, line: Connection, banner: str) -> bool:
    """True where the probe has shown that a file is gone once it was read."""
    found = known(gate, line, banner)
    return found is not None and found.reads_once


def rename_refuses(gate: Gate, line: Connection, banner: str) -> bool:
    """True where the probe has shown that a rename takes the place of nothing."""
    found = known(gate, line, banner)
    return found is not None and found.can("rename_refuses")


def known(gate: Gate, line: Connection, banner: str = "") -> Capabilities | None:
    """What the probe found on this line, at a server with this banner (empty: at the last one)."""
    with gate.journal.read() as conn:
        return stored(conn, line.name, banner)


def stored(conn: Db, line: str, banner: str = "") -> Capabilities | None:
    row = switches.row_of(conn, "connection", line)
    if row is None or not row["probe"] or (banner and row["banner"] != banner):
        return None
    try:
        return CAPABILITIES.decode(row["probe"])
    except msgspec.ValidationError:
        return None  # of an older version: it is tried again


def keep(gate: Gate, line: Connection, found: Capabilities) -> None:
    """Note what was found; what was told of an untried server is over."""
    with gate.journal.write("capabilities.note") as conn:
        _put(gate, conn, line, banner=found.banner, probe=msgspec.json.encode(found).decode())
        clear_alarm(conn, UNTRIED, line.name)
    log.info("mover.probed", extra={"connection": line.name, "reason": found.publish_mode})


def tried(settings: Settings, line: Connection, wire: Wire, clock: Clock) -> Capabilities:
    """Try the server in the folder that is named for it. Raises: as `probe`."""
    assert line.probe is not None, "there is a folder to try it in"
    with effect("capabilities.probe"):
        mark = mark_of(settings.gateway.id, line.name)
        return probe(wire, line.probe, lambda: clock.now().timestamp(), mark=mark)


def _tried(gate: Gate, line: Connection, wire: Wire) -> Capabilities | None:
    """Try now; None where there is no folder to try in, or it cannot be used."""
    if line.probe is None:
        _say_untried(gate, line, wire.banner)
        return None
    try:
        found = tried(gate.hub.settings, line, wire, gate.clock)
    except PartnerUnreachable:
        raise
    except GatewayError as error:
        log.warning("mover.not_probed", extra={"connection": line.name, "code": type(error).__name__})
        _say_untried(gate, line, wire.banner)
        return None
    keep(gate, line, found)
    return found


def _say_untried(gate: Gate, line: Connection, banner: str) -> None:
    """A server that is not the one that was known, and could not be tried as it should be: a person should look.

    Where no folder is named to try in, nothing changes with the server, and nobody could end the alarm.
    """
    row = switches.read(gate, "connection", line.name)
    before, tells = row["banner"] if row else None, line.probe is not None
    if before == banner and (tells or not _is_told(gate, line)):
        return
    with gate.journal.write("capabilities.untried") as conn:
        if before != banner:
            _put(gate, conn, line, banner=banner, probe=None)
        if not tells:
            clear_alarm(conn, UNTRIED, line.name)
        elif before:
            raise_alarm(conn, UNTRIED, line.name, {"connection": line.name, "before": before, "now": banner})


def _is_told(gate: Gate, line: Connection) -> bool:
    mine = (al.c.code == UNTRIED, al.c.subject == line.name, al.c.cleared_at.is_(None))
    with gate.journal.read() as conn:
        return conn.scalar(select(al.c.code).where(*mine)) is not None


def _put(gate: Gate, conn: Db, line: Connection, **values: Any) -> None:
    fresh = {} if switches.row_of(conn, "connection", line.name) else {"state": "active"}
    switches.put(gate, conn, "connection", line.name, environment=line.environment, **fresh, **values)
