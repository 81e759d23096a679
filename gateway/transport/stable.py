"""When is a file at the partner whole? Pure: rules on what was sighted, no clock, no line.

Ages are differences of our own clock between sightings of one (name, size, mtime), never remote time against ours.
"""

from collections.abc import Container
from datetime import timedelta
from typing import Literal

from gateway.settings.values import Completion
from gateway.transport.line import Entry
from gateway.transport.names import encoded

Outcome = Literal["same", "changed", "gone"]


def is_complete(
    rule: Completion, name: bytes, polls: int, seen_for: timedelta, listed: Container[bytes] = frozenset()
) -> bool:
    """`polls` sightings of equal size and time, the last `seen_for` after the first; `listed` is the whole folder."""
    match rule.kind:
        case "rename":
            return True
        case "stable":
            return polls >= rule.polls and seen_for >= rule.age * max(rule.polls - 1, 1)
        case "done-file":
            return any(done in listed for done in done_names(rule, name))


def done_names(rule: Completion, name: bytes) -> tuple[bytes, ...]:
    """The names that say `name` is whole: `*` is the whole name, or the name without its ending."""
    if not rule.done:
        return ()
    before, _, after = encoded(rule.done).partition(b"*")
    stem = name.rpartition(b".")[0]
    return tuple(before + part + after for part in (name, stem) if part)


def is_done_file(rule: Completion, name: bytes) -> bool:
    before, _, after = encoded(rule.done).partition(b"*")
    return bool(rule.done) and name.startswith(before) and name.endswith(after) and len(name) > len(before) + len(after)


def since(before: Entry, after: Entry | None) -> Outcome:
    """What happened to a file while it was read: `gone` may be a server that lets a file be read once."""
    if after is None:
        return "gone"
    return "same" if after == before else "changed"
