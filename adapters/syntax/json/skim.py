"""Bytes skimmed by a parser that builds nothing: whether they are JSON, and where the entries of a list are.

What stands in texts is not looked at: bytes that are not UTF-8 are found when the texts are read.

>>> list(separated(b'{"a": 1} , 2', raws_of(b'{"a": 1} , 2'), 0))
[(0, 8), (11, 12)]
"""

import re
from collections.abc import Iterator

import msgspec

_SEPARATOR = re.compile(rb"[ \t\r\n]*+,[ \t\r\n]*+")
_RAWS = msgspec.json.Decoder(list[msgspec.Raw])
_RAW = msgspec.json.Decoder(msgspec.Raw)
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_UNREADABLE = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)


def raws_of(data: bytes) -> list[msgspec.Raw] | None:
    """The entries of `[` data `]`, or None where that is no list."""
    try:
        return _RAWS.decode(b"[" + data + b"]")
    except _UNREADABLE:
        return None


def separated(data: bytes, raws: list[msgspec.Raw], at: int) -> Iterator[tuple[int, int]]:
    """Begin and end of entries whose bytes are known, from the first one on."""
    for raw in raws:
        end = at + len(raw)
        yield at, end
        found = _SEPARATOR.match(data, end)
        at = found.end() if found else end


def readable(data: bytes) -> bool:
    """Whether bytes are one value of JSON, as far as that can be told without reading its texts."""
    try:
        _RAW.decode(data)
    except _UNREADABLE:
        return False
    return True


def names(data: bytes) -> frozenset[bytes]:
    """The names that an object says; none where it cannot be read."""
    try:
        return frozenset(map(str.encode, _MEMBERS.decode(data)))
    except _UNREADABLE:
        return frozenset()
