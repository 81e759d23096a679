"""What stands around the units of one interchange: kept while the file goes by, put together when it is closed.

The head of an interchange is everything that stands before its units, the tail everything between and after them; what
belongs to other interchanges is in neither.
"""

from lxml import etree

from adapters.syntax.xml.faults import fault, finding
from adapters.syntax.xml.parse import parse
from gateway.findings import Finding
from gateway.mapping.protocols import Bad, Opening, Slice, Span


class Frame:
    """An open element on the way to the units: its start tag, then all that it holds beside them."""

    def __init__(self, name: bytes, outside: bytes, place: Span) -> None:
        self.name = name
        self.outside = bytearray(outside)
        self.place = place

    @property
    def end(self) -> bytes:
        return b"</" + self.name + b">" if self.name else b""


class Container:
    """The units of one parent element; `frames` are the open elements around the first of them."""

    def __init__(self, number: int, frames: list[Frame], record: int) -> None:
        self.number = number
        self.events: list[Slice | Bad] = []
        self.items = 0
        self._cuts = [(frame, len(frame.outside)) for frame in frames]
        self._record = record

    def envelope(self, span: Span) -> tuple[Opening, tuple[Finding, ...]]:
        """The opening, and what is wrong with what follows the units. Whether its head can be read, `outer` says."""
        head, tail, ends = self._head(), self._tail(), _ends(self._cuts)
        if not ends:
            return Opening(self.number, head, tail, span), ()
        if unreadable(head, ends):
            return Opening(self.number, head, ends, span), ()
        if unreadable(head, tail):
            return Opening(self.number, head, ends, span), (finding("SRC216", span),)
        return Opening(self.number, head, tail, span), ()

    def _head(self) -> bytes:
        return b"".join(bytes(frame.outside[:cut]) for frame, cut in self._cuts)

    def _tail(self) -> bytes:
        inside = [bytes(frame.outside[cut:]) + frame.end for frame, cut in self._cuts[self._record :]]
        return b"".join(reversed(inside)) + _ends(self._cuts[: self._record])


_TELLING = frozenset(("SRC202", "SRC203", "SRC224"))  # codes that say more than that the envelope cannot be read


def of_head(opening: Opening, error: etree.XMLSyntaxError) -> Finding:
    """Why nothing behind a head can be read."""
    found = fault(error, b"", opening.head, opening.span)
    return found if found.code in _TELLING else Finding("SRC210", values=found.values, source=found.source)


def unreadable(head: bytes, tail: bytes) -> bool:
    """Whether what stands around the units is not well-formed."""
    try:
        parse(head + tail)
    except etree.XMLSyntaxError:
        return True
    return False


def _ends(cuts: list[tuple[Frame, int]]) -> bytes:
    return b"".join(frame.end for frame, _ in reversed(cuts))
