"""How files are published at a partner: as its connection says, else as the probe has found to be safe there.

The probe tries a server once in the folder that the connection names for it (`probe:`), and again when the server shows
another banner; what it found stays with the switch of the line. Without such a folder it is a plain rename, which a
sound server refuses where the name is taken.
"""

import logging

import msgspec

from gateway.findings.errors import GatewayError, PartnerUnreachable
from gateway.findings.failpoint import effect
from gateway.settings.connection import Connection
from gateway.steps import switches
from gateway.steps.gate import Gate
from gateway.transport.line import Line as Wire
from gateway.transport.line import PublishMode
from gateway.transport.probe import Capabilities, probe

WORDS: dict[str, PublishMode] = {"rename": "rename", "posix-rename": "posix_rename", "hardlink": "hardlink"}
CAPABILITIES = msgspec.json.Decoder(Capabilities)
log = logging.getLogger("gateway.mover")


def publish_mode(gate: Gate, line: Connection, wire: Wire) -> PublishMode:
    """The way to publish on an open line. Raises: PartnerUnreachable."""
    if line.publish != "auto":
        return WORDS[line.publish]
    found = known(gate, line, wire.banner) or _tried(gate, line, wire)
    return found.publish_mode if found else "rename"


def known(gate: Gate, line: Connection, banner: str = "") -> Capabilities | None:
    """What the probe found on this line, at a server with this banner (empty: at the last one)."""
    row = switches.read(gate, "connection", line.name)
    if row is None or not row["probe"] or (banner and row["banner"] != banner):
        return None
    return CAPABILITIES.decode(row["probe"])


def _tried(gate: Gate, line: Connection, wire: Wire) -> Capabilities | None:
    """Try now; None where there is no folder to try in, or it cannot be used."""
    if line.probe is None:
        return None
    try:
        with effect("capabilities.probe"):
            found = probe(wire, line.probe, lambda: gate.now().timestamp())
    except PartnerUnreachable:
        raise
    except GatewayError as error:
        log.warning("mover.not_probed", extra={"connection": line.name, "code": type(error).__name__})
        return None
    values = {"banner": wire.banner, "probe": msgspec.json.encode(found).decode()}
    with gate.journal.write("capabilities.note") as conn:
        known_before = switches.row_of(conn, "connection", line.name) is not None
        fresh = {} if known_before else {"state": "active", "environment": line.environment}
        switches.put(gate, conn, "connection", line.name, **fresh, **values)
    log.info("mover.probed", extra={"connection": line.name, "reason": found.publish_mode})
    return found
