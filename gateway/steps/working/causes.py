"""One finding a cause: what misses something that is told already says nothing new.

An amount without a currency is no amount, so the record has none, and the check finds none. The reader knows the
element, the line and the reason: its finding stays. Only checks for something missing are looked at; what a check says
of a value that is there is a cause of its own.
"""

from gateway.findings import Finding
from gateway.findings.catalogue import entry

MISSING = ".missing"


def once(reading: tuple[Finding, ...], checks: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What the reader found, then what the checks found beside it; or the law of customs, then the writer."""
    unread = tuple(one.model_path for one in reading if one.severity == "error" and one.model_path)
    if not unread:
        return reading + checks
    return reading + tuple(one for one in checks if not _told(one, unread))


def _told(found: Finding, unread: tuple[str, ...]) -> bool:
    """Whether something that could not be read is, or holds, what a check misses."""
    if not entry(found.code).name.endswith(MISSING):
        return False
    return any(found.model_path == path or found.model_path.startswith((f"{path}.", f"{path}[")) for path in unread)
