"""Sealed bytes: a blob as a row of age files (age-encryption.org/v1), so that a stretch is read without the rest.

The name of a sealed blob ends in `.sealed`. It consists of frames: the length of an age file (4 bytes, big-endian),
then that age file, which holds 256 KiB of the plain bytes; the last frame holds what is left, an empty blob has none.
Sizes, offsets and hashes that the journal knows are those of the plain bytes. Whoever has the recipients can seal, only
the identity opens: backups of the spool are of no use without it. Without the gateway, split a file at its lengths and
give each part to `age --decrypt`.
"""

import io
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gateway.findings.errors import BlobDamaged, CredentialMissing, SpoolSealed

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from pyrage import x25519

SUFFIX = ".sealed"
FRAME = 1 << 18
LENGTH = 4
OVERHEAD = 1 << 14  # more than an age file is longer than what it holds, with many recipients
KEPT = 32  # frames kept open: what lies in one blob is asked for piece by piece
FOREIGN = "No matching keys found"  # pyrage's words when the frame was sealed for others


class Seal:
    """Seals for the recipients, opens with the identity, which is asked for when it is first needed."""

    def __init__(self, recipients: Sequence[str] = (), identity: Callable[[], bytes] | None = None) -> None:
        self.seals = bool(recipients)
        self._recipients, self._identity = recipients, identity
        self._to: list[x25519.Recipient] = []
        self._with: list[x25519.Identity] = []
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._turn = threading.Lock()

    def close(self, plain: bytes) -> bytes:
        """One frame."""
        import pyrage  # noqa: PLC0415  # where nothing is sealed nothing is loaded

        self._to = self._to or [pyrage.x25519.Recipient.from_str(one) for one in self._recipients]
        sealed = bytes(pyrage.encrypt(plain, self._to))
        return len(sealed).to_bytes(LENGTH, "big") + sealed

    def open(self, sealed: bytes) -> bytes:
        """What one age file holds. Raises: SpoolSealed, BlobDamaged."""
        import pyrage  # noqa: PLC0415

        self._with = self._with or self._identities()
        try:
            return bytes(pyrage.decrypt(sealed, self._with))
        except pyrage.DecryptError as error:
            raise (SpoolSealed if str(error) == FOREIGN else BlobDamaged) from None

    def prove(self) -> None:
        """What is sealed from now on can be opened here. Raises: SpoolSealed."""
        if self.seals:
            self.open(self.close(b"x")[LENGTH:])

    def frame(self, path: Path, number: int, read: Callable[[], bytes]) -> bytes:
        """A frame of a file: the last ones asked for are kept in memory."""
        key = (str(path), number)
        with self._turn:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        plain = self.open(read())
        with self._turn:
            self._kept[key] = plain
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return plain

    def _identities(self) -> list["x25519.Identity"]:
        """Each line of the credential that is no comment. Raises: SpoolSealed."""
        import pyrage  # noqa: PLC0415

        try:
            text = bytes(self._identity()).decode() if self._identity is not None else ""
            lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
            found = [pyrage.x25519.Identity.from_str(line) for line in lines]
        except CredentialMissing as error:
            raise SpoolSealed(f"the stored bytes are sealed: {error}") from None
        except (UnicodeDecodeError, pyrage.IdentityError):
            raise SpoolSealed("the credential of `at_rest.identity` holds no age identity") from None
        if not found:
            raise SpoolSealed
        return found


class Sealing:
    """Seals what is written to a file, a frame at a time."""

    def __init__(self, out: BinaryIO, seal: Seal) -> None:
        self._out, self._seal, self._held = out, seal, bytearray()

    def write(self, part: bytes) -> None:
        self._held += part
        while len(self._held) >= FRAME:
            self._out.write(self._seal.close(bytes(self._held[:FRAME])))
            del self._held[:FRAME]

    def finish(self) -> None:
        """Nothing more will be written."""
        if self._held:
            self._out.write(self._seal.close(bytes(self._held)))
            self._held.clear()


class Opened(io.RawIOBase):
    """The plain bytes of a sealed file, which may be read from any place; closes the file."""

    def __init__(self, stream: BinaryIO, path: Path, seal: Seal) -> None:
        super().__init__()
        self._stream, self._path, self._seal, self._at = stream, path, seal, 0
        self._frames = list(_frames(stream))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at}.get(whence)
        self._at = max(0, offset + (self._size() if base is None else base))
        return self._at

    def readinto(self, buffer: "WriteableBuffer") -> int:
        number, within = divmod(self._at, FRAME)
        if number >= len(self._frames):
            return 0
        target = memoryview(buffer).cast("B")
        part = self._plain(number)[within : within + len(target)]
        target[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._stream.close()
        super().close()

    def _plain(self, number: int) -> bytes:
        return self._seal.frame(self._path, number, lambda: self._sealed(number))

    def _sealed(self, number: int) -> bytes:
        at, length = self._frames[number]
        self._stream.seek(at)
        return self._stream.read(length)

    def _size(self) -> int:
        last = len(self._frames) - 1
        return last * FRAME + len(self._plain(last)) if self._frames else 0


def _frames(stream: BinaryIO) -> Iterator[tuple[int, int]]:
    """Where each age file of a sealed file begins, and how long it is. Raises: BlobDamaged."""
    end, at = stream.seek(0, os.SEEK_END), 0
    while at < end:
        stream.seek(at)
        length = int.from_bytes(stream.read(LENGTH), "big")
        at += LENGTH
        if not 0 < length <= min(FRAME + OVERHEAD, end - at):
            raise BlobDamaged
        yield at, length
        at += length
