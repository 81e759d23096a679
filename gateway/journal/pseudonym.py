"""Keyed hashes in place of numbers that lead to a person: who has the exact number still finds it, nobody reads it.

HMAC-SHA-256 under a key of its own (`names.key` in the state folder), 128 bits of it, after a `#`: no identifier of a
message begins so once it was purged or erased. The key is made when the first number is replaced; whoever destroys it
makes the hashes worthless for good, whoever loses it finds what was purged no more.
"""

import hashlib
import hmac
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection

from gateway.journal import keyfile

NAME = "names.key"
MARK = "#"
DIGITS = 32
OPTION = "journal_names"


class Names:
    """The pseudonyms of one state folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._key: bytes | None = None

    def of(self, value: str) -> str:
        """The pseudonym of a value; of one that is a pseudonym itself, the same."""
        if hidden(value):
            return value
        if self._key is None:
            keyfile.make(self._path)
            self._key = keyfile.load(self._path, "late duplicates of purged items are not seen")
        return MARK + hmac.digest(self._key, value.encode(), hashlib.sha256).hex()[:DIGITS]

    def known(self, value: str) -> str | None:
        """The same, where anything was ever replaced: a search must not make a key."""
        return self.of(value) if self._key is not None or self._path.exists() else None

    def of_name(self, name: bytes) -> bytes:
        """The same of what a partner calls a file, which is bytes."""
        return self.of(name.decode("latin-1")).encode("latin-1")

    def known_name(self, name: bytes) -> bytes:
        """What may stand in the journal for the name of a file; the name itself, where nothing was ever replaced."""
        return (self.known(name.decode("latin-1")) or "").encode("latin-1") or name

    def by_pseudonym(self, values: Iterable[str]) -> dict[str, str]:
        """Values by what may stand for each of them in the journal: itself, and its pseudonym."""
        found = {}
        for value in values:
            found[value] = value
            if (other := self.known(value)) is not None:
                found[other] = value
        return found


def hidden(value: str) -> bool:
    """True for what is a pseudonym already."""
    return len(value) == DIGITS + 1 and value.startswith(MARK)


def names_of(conn: Connection) -> Names:
    """The pseudonyms of the journal that a connection is of."""
    found = conn.get_execution_options()[OPTION]
    assert isinstance(found, Names)
    return found
