"""What is refused before it is looked at: no JSON, too large, an encoding that is not UTF-8.

Source: RFC 8259 §8.1: text that is exchanged is UTF-8; a byte order mark may be ignored.

>>> refuse(b'[{"id": 1}]', 11, Limits()) is None
True
>>> refuse('[{}]'.encode("utf-16"), 10, Limits()).values
{'encoding': 'UTF-16'}
"""

from adapters.syntax.json.faults import finding
from gateway.findings import Finding
from gateway.mapping.protocols import Limits, Span

BOM = b"\xef\xbb\xbf"
_WIDE = {
    "UTF-32": (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"\x00\x00\x00{", b"\x00\x00\x00["),
    "UTF-16": (b"\xff\xfe", b"\xfe\xff", b"\x00{", b"\x00[", b"{\x00", b"[\x00"),
}


def refuse(head: bytes, size: int, limits: Limits) -> Finding | None:
    """The reason why this file is not even split, or None."""
    whole = Span(0, size, 1)
    if size > limits.file_bytes:
        return finding("SRC204", whole, {"bytes": str(size), "limit": str(limits.file_bytes)})
    for encoding, begins in _WIDE.items():
        if head.startswith(begins):
            return finding("SRC502", whole, {"encoding": encoding})
    if head.removeprefix(BOM).lstrip()[:1] not in (b"{", b"["):
        return finding("SRC206" if not head.strip() else "SRC501", whole)
    return None
