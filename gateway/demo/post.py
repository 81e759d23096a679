"""A simulated post: publishes its messages by rename, finds the answers in its folder.

The post is nothing but folders behind an SFTP server; this is its clerk.
"""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from gateway.demo.reading import read
from gateway.mapping.registry import Registry
from gateway.model import Decision

OUT = Path("out/itmatt")
IN = Path("in/cusrsp")


class Post:
    """The post whose server's root is `root`; `answers_in` is the format its answers come in."""

    def __init__(self, root: Path, answers_in: str, registry: Registry | None = None) -> None:
        self._out, self._in = root / OUT, root / IN
        for folder in (self._out, self._in, root / "done"):
            folder.mkdir(parents=True, exist_ok=True)
        self._registry = registry or Registry()
        self._format = answers_in

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
        form = self._registry.format(self._format, datetime.now(UTC).date())
        told = (record for file in self.files() for record in read(form, file.read_bytes()))
        return Counter(record.outcome or "notice" for record in told if isinstance(record, Decision))
