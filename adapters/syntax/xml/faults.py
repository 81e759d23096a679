"""What is wrong with bytes that cannot be parsed: libxml2's error numbers as codes of the catalogue.

Source: libxml2 2.14, `xmlParserErrors` in `xmlerror.h`. Its texts quote the document, so only the number, line and
column are used.
"""

import re

from lxml import etree

from adapters.syntax.xml.markup import TAG
from gateway.findings import Finding, Position
from gateway.findings.catalogue import entry
from gateway.mapping.protocols import Span

_CODES = {
    code: finding
    for finding, codes in {
        "SRC202": (61, 92),  # DOCTYPE
        "SRC203": (13, 14, 15, 16, 17, 18, 19, 20, 21, 24, 25, 26, 27, 28, 29, 89, 107),  # entities
        "SRC221": (74, 77),  # end tag missing at the end
        "SRC223": (73, 75, 76),  # tags that do not match
        "SRC224": (6, 31, 32, 33, 34, 81),  # bytes that the encoding does not know
        "SRC225": (7, 8, 9, 10, 11),  # characters that XML does not allow
        "SRC226": (38, 39, 40, 41, 42, 65),  # attributes
        "SRC227": (22, 23, 68, 88),  # a bare & or <
        "SRC228": (200, 201, 202, 203, 204, 205),  # prefixes
        "SRC229": (44, 45, 46, 47, 62, 63, 64, 80),  # comments, CDATA, processing instructions
        "SRC231": (114,),  # the parser's own limits: depth, length of a name or text
    }.items()
    for code in codes
}
_BEGINS_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


def fault(error: etree.XMLSyntaxError, before: bytes, raw: bytes, span: Span) -> Finding:
    """The finding for `raw`, which stands at `span` and was parsed with `before` in front of it."""
    at = _index(error, before, raw)
    code = _code(error, raw)
    if (code == "SRC223" or at >= len(raw.rstrip())) and not _ends(raw):
        code = "SRC221"
    at = min(at, max(len(raw) - 1, 0))
    line = span.line + raw.count(b"\n", 0, at)
    column = at - raw.rfind(b"\n", 0, at)
    values = {"line": str(line), "column": str(column), "at": str(span.offset + at)}
    return finding(code, span, values, line)


def finding(code: str, span: Span, values: dict[str, str] | None = None, line: int | None = None) -> Finding:
    """A finding whose offset and length cut the item out of its file; `line` is the line of the fault itself."""
    place = Position(line=line or span.line, offset=span.offset, length=span.length)
    return Finding(code, entry(code).severity, values=values or {}, source=place)


def _code(error: etree.XMLSyntaxError, raw: bytes) -> str:
    code = _CODES.get(getattr(error, "code", 0), "SRC220")
    return "SRC202" if code in {"SRC227", "SRC220"} and _BEGINS_DOCTYPE.search(raw) else code


def _ends(raw: bytes) -> bool:
    """Whether the last tag is the end tag of the first."""
    first = TAG.match(raw)
    return first is not None and re.search(rb"</" + re.escape(first["name"]) + rb"\s*+>\s*+\Z", raw) is not None


def _index(error: etree.XMLSyntaxError, before: bytes, raw: bytes) -> int:
    """Where in `raw`, or behind it, the parser stopped."""
    lines = (error.lineno or 1) - 1 - before.count(b"\n")
    if lines <= 0:
        return max(before.rfind(b"\n") + 1 - len(before) + (error.offset or 0), 0)
    return len(raw) - len(raw.split(b"\n", lines)[-1]) + (error.offset or 0)
