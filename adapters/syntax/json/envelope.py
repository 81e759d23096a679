"""What stands around the units of one interchange: kept while the file goes by, put together when its document ends.

The head holds every member that stands before the list of units, the tail every one behind it; lists that are passed
on the way hold nothing but the object that is entered. Head, units and tail are one readable document.

>>> order = Frame(b"{", b"}", [b'"shop": "A"'], b'"parcels": [')
>>> order.after.append(b'"count": 2')
>>> order.head(), order.tail(1)
(b'{"shop": "A", "parcels": [', b', "count": 2}')
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from adapters.syntax.json.faults import finding
from adapters.syntax.json.stretches import Cut
from gateway.mapping.protocols import Bad, Closing, Limits, Opening, Slice, Span

if TYPE_CHECKING:
    from gateway.findings import Finding

Event = Opening | Slice | Closing | Bad


class Frame(msgspec.Struct):
    """An open object or list on the way to the units: members before and behind them, and what leads there."""

    begins: bytes = b""
    ends: bytes = b""
    before: list[bytes] = []
    entered: bytes = b""
    after: list[bytes] = []

    def head(self) -> bytes:
        return self.begins + b", ".join([*self.before, self.entered])

    def tail(self, count: int | None = None) -> bytes:
        """The first members behind the units, and the end."""
        return b"".join(b", " + member for member in self.after[:count]) + self.ends

    @property
    def size(self) -> int:
        return sum(map(len, self.before)) + sum(map(len, self.after))


class _Container(NamedTuple):
    """The units of one list."""

    number: int
    head: bytes
    frames: tuple[Frame, ...]
    brackets: bytes
    events: list[Slice | Bad]


class Interchanges:
    """Numbers what the splitter cuts and puts it together, document by document."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.refused = False
        self._containers: list[_Container] = []
        self._notes: list[Finding] = []
        self._number = self._ordinal = 0
        self._closing: Closing | None = None

    def enter(self, frames: tuple[Frame, ...], brackets: bytes = b"[]") -> None:
        """A list of units begins; without brackets it is one of documents."""
        head = b"".join(frame.head() for frame in frames) + brackets[:1]
        self._number += 1
        self._containers.append(_Container(self._number, head, frames, brackets, []))

    def add(self, cut: Cut) -> None:
        """A stretch of units of the list that is open."""
        container = self._containers[-1]
        place = Span(cut.begin, cut.end - cut.begin, cut.line)
        ordinal = self._ordinal + 1
        self._ordinal += cut.items
        if cut.items == 1 and place.length > self.limits.item_bytes:
            values = {"bytes": str(place.length), "limit": str(self.limits.item_bytes)}
            container.events.append(Bad(ordinal, place, (finding("SRC230", place, values),)))
        else:
            at = Slice(container.number, ordinal, place.offset, place.length, place.line, cut.items)
            container.events.append(at)

    @property
    def waits(self) -> bool:
        """Whether a document has ended."""
        return self._closing is not None

    @property
    def holds_units(self) -> bool:
        """Whether the document that is open shows any."""
        return any(container.events for container in self._containers)

    @property
    def full(self) -> bool:
        """Whether the file holds more units than allowed."""
        return self._ordinal > self.limits.items

    def note(self, code: str, place: Span) -> None:
        """Something that costs no unit: told with the closing of its document."""
        self._notes.append(finding(code, place))

    def close(self, place: Span) -> Iterator[Event]:
        """A document ends. Its closing waits for what stands behind it."""
        yield from self.finish()
        whole = [container for container in self._containers if container.events]
        for container in whole:
            tail = container.brackets[1:] + b"".join(frame.tail() for frame in reversed(container.frames))
            yield Opening(container.number, container.head, tail, place)
            yield from container.events
            items = sum(event.items if isinstance(event, Slice) else 1 for event in container.events)
            self._closing = Closing(container.number, items)
            if container is not whole[-1]:
                yield from self.finish()
        if not whole:
            yield Bad(None, place, (finding("SRC206", place), *self._notes))
            self._notes.clear()
        self._containers.clear()

    def finish(self) -> Iterator[Event]:
        """The closing that waits, with what was noted since."""
        if self._closing:
            yield msgspec.structs.replace(self._closing, findings=tuple(self._notes))
            self._notes.clear()
        self._closing = None

    def refuse(self, code: str, place: Span, **values: str) -> Bad:
        """Nothing more of this file is looked at."""
        self.refused = True
        return Bad(None, place, (finding(code, place, values),))
