"""A partner's append-only log: every file it ever received, byte for byte, never de-duplicated.

`received/` holds the bytes, `received.jsonl` one line a file, `answered.jsonl` one line an answer. What the gateway
did is judged by this log, never by its own word.
"""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec

Line = TypeVar("Line", bound=msgspec.Struct)


class Receipt(msgspec.Struct, frozen=True):
    """One file received: its number in the log, the name it came under, what its bytes were."""

    seq: int
    name: str
    size: int
    sha256: str
    at: datetime


class Reply(msgspec.Struct, frozen=True):
    """One answer written: which notification about which declaration."""

    lrn: str
    say: str
    notification: str
    at: datetime


class Ledger:
    """The log below `home`. One process writes it; any may read."""

    def __init__(self, home: Path) -> None:
        self._bytes = home / "received"
        self._received = home / "received.jsonl"
        self._answered = home / "answered.jsonl"
        self._bytes.mkdir(parents=True, exist_ok=True)
        self._seq = sum(1 for _ in self._bytes.iterdir())

    def take(self, file: Path) -> bytes:
        """Move a file out of the partner's folder into the log, and give its bytes."""
        self._seq += 1
        kept = self._place(self._seq)
        file.rename(kept)
        data = kept.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        _append(self._received, Receipt(self._seq, file.name, len(data), digest, datetime.now(UTC)))
        return data

    def replied(self, reply: Reply) -> None:
        _append(self._answered, reply)

    def receipts(self) -> list[Receipt]:
        return _lines(self._received, Receipt)

    def replies(self) -> list[Reply]:
        return _lines(self._answered, Reply)

    def read(self, receipt: Receipt) -> bytes:
        """The bytes of one file received."""
        return self._place(receipt.seq).read_bytes()

    def _place(self, seq: int) -> Path:
        return self._bytes / f"{seq:06}"


def _append(file: Path, line: msgspec.Struct) -> None:
    with file.open("ab") as out:
        out.write(msgspec.json.encode(line) + b"\n")


def _lines(file: Path, kind: type[Line]) -> list[Line]:
    """The whole lines: the last one may be under way."""
    data = file.read_bytes() if file.exists() else b""
    return msgspec.json.Decoder(kind).decode_lines(data[: data.rfind(b"\n") + 1])
