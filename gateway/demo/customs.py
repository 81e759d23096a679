"""A simulated administration: takes declarations at once, keeps every byte, validates, answers by its script.

It reads a declaration back through the gateway's own tables; whatever cannot be read is kept and not answered. What it
says hangs on its seed and the LRN only, never on the order of arrival; it never de-duplicates.
"""

import heapq
import time
from datetime import UTC, datetime
from pathlib import Path

from gateway.demo.answers import Case, Writer, lot, movement_number
from gateway.demo.ledger import Ledger, Reply
from gateway.demo.reading import read
from gateway.demo.script import load
from gateway.demo.verdict import Fault, faults
from gateway.mapping.registry import Registry
from gateway.model import Consignment


class Customs:
    """The desk: `in` is emptied, `out` is filled, `home` keeps the log."""

    def __init__(self, home: Path, script: Path, seed: int, registry: Registry | None = None) -> None:
        self._inbox, self._outbox = home / "root" / "in", home / "root" / "out"
        for folder in (self._inbox, self._outbox):
            folder.mkdir(parents=True, exist_ok=True)
        self._script, templates = load(script)
        self._seed = seed
        self._ledger = Ledger(home)
        self._writer = Writer(templates, seed, self._script.tax_rate)
        self._format = (registry or Registry()).format(self._script.format, datetime.now(UTC).date())
        self._due: list[tuple[float, int, Case, str]] = []
        self._said = 0

    def step(self) -> bool:
        """Take what has come and say what is due; True when there was anything to do."""
        taken = self._take()
        return self._speak() or taken

    @property
    def pending(self) -> int:
        """Answers that are still to be written."""
        return len(self._due)

    def _take(self) -> bool:
        arrived = [file for file in self._inbox.glob("*.xml") if not file.name.startswith(".")]
        for file in arrived:
            for record in read(self._format, self._ledger.take(file)):
                if isinstance(record, Consignment):
                    self._consider(record)
        return bool(arrived)

    def _consider(self, declared: Consignment) -> None:
        lrn = declared.declaration.lrn if declared.declaration else None
        if not lrn:
            return
        found = faults(self._script, declared)
        course = self._script.course(int.from_bytes(lot(self._seed, "course", lrn)))
        if not found and course.complaint:
            found = (Fault(course.complaint, self._accused(declared, lrn)),)
        now = datetime.now(UTC)
        answers = self._script.refused if found else course.answers
        case = Case(declared, lrn, movement_number(self._script.mrn, now.year, self._seed, lrn), found)
        for answer in answers:
            self._said += 1
            heapq.heappush(self._due, (time.monotonic() + answer.after, self._said, case, answer.say))

    def _accused(self, declared: Consignment, lrn: str) -> int:
        return 1 + int.from_bytes(lot(self._seed, "item", lrn)) % max(len(declared.goods_items), 1)

    def _speak(self) -> bool:
        spoken = False
        while self._due and self._due[0][0] <= time.monotonic():
            _, _, case, say = heapq.heappop(self._due)
            self._answer(case, say)
            spoken = True
        return spoken

    def _answer(self, case: Case, say: str) -> None:
        now = datetime.now(UTC)
        notification, text = self._writer.write(case, say, now)
        draft = self._outbox / f".{notification}.part"
        draft.write_text(text, encoding="utf-8")
        draft.rename(self._outbox / f"{notification}.xml")
        self._ledger.replied(Reply(case.lrn, say, notification, now))
