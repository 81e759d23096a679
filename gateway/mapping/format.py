"""One compiled table: items to records and records to text, with findings and traces."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.findings.finding import Finding
from gateway.mapping.body import MARK
from gateway.mapping.carriers import Carriers
from gateway.mapping.compiled import objects, reading
from gateway.mapping.compiled.scanning import scanner_of
from gateway.mapping.markup import document
from gateway.mapping.official import Official, findings
from gateway.mapping.plan import Plan
from gateway.mapping.protocols import Bad, Item, Limits, Opening, Scribe, Slice, Span, Syntax
from gateway.mapping.trace import Trace
from gateway.mapping.twin.reading import Reader

if TYPE_CHECKING:
    from gateway.mapping.twin.frames import Steps
    from gateway.mapping.twin.writing import Writer


class Reading(msgspec.Struct, frozen=True):
    """What an item was understood to say. `exact` says that the compiled reader had no doubt."""

    record: Any
    findings: tuple[Finding, ...] = ()
    exact: bool = True


class Written(msgspec.Struct, frozen=True):
    """The text of one document or unit; None where it cannot be written as the format demands.

    `edition` is that of the official schema that a document was looked at by.
    """

    text: str | None
    findings: tuple[Finding, ...] = ()
    edition: str = ""


class Format:
    """A table at work. Compiled code does the clean path; at its first doubt the twin takes the item."""

    def __init__(self, plan: Plan, syntax: Syntax, official: Official | None = None) -> None:
        self.plan = plan
        self.syntax = syntax
        self.official = None if plan.framed else official  # one unit of several is no document

    def items(self, opening: Opening, at: Slice, data: bytes, limits: Limits) -> Iterator[Item | Bad]:
        """The units of a slice as the syntax gives them; what is plain is understood on the way, without a parser."""
        return self.syntax.items(opening, at, data, self.plan, limits, self.scanner)

    def read(self, item: Item) -> Reading:
        """One unit of failure."""
        if item.record is not None:
            return Reading(item.record)
        record = self.reader(item.body, item.equals)
        if record is not None:
            return Reading(record, item.findings)
        trace = self.twin_reader.read(item)
        return Reading(trace.record, item.findings + trace.findings, exact=False)

    def read_outer(self, opening: Opening) -> Reading:
        """The record around the units; None where the table's record is itself the unit."""
        item = self.syntax.outer(opening, self.plan)
        if isinstance(item, Bad):
            return Reading(None, item.findings, exact=False)
        trace = self.trace_outer(opening)
        return Reading(trace.record, trace.findings, exact=False) if trace else Reading(None)

    def trace_outer(self, opening: Opening) -> Trace | None:
        """Each value around the units; None where nothing stands there or it cannot be read."""
        item = self.syntax.outer(opening, self.plan)
        if isinstance(item, Bad) or item.body is None or not self.plan.unit:
            return None
        return self.twin_reader.read_outer(item)

    def write(self, record: Any) -> Written:
        """One document, looked at by its official schema; or one unit where the record is inside a message."""
        text = self.writer(record)
        if text is not None:
            written = Written(text)
        else:
            text, trace = self.twin_writer.write(record)
            written = Written(text, trace.findings)
        return written if self.official is None or text is None else self._validated(written, self.official, record)

    def _validated(self, written: Written, official: Official, record: Any) -> Written:
        breaches = official.written(written.text or "")
        entries = self.trace_write(record).entries if breaches else ()
        told = findings(breaches, official.edition, self.plan, entries, written.findings)
        return Written(written.text, (*written.findings, *told), str(official.edition))

    def frame(self, message: Any, units: Iterable[str]) -> Iterator[bytes]:
        """The envelope around units, as they come."""
        body = self.twin_writer.write_outer(message)[0] if self.plan.unit else None  # nothing stands around rows
        if self.scribe is not None:
            yield from self.scribe.frame(body, units, self.plan)
            return
        head, mark, tail = (document(body) if body is not None else "").partition(MARK)
        if not mark:
            raise ValueError(self.plan.name)
        yield head.encode()
        for unit in units:
            yield unit.encode()
        yield tail.encode()

    def check_frame(self, message: Any) -> tuple[Finding, ...]:
        """What stands in the way of writing the envelope."""
        return self.twin_writer.write_outer(message)[1].findings if self.plan.unit else ()

    def trace_read(self, item: Item, data: bytes, opening: Opening | None = None) -> Trace:
        """Each value of an item with its place in the file; `data` are the item's bytes."""
        head = opening or Opening(0, b"", b"", item.span)
        if item.body is None:
            item = self._parsed(item, data, head)
        spans: dict[Steps, Span] = {leaf.steps: leaf.span for leaf in self.syntax.leaves(item, head, data, self.plan)}
        return self.twin_reader.read(item, spans)

    def trace_write(self, record: Any) -> Trace:
        """Each value that is written, in output order."""
        return self.twin_writer.write(record)[1]

    def _parsed(self, item: Item, data: bytes, opening: Opening) -> Item:
        """The same unit with its body."""
        span = item.span
        alone = Slice(opening.interchange, item.ordinal, span.offset, span.length, span.line, 1)
        found = next(self.syntax.items(opening, alone, data, self.plan, Limits()))
        assert isinstance(found, Item)
        return found

    @property
    def scribe(self) -> Scribe | None:
        """The syntax as the writer of its own texts; None for XML, whose text the engine itself makes."""
        return self.syntax if isinstance(self.syntax, Scribe) else None

    @property
    def suffix(self) -> str:
        """How files of the format are named at the end."""
        return getattr(self.syntax, "suffix", self.syntax.name)

    @cached_property
    def carriers(self) -> Carriers:
        """Which element each fact of the model is read from."""
        return Carriers(self.plan)

    @cached_property
    def scanner(self) -> Any:
        return scanner_of(self.plan) if self.scribe is None else None

    @cached_property
    def reader(self) -> Any:
        return (reading if self.syntax.shape == "element" else objects).reader_of(self.plan)

    @cached_property
    def writer(self) -> Any:
        from gateway.mapping.compiled.writing import writer_of  # noqa: PLC0415  # who only reads needs no writer

        return writer_of(self.plan) if self.scribe is None else lambda _: None

    @cached_property
    def twin_reader(self) -> Reader:
        return Reader(self.plan, loose=self.syntax.shape == "json")

    @cached_property
    def twin_writer(self) -> "Writer":
        from gateway.mapping.twin.writing import Writer  # noqa: PLC0415  # who only reads needs no writer

        if (scribe := self.scribe) is None:
            return Writer(self.plan)
        return Writer(self.plan, lambda body, _: scribe.written(body, self.plan))
