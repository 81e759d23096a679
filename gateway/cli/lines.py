"""Lines to partners looked at from here: address, host key, login, certificate, folders, what the server can do."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gateway.findings.errors import CredentialMissing, GatewayError

if TYPE_CHECKING:
    from gateway.settings import Connection, Settings
    from gateway.steps.doctor import Diagnosis


def diagnosed(settings: "Settings", lines: Sequence["Connection"], *, probing: bool = False) -> Iterator["Diagnosis"]:
    """Dial each line; `probing` also tries what its server can do, where a folder is named for that."""
    from gateway.runner.lines import certificate_left, dial
    from gateway.settings import Credentials
    from gateway.steps.doctor import Diagnosis, certificate, folders, tried

    credentials = Credentials(settings.folder)
    for line in lines:
        try:
            if (left := certificate_left(line, credentials, datetime.now(UTC))) is not None:
                yield certificate(line, left)
            with dial(line, credentials) as wire:
                yield from folders(wire, line, settings.gateway.id)
                if probing:
                    yield from tried(wire, line)
        except GatewayError as error:
            yield Diagnosis(f"line {line.name}", "fail", str(error), advice(error, settings))


def advice(error: GatewayError, settings: "Settings") -> str:
    """What the catalogue says to do about an error of a line; a key that is missing has its own place."""
    from gateway.findings.catalogue import hint
    from gateway.transport.faults import CODES, finding

    if isinstance(error, CredentialMissing):
        return f"put our private key into {settings.folder / 'credentials'} under that name, readable by us alone"
    return f"{hint(finding(error))} (gateway rule {CODES[type(error)]})" if type(error) in CODES else ""
