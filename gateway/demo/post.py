"""A simulated post: publishes its messages by rename, finds the answers in its folder.

The post is nothing but folders behind an SFTP server; this is its clerk.
"""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from gateway.demo.reading import read
from gateway.mapping.registry import Registry
from gateway.model import Decision


class PostSetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who the post is, what its folders are called, the format of what it is answered."""

    partner: str
    sender: str
    lays_out: str
    puts_away: str
    finds: str
    answers: str


class Post:
    """The post whose server shows the folder `root`."""

    def __init__(self, root: Path, setup: PostSetup) -> None:
        self._out, self._in = root / setup.lays_out, root / setup.finds
        for folder in (self._out, self._in, root / setup.puts_away):
            folder.mkdir(parents=True, exist_ok=True)
        self._answered_in = setup.answers

    def publish(self, name: str, data: bytes) -> None:
        """Lay a message out for the gateway: whole or not at all."""
        draft = self._out / f".{name}.part"
        draft.write_bytes(data)
        draft.rename(self._out / name)

    def files(self) -> list[Path]:
        """The files that have come back, in the order of their names."""
        return sorted(file for file in self._in.iterdir() if file.is_file() and not file.name.startswith("."))

    def answers(self) -> Counter[str]:
        """What the post was told, by outcome."""
        form = Registry().format(self._answered_in, datetime.now(UTC).date())
        told = (record for file in self.files() for record in read(form, file.read_bytes()))
        return Counter(record.outcome or "notice" for record in told if isinstance(record, Decision))
