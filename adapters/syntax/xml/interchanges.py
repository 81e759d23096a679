"""Interchanges as they are handed out: opening, slices and what cannot be read, closing.

What belongs to an interchange is held back until it ends: its tail is part of its opening. A slice is a handful of
numbers, so that this costs next to nothing however large the file is.
"""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from adapters.syntax.xml.cuts import Cut
from adapters.syntax.xml.envelope import Container, Frame
from adapters.syntax.xml.faults import finding
from gateway.mapping.protocols import Bad, Closing, Limits, Opening, Slice, Span

if TYPE_CHECKING:
    from gateway.findings import Finding

Event = Opening | Slice | Closing | Bad


class Interchanges:
    """Numbers what the splitter cuts and puts it together."""

    def __init__(self, record: int, limits: Limits) -> None:
        self.ready: list[Event] = []
        self.refused = False
        self._record = record
        self._limits = limits
        self._containers: list[Container] = []
        self._open = False
        self._any = False
        self._closing: Closing | None = None
        self._notes: list[Finding] = []
        self._number = 0
        self._ordinal = 0

    def __bool__(self) -> bool:
        """Whether the interchange that is open has units."""
        return bool(self._containers)

    def add(self, cut: Cut, frames: list[Frame]) -> None:
        """Take a stretch of units; `frames` are the open elements around it."""
        if not self._open:
            self._number += 1
            self._containers.append(Container(self._number, frames, self._record))
            self._open = True
        container = self._containers[-1]
        place = Span(cut.begin, cut.end - cut.begin, cut.line)
        ordinal = self._ordinal + 1
        self._ordinal += cut.items
        if place.length > self._limits.item_bytes and cut.items == 1:
            values = {"bytes": str(place.length), "limit": str(self._limits.item_bytes)}
            container.events.append(Bad(ordinal, place, (finding("SRC230", place, values),)))
        else:
            container.events.append(
                Slice(container.number, ordinal, place.offset, place.length, place.line, cut.items),
            )
        container.items += cut.items
        if self._ordinal > self._limits.items:
            self.refuse("SRC214", place, limit=str(self._limits.items))

    def leave(self) -> None:
        """The parent element of the units ends."""
        self._open = False

    def note(self, code: str, place: Span) -> None:
        """Something that costs no unit: told with the closing of the interchange it is in or behind."""
        self._notes.append(finding(code, place))

    def close(self, place: Span) -> None:
        """The interchange at `place` ends."""
        inside = [note for note in self._notes if note.source and (note.source.offset or 0) >= place.offset]
        self._notes = [note for note in self._notes if note not in inside]
        if not self._containers:
            self._number += 1
            self._hand_out(Bad(None, place, (finding("SRC206", place),), interchange=self._number))
        for container in self._containers:
            opening, findings = container.envelope(place)
            self._hand_out(opening)
            self.ready += container.events
            self._closing = Closing(container.number, container.items, (*findings, *inside))
        self._containers.clear()
        self._open = False

    def refuse(self, code: str, place: Span, **values: str) -> None:
        """Nothing more of this file is looked at."""
        self._hand_out(Bad(None, place, (finding(code, place, values),)))
        self.refused = True

    def finish(self, place: Span) -> None:
        """The file ends."""
        if not self._any:
            self._hand_out(Bad(None, place, (finding("SRC206", place),)))
        self._release()

    def _hand_out(self, event: Opening | Bad) -> None:
        self._release()
        self.ready.append(event)
        self._any = True

    def _release(self) -> None:
        """Hand out the closing that waited for what stands behind it."""
        if self._closing:
            self.ready.append(replace(self._closing, findings=(*self._closing.findings, *self._notes)))
            self._closing = None
            self._notes.clear()
