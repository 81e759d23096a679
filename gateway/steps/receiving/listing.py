"""A partner's folder, looked through as it is listed: nothing is kept but what is to be done.

A listing of a hundred thousand names costs the memory of a thousand. What comes in at a poll is bounded: the listing is
left as soon as so many files are ready, and the next one finds the others, because what is ours by then is no longer
new. What was tried before in vain comes last and does not count: it keeps nobody waiting.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from gateway.findings.failpoint import effect
from gateway.settings.connection import Connection as Line
from gateway.settings.connection import Inbound
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import chunks
from gateway.steps.receiving.looks import Look
from gateway.steps.receiving.sighting import Sighted, sight
from gateway.transport import names, stable
from gateway.transport.line import Entry
from gateway.transport.line import Line as Wire

AT_ONCE = 1000  # entries of one transaction
ENOUGH = 20_000  # files of one folder that are fetched, and put away, at one poll
LISTED = 1_000_000  # entries after which a listing has no end
TOLD = 5  # names that are told of a folder


@dataclass(slots=True)
class Found:
    """What is to be done in a folder. `whole` says that the listing was read to its end.

    Entries are kept by name: a folder that changes while it is listed may name one twice (POSIX readdir).
    """

    ready: dict[bytes, Entry] = field(default_factory=dict)
    again: dict[bytes, Entry] = field(default_factory=dict)
    kept: list[Sighted] = field(default_factory=list)
    missing: set[bytes] = field(default_factory=set)
    strange: list[bytes] = field(default_factory=list)
    no_files: list[bytes] = field(default_factory=list)
    whole: bool = False

    @property
    def to_fetch(self) -> list[Entry]:
        """In the order in which they were left for us, so that ids rise in it; what failed before comes last."""
        return [*sorted(self.ready.values(), key=_left_at), *sorted(self.again.values(), key=_left_at)]


def look(gate: Gate, line: Line, wire: Wire, rule: Inbound, tried: Iterable[bytes], at: Look) -> Found:
    """List the folder of a rule. `tried` are names that could not be fetched so far, `at` is the look of this life."""
    found = Found(missing=set(tried))
    known, done = frozenset(found.missing), _done_files(wire, rule)
    others = [one for one in line.inbound if one.directory == rule.directory]
    with effect("pickup.list"):
        listed = islice(wire.scan(rule.directory), LISTED)
        for some in chunks(listed, AT_ONCE):
            found.missing.difference_update(entry.name for entry in some)
            mine = {entry.name: entry for entry in some if entry.kind == "file" and _is_for(rule, entry)}
            for one in sight(gate, line, rule, list(mine.values()), at):
                _sort(at.now(), rule, found, one, known, done)
            _wonder(found, rule, others, some)
            if len(found.ready) >= ENOUGH:
                return found
    found.whole = True
    return found


def _done_files(wire: Wire, rule: Inbound) -> frozenset[bytes]:
    """The names that say of another that it is whole: looked for first, as they may be listed anywhere."""
    if rule.complete.kind != "done-file":
        return frozenset()
    with effect("pickup.list_done"):
        listed = islice(wire.scan(rule.directory), LISTED)
        return frozenset(entry.name for entry in listed if stable.is_done_file(rule.complete, entry.name))


def _is_for(rule: Inbound, entry: Entry) -> bool:
    return names.matches(entry.name, rule.pattern) and not stable.is_done_file(rule.complete, entry.name)


def _sort(
    now: datetime, rule: Inbound, found: Found, one: Sighted, known: frozenset[bytes], done: frozenset[bytes]
) -> None:
    if one.file is not None:
        if not one.tidied and len(found.kept) < ENOUGH:
            found.kept.append(one)
    elif stable.is_complete(rule.complete, one.entry.name, one.polls, now - one.first_seen, done):
        (found.again if one.entry.name in known else found.ready)[one.entry.name] = one.entry


def _wonder(found: Found, rule: Inbound, others: list[Inbound], entries: Iterable[Entry]) -> None:
    """Names that we leave alone, and a person should know of; folders and hidden names of the partner's are its own."""
    if others[0] is not rule:
        return  # said once a folder
    for entry in entries:
        fits = any(_is_for(one, entry) for one in others)
        if fits and entry.kind != "file":
            _add(found.no_files, entry.name)
        elif entry.kind == "file" and not fits and not entry.name.startswith(b".") and not _is_done(others, entry):
            _add(found.strange, entry.name)


def _is_done(rules: Iterable[Inbound], entry: Entry) -> bool:
    return any(stable.is_done_file(rule.complete, entry.name) for rule in rules)


def _add(told: list[bytes], name: bytes) -> None:
    if len(told) < TOLD:
        told.append(name)


def _left_at(entry: Entry) -> tuple[int, bytes]:
    return entry.mtime, entry.name
