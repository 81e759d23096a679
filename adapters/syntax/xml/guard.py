"""What is refused before it is looked at: no XML, too large, a DOCTYPE, an encoding whose markup is not ASCII.

Source: W3C XML 1.0 (fifth edition) §2.8, §4.3.3 and appendix F.

>>> refuse(b"<a/>", 4, Limits()) is None
True
>>> refuse(b"<!DOCTYPE a []><a/>", 19, Limits()).code
'SRC202'
"""

import re

from adapters.syntax.xml.faults import finding
from gateway.findings import Finding
from gateway.mapping.protocols import Limits, Span

ENCODINGS = {
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
    "US-ASCII": "ascii",
    "ASCII": "ascii",
    "ISO-8859-1": "latin-1",
    "LATIN1": "latin-1",
    "WINDOWS-1252": "cp1252",
}
"""Encodings that are read, and Python's names for them."""

BOM = b"\xef\xbb\xbf"
_DECLARED = re.compile(rb"\A(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']*)[\"']")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00", b"\x00\x00")
_PROLOG = re.compile(rb"(?:\s++|<!--(?>[^-]|-(?!-))*+-->|<\?(?>[^?]|\?(?!>))*+\?>)*+")


def refuse(head: bytes, size: int, limits: Limits) -> Finding | None:
    """The reason why this file is not even split, or None."""
    whole = Span(0, size, 1)
    start = head.removeprefix(BOM)
    prolog = _PROLOG.match(start)
    after = prolog.end() if prolog else 0
    if size > limits.file_bytes:
        return finding("SRC204", whole, {"bytes": str(size), "limit": str(limits.file_bytes)})
    if head.startswith(_WIDE):
        return finding("SRC208", whole, {"encoding": "UTF-16"})
    if declared(head).upper() not in ENCODINGS:
        return finding("SRC208", whole, {"encoding": declared(head)[:40]})
    if start.startswith((b"<!DOCTYPE", b"<!ENTITY"), after):
        return finding("SRC202", whole)
    if not start.startswith(b"<", after):
        return finding("SRC201", whole)
    return None


def declared(head: bytes) -> str:
    """The encoding that the XML declaration names; UTF-8 without one."""
    found = _DECLARED.match(head)
    return found[1].decode("latin-1") if found else "UTF-8"


def codec(head: bytes) -> str:
    """Python's name of the encoding of a document."""
    return ENCODINGS.get(declared(head).upper(), "utf-8")
