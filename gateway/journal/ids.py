"""Ids: ULIDs, 26 characters of Crockford's base 32, sorted by time and strictly rising within a process.

Source: the ULID specification (48 bits of milliseconds, 80 bits of chance).

>>> first, second = new_id(), new_id()
>>> len(first), first < second
(26, True)
>>> batch_id(first, 7) == first + "/7"
True
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAIRS = tuple("".join(pair) for pair in product(ALPHABET, repeat=2))  # ten bits at a time: a third of the divisions
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def encode(number: int) -> str:
    return "".join([PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])


def timestamp(ulid: str) -> datetime:
    """The moment in which the id was made."""
    milliseconds = 0
    for character in ulid[:10]:
        milliseconds = milliseconds << 5 | ALPHABET.index(character)
    return EPOCH + timedelta(milliseconds=milliseconds)


def floor(moment: datetime) -> str:
    """The smallest id of a moment: what was made before it has a smaller one. Of before 1970 it is the smallest of all.

    >>> floor(EPOCH + timedelta(milliseconds=1))
    '00000000010000000000000000'
    """
    return encode(max(0, int((moment - EPOCH) / timedelta(milliseconds=1))) << 80)


def milliseconds() -> int:
    """The machine's time, as ids tell it."""
    return time.time_ns() // 1_000_000


class Ulids:
    """A source of ids. Within a millisecond, and while the clock stands or runs back, it counts upwards."""

    def __init__(self) -> None:
        self.milliseconds: Callable[[], int] = milliseconds
        self._lock = threading.Lock()
        self._last = 0

    def take(self, count: int) -> list[str]:
        """`count` rising ids."""
        with self._lock:
            fresh = self.milliseconds() << 80 | secrets.randbits(80)
            first = fresh if fresh >> 80 > self._last >> 80 else self._last + 1
            self._last = first + count - 1
        return list(_rising(first, count))


def _rising(first: int, count: int) -> Iterator[str]:
    """Encode numbers that follow each other: all but the last four characters seldom change."""
    head, prefix = -1, ""
    for number in range(first, first + count):
        if number >> 20 != head:
            head, prefix = number >> 20, encode(number)[:22]
        yield prefix + PAIRS[number >> 10 & 1023] + PAIRS[number & 1023]


_ULIDS = Ulids()


def follow(now: Callable[[], datetime]) -> None:
    """From here on ids of this process tell another clock's time: of hosts with one journal, they rise together."""
    _ULIDS.milliseconds = lambda: int((now() - EPOCH) / timedelta(milliseconds=1))


def new_ids(count: int) -> list[str]:
    return _ULIDS.take(count)


def new_id() -> str:
    return _ULIDS.take(1)[0]


def batch_id(file: str, seq: int) -> str:
    """A batch is named by its file and number: inserting it again is a no-op."""
    return f"{file}/{seq}"
