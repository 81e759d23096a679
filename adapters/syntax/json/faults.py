"""What is wrong with bytes that are not JSON as RFC 8259 has it: a code of the catalogue and where it stands."""

from typing import Any

from gateway.findings import Finding, Position
from gateway.findings.catalogue import entry
from gateway.mapping.protocols import Span


class Fault(Exception):
    """Bytes at `at` break a rule; never leaves this package."""

    def __init__(self, code: str, at: int, **values: Any) -> None:
        super().__init__(code)
        self.code, self.at = code, at
        self.values = {name: str(value) for name, value in values.items()}


def fault(found: Fault, raw: bytes, span: Span) -> Finding:
    """The finding for a fault in `raw`, which stands at `span`."""
    at = min(found.at, max(len(raw) - 1, 0))
    line = span.line + raw.count(b"\n", 0, at)
    values = {"line": str(line), "column": str(at - raw.rfind(b"\n", 0, at)), **found.values}
    return finding(found.code, span, values, line)


def finding(code: str, span: Span, values: dict[str, str] | None = None, line: int | None = None) -> Finding:
    """A finding whose offset and length cut the item out of its file; `line` is the line of the fault itself."""
    place = Position(line=line or span.line, offset=span.offset, length=span.length)
    return Finding(code, entry(code).severity, values=values or {}, source=place)
