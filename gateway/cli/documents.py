"""What `gateway map` writes: one document an item, or one for all units of an interchange where the format says so."""

import re
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from pathlib import Path

import msgspec

from gateway.cli.shown import Shown
from gateway.mapping.format import Format
from gateway.model import Decision, Message
from gateway.steps.working.outcome import ItemOutcome

DECISIONS = msgspec.json.Decoder(Decision)


class Documents:
    """Where documents go: files below `out`, else one after the other on stdout, else (`silent`) nowhere."""

    def __init__(self, target: Format, out: Path | None, *, silent: bool = False) -> None:
        self._target = target
        self._out = out
        self._silent = silent
        self._names: set[str] = set()
        self.written = 0
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)

    def write(self, shown: Shown, items: Iterable[ItemOutcome]) -> Iterator[str]:
        """Write what one file gives; yields the names of the files made."""
        ready = ((item, text) for item in items if (text := self._text(shown, item)))
        if not self._target.plan.framed:
            for item, text in ready:
                yield self._put(item.draft.lrn if item.draft else f"{_stem(shown)}-{item.ordinal}", (text.encode(),))
                self.written += 1
            return
        for number, units in groupby(ready, key=lambda _: shown.opening.interchange if shown.opening else 0):
            first = next(units)  # the envelope of an interchange is known once its first item is
            texts = (text for _, text in chain((first,), units))
            message = shown.message()
            if self._stopped(shown, first[0], message, number):
                shown.hold(1 + sum(1 for _ in units))
                continue
            framed = self._target.frame(message, self._counted(texts))
            yield self._put(_stem(shown) + (f"-{number}" if number > 1 else ""), framed)

    def _text(self, shown: Shown, item: ItemOutcome) -> str:
        """The text of an item in the target's format; empty where it has none."""
        if item.kind != "decision":
            return item.draft.text.decode() if item.draft and item.draft.state == "written" else ""
        written = self._target.write(DECISIONS.decode(item.record))
        shown.also(item, written.findings, state="" if written.text else "held")
        if written.text is None:
            shown.hold(1)
        return written.text or ""

    def _stopped(self, shown: Shown, first: ItemOutcome, message: Message, number: int) -> bool:
        """True when the envelope lacks something that the target demands: none of its units can be written."""
        lacking = self._target.check_frame(message)
        for finding in lacking:
            shown.about(finding, first, f"interchange {number} held")
        return any(finding.severity == "error" for finding in lacking)

    def _counted(self, texts: Iterable[str]) -> Iterator[str]:
        for text in texts:
            self.written += 1
            yield text

    def _put(self, name: str, blocks: Iterable[bytes]) -> str:
        if self._out is None:
            for block in blocks:
                if not self._silent:
                    sys.stdout.buffer.write(block)
            return ""
        path = self._free(name)
        with path.open("wb") as stream:
            stream.writelines(blocks)
        return path.name

    def _free(self, name: str) -> Path:
        """A name is used once in a run; an earlier run's file of that name is replaced."""
        assert self._out is not None
        plain = re.sub(r"[^A-Za-z0-9._-]", "-", name)
        while plain in self._names:
            plain += "-again"
        if self._target.plan.framed:
            self._names.add(plain)
        return self._out / f"{plain}.{self._target.suffix}"


def _stem(shown: Shown) -> str:
    return Path(shown.source.name).stem.strip("<>")
