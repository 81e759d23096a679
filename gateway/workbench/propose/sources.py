"""A sample file as one tree: told by its bytes, never by its name.

Limits are those of the gateway itself; whatever its syntax refuses is refused here, by the same finding.
"""

from pathlib import Path

from gateway.findings.catalogue import entry
from gateway.findings.finding import Finding, Position
from gateway.mapping.plugins import syntaxes
from gateway.mapping.protocols import Limits
from gateway.workbench.propose import cells, markup, objects
from gateway.workbench.propose.raw import Refused, Sample

BOM = b"\xef\xbb\xbf"
ZIP = b"PK\x03\x04"
HEAD = 4096


def read(path: Path, limits: Limits = Limits()) -> Sample:  # noqa: B008 - frozen
    """The tree of a file. Raises: Refused."""
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise refused("MAP501", path, bytes=size, limit=limits.file_bytes)
    data = path.read_bytes()
    start = data.removeprefix(BOM).lstrip()
    try:
        if start.startswith(b"<"):
            if finding := syntaxes()["xml"].refuse(data[:HEAD], size, limits):
                raise Refused(finding)
            return markup.sample(data)
        if data.startswith(ZIP):
            return cells.workbook(data)
        if start.startswith((b"{", b"[")):
            return objects.sample(start)
        return cells.text(data)
    except (ValueError, RecursionError) as trouble:
        raise refused("MAP502", path) from trouble


def refused(code: str, path: Path, **values: object) -> Refused:
    """The exception with its finding."""
    said = {name: str(value) for name, value in values.items()}
    return Refused(Finding(code, entry(code).severity, said, source=Position(path.name)))
