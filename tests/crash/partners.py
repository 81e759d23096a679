"""What both partners have on their side: an append-only log of what reached them, and what customs says to it.

Taking a file is one rename into the log: nothing is taken twice, nothing in between. Neither partner de-duplicates.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from tests.steps.answers import response

TOLD = re.compile(r"<item-id>(\w+)</item-id>")
NAMED = re.compile(r"\d{5}-(.*)")


class Taken(NamedTuple):
    """One file of the log: the name it came under, and its bytes."""

    name: str
    data: bytes

    @property
    def lrn(self) -> str:
        return self.name.removesuffix(".xml")


class Partner:
    """The side of one partner, a folder with `in` and `out`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._log, self._said = folder, folder / "log", folder / "said"

    def take(self) -> bool:
        """Take what lies there under a final name; True when there was anything."""
        self._log.mkdir(exist_ok=True)
        came = sorted(self.folder.glob("in/[!.]*"), key=lambda path: (path.stat().st_mtime_ns, path.name))
        for seq, file in enumerate(came, len(list(self._log.iterdir())) + 1):
            file.rename(self._log / f"{seq:05}-{file.name}")
        return bool(came)

    def log(self) -> list[Taken]:
        """Everything that ever reached it, in the order in which it came."""
        files = sorted(self._log.iterdir()) if self._log.exists() else []
        return [Taken(NAMED.fullmatch(file.name)[1], file.read_bytes()) for file in files]

    def say(self, name: str, text: str | bytes) -> bool:
        """Leave a file for the gateway, once: the gateway takes it away, it is not said again."""
        self._said.mkdir(exist_ok=True)
        if (self._said / name).exists():
            return False
        data = text if isinstance(text, bytes) else text.encode()
        (self._said / name).write_bytes(data)
        draft = self.folder / "out" / f".{name}"
        draft.write_bytes(data)
        draft.rename(self.folder / "out" / name)
        return True


def once(folder: Path, what: str) -> bool:
    """True the first time: whatever is done then is not done again by a later life."""
    mark = folder / f"{what}.once"
    if mark.exists():
        return False
    mark.touch()
    return True


def partners(folder: Path) -> Iterator[Partner]:
    """Every partner of a site, on its live lines and its test lines."""
    return (Partner(inbox.parent) for inbox in sorted(folder.glob("*/in")))


def take_all(folder: Path) -> None:
    """All of them look into their folders now."""
    for one in partners(folder):
        one.take()


def clear(customs: Partner, now: datetime, code: str = "09") -> bool:
    """Customs takes what is there and says one thing to each declaration it has; True when it had anything to do."""
    came, issued = customs.take(), f"{now:%Y%m%d%H%M%SZ}"
    spoke = [customs.say(f"{code}-{one.name}", response(code, one.lrn, issued=issued)) for one in customs.log()]
    return came or any(spoke)


def told(post: Partner) -> Counter[str]:
    """How often the post was told of each parcel."""
    return Counter(number for one in post.log() for number in TOLD.findall(one.data.decode()))


def names_sent(customs: Partner) -> Counter[str]:
    return Counter(one.name for one in customs.log())


def missing(wanted: Sequence[str], had: Counter[str]) -> list[str]:
    return sorted(set(wanted) - set(had))


def repeated(had: Counter[str]) -> list[str]:
    return sorted(one for one, times in had.items() if times > 1)
