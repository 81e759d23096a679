"""Exceptions that nobody expected: of the machine (then all wait), or of one unit (which is set aside).

Of the machine: the journal does not answer, the disk is full, there is no memory, sealed bytes cannot be opened. Of
one unit: a bug of ours, a table that cannot be used, bytes that are gone: which must not stop the others and is not
tried for ever.
"""

import traceback

from gateway.findings.errors import GatewayError, SpoolSealed
from gateway.journal.store import CommitUnknown, JournalUnavailable
from gateway.journal.tenure import TenureLost

TROUBLE = (JournalUnavailable, CommitUnknown, TenureLost, MemoryError, OSError, SpoolSealed)
OF_ONE = (FileNotFoundError,)  # the bytes of one unit, not the disk
FRAMES = 4


def is_trouble(error: BaseException) -> bool:
    """True when the machine is at fault, so that the same may succeed later."""
    return isinstance(error, TROUBLE) and not isinstance(error, OF_ONE)


def raise_trouble(error: Exception) -> None:
    """Let trouble of the machine through."""
    if is_trouble(error):
        raise error


def where(error: BaseException) -> str:
    """What happened and in which lines; only our own exceptions are quoted, the text of others may hold a parcel."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    places = " < ".join(f"{f.filename.rpartition('/')[2]}:{f.lineno}" for f in reversed(frames))
    said = f" ({error})" if isinstance(error, GatewayError) else ""
    return f"{type(error).__name__}{said} {places}"
