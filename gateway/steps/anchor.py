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
from gateway.steps.alarm import clear_alarm, raise_alarm
from gateway.steps.failure import where
from gateway.steps.gate import Gate

PAGE = 10_000  # rows of one read transaction
BROKEN, NOT_ANCHORED = "INT904", "INT955"
SUBJECT = "audit trail"

log = logging.getLogger("gateway.audit")
Teller = Callable[[bytes], None]


def place(settings: Settings) -> Path:
    """The file of anchors of a configuration."""
    return settings.folder / settings.audit.anchors if settings.audit.anchors else settings.state / anchors.NAME


def walk(gate: Gate, start: Head = BEGIN) -> Verdict:
    """The whole trail, or what comes after a row that is right, a page at a time."""
    while True:
        with gate.journal.read() as conn:
            found = audit.verify(conn, gate.journal.key, start, PAGE)
        if found.broken_at is not None or found.rows - start.seq < PAGE:
            return found
        start = Head(found.rows, bytes.fromhex(found.head))


def compared(gate: Gate, known: list[Anchor]) -> list[Misfit]:
    with gate.journal.read() as conn:
        return list(anchors.misfits(conn, known))


def anchor(gate: Gate, tell: Teller | None = None) -> bool:
    """Anchor the trail if its last anchor is old enough; True when it was."""
    path = place(gate.hub.settings)
    try:
        known = anchors.read(path)
        if known and gate.now() - known[-1].at < gate.hub.settings.audit.every:
            return False
        return _anchor(gate, path, known, tell)
    except (GatewayError, OSError) as error:
        _say(gate, NOT_ANCHORED, {"why": where(error)})
        return False


def _anchor(gate: Gate, path: Path, known: list[Anchor], tell: Teller | None) -> bool:
    wrong = compared(gate, known)
    found = walk(gate, anchors.fitting(known, wrong))
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
