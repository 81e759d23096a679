"""Once a day the audit trail is gone along from the last anchor on, and its head is written down outside the journal.

First the operator's program is told, then the file: whoever is killed between the two tells the program again. A trail
that does not fit is not anchored but told as an alarm; so is an anchor that could not be written.
"""

import logging
from collections.abc import Callable
from pathlib import Path

from gateway.findings.errors import GatewayError
from gateway.findings.failpoint import effect
from gateway.journal import anchors, audit
from gateway.journal.anchors import Anchor, Misfit
from gateway.journal.audit import BEGIN, Head, Verdict
from gateway.settings import Settings
from gateway.steps.ground.alarm import clear_alarm, raise_alarm
from gateway.steps.ground.failure import where
from gateway.steps.ground.gate import Gate

PAGE = 10_000  # rows of one read transaction
BROKEN, NOT_ANCHORED = "INT904", "INT955"
SUBJECT = "audit trail"

log = logging.getLogger("gateway.audit")
Teller = Callable[[bytes], None]


def place(settings: Settings) -> Path:
    """The file of anchors of a configuration."""
    return settings.folder / settings.audit.anchors if settings.audit.anchors else settings.state / anchors.NAME


def page(gate: Gate, start: Head) -> Verdict:
    """The next rows of the trail after one that is right, as many as one read transaction takes."""
    with gate.journal.read() as conn:
        return audit.verify(conn, gate.journal.key, start, PAGE)


def goes_on(found: Verdict, start: Head) -> Head | None:
    """Where the next page begins; None where the trail ends, or does not fit."""
    if found.broken_at is not None or found.rows - start.seq < PAGE:
        return None
    return Head(found.rows, bytes.fromhex(found.head))


def walk(gate: Gate, start: Head = BEGIN) -> Verdict:
    """The whole trail, or what comes after a row that is right, a page at a time: 5 µs a row."""
    at: Head | None = start
    while at is not None:
        found = page(gate, at)
        at = goes_on(found, at)
    return found


def compared(gate: Gate, known: list[Anchor]) -> list[Misfit]:
    with gate.journal.read() as conn:
        return list(anchors.misfits(conn, known))


class Anchoring:
    """The anchor of the day, a page of the trail a turn: no loop waits for a trail that was never gone along.

    How far it came is kept here alone; a process that is started again begins at the newest anchor that fits.
    """

    def __init__(self) -> None:
        self._at: Head | None = None

    @property
    def under_way(self) -> bool:
        return self._at is not None

    def turn(self, gate: Gate, tell: Teller | None = None) -> bool:
        """Begin if the last anchor is old enough, or go on; True when the trail was anchored."""
        path = place(gate.hub.settings)
        try:
            start = self._at or _begin(gate, anchors.read(path))
            if start is None:
                return False
            found = page(gate, start)
            self._at = goes_on(found, start)
            return self._at is None and _end(gate, path, found, tell)
        except (GatewayError, OSError) as error:
            self._at = None
            _say(gate, NOT_ANCHORED, {"why": where(error)})
            return False


def anchor(gate: Gate, tell: Teller | None = None, begun: Anchoring | None = None) -> bool:
    """Anchor the trail at once if its last anchor is old enough; True when it was."""
    anchoring = begun or Anchoring()
    made = anchoring.turn(gate, tell)
    while anchoring.under_way:
        made = anchoring.turn(gate, tell)
    return made


def _begin(gate: Gate, known: list[Anchor]) -> Head | None:
    """The newest anchor that fits; None where it is too early for another one."""
    if known and gate.now() - known[-1].at < gate.hub.settings.audit.every:
        return None
    return anchors.fitting(known, compared(gate, known))


def _end(gate: Gate, path: Path, found: Verdict, tell: Teller | None) -> bool:
    """The trail was gone along to its end, or to what does not fit."""
    wrong = compared(gate, anchors.read(path))
    unfit = [found.broken_at] if found.broken_at is not None else [one.anchor.rows for one in wrong]
    if unfit:
        _say(gate, BROKEN, {"seq": str(unfit[0])})
    if found.broken_at is not None:
        return False
    made = Anchor(gate.now().replace(microsecond=0), found.rows, found.head)
    if tell is not None:
        with effect("anchor.tell"):
            tell(made.line())
    anchors.add(path, made)
    log.info("audit.anchored", extra={"count": made.rows, "head": made.head})
    with gate.journal.write("anchor.clear") as conn:
        for code in (NOT_ANCHORED, *([] if wrong else [BROKEN])):
            clear_alarm(conn, code, SUBJECT)
    return True


def _say(gate: Gate, code: str, values: dict[str, str]) -> None:
    with gate.journal.write("anchor.alarm") as conn:
        raise_alarm(conn, code, SUBJECT, values)
