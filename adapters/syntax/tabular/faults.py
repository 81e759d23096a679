"""Findings about rows and cells."""

from gateway.findings import Finding, Position
from gateway.findings.catalogue import entry
from gateway.mapping.protocols import Span


def finding(code: str, span: Span, at: str = "", /, **values: object) -> Finding:
    """A finding at a place, with the row's number among the values; `at` is the path in the item."""
    place = Position(line=span.line, offset=span.offset, length=span.length, path=at)
    said = {"line": str(span.line)} | {name: str(value) for name, value in values.items()}
    return Finding(code, entry(code).severity, said, source=place)
