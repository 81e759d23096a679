"""What the bytes of a received file show: its interchanges and where their items lie, or why it is refused as a whole.

Nothing here decides what the journal knows; `gateway.steps.reading.intake` compares and writes.
"""

import hashlib
from collections.abc import Mapping
from os import SEEK_END
from typing import Any, BinaryIO

import msgspec

from gateway.findings import Finding
from gateway.findings.errors import MappingInvalid
from gateway.journal.blobs import BlobGone
from gateway.mapping.format import Format
from gateway.mapping.protocols import Bad, Closing, Limits, Opening, Slice
from gateway.model import Message
from gateway.steps.ground import aside
from gateway.steps.ground.failure import raise_trouble
from gateway.steps.ground.gate import Gate

BATCH = 500  # items a batch: one transaction, two fsyncs, well under a second of work
HEAD = 65_536
BLOCK = 1 << 20


class Envelope(msgspec.Struct):
    """One interchange as it was found: its head, its slices, what cannot even be cut.

    One that is not `readable` costs no other: its items are quarantined, each by itself, and its sender is told so.
    """

    opening: Opening
    message: Message
    findings: list[Finding]
    slices: list[Slice]
    bad: list[Bad]
    readable: bool = True
    items: int = 0
    digest: str = ""


class Survey(msgspec.Struct, frozen=True):
    """A file as bytes show it: its interchanges, or the findings that refuse it as a whole."""

    envelopes: tuple[Envelope, ...] = ()
    refused: tuple[Finding, ...] = ()


def looked_at(gate: Gate, file: Any) -> Survey:
    """The survey of a file; one whose bytes are gone, or that meets an error of ours, is refused and costs no other."""
    try:
        with gate.opened(file["blob"]) as stream:
            return survey(gate, stream, file)
    except (BlobGone, FileNotFoundError):
        return Survey(refused=(Finding("INT905", values={"kind": "file", "id": file["id"]}),))
    except Exception as error:  # noqa: BLE001  # of one file
        raise_trouble(error)
        return Survey(refused=(aside.failed("file", file["id"], error),))


def survey(gate: Gate, stream: BinaryIO, file: Mapping[Any, Any]) -> Survey:
    """What the bytes say. The format is what the connection promises; a file that does not look like it is refused."""
    format_name, limits = file["format"], gate.limits(file["connection"])
    try:
        source = gate.registry(gate.ruleset).format(format_name, file["received_at"].date())
    except MappingInvalid:
        return Survey(refused=(Finding("INT902", values={"format": format_name}),))
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    head = stream.read(HEAD)
    refused = source.syntax.refuse(head, size, limits)
    if refused is None and not source.syntax.recognise(head, (source.plan,)):
        refused = Finding("SRC205", values={"format": format_name})
    if refused is not None:
        return Survey(refused=(refused,))
    stream.seek(0)
    return _collect(source, stream, limits)


def _collect(source: Format, stream: BinaryIO, limits: Limits) -> Survey:
    envelopes: list[Envelope] = []
    for found in source.syntax.slices(stream, source.plan, BATCH, limits):
        if isinstance(found, Opening):
            envelopes.append(_opened(source, found))
        elif isinstance(found, Slice):
            envelopes[-1].slices.append(found)
            envelopes[-1].items += found.items
        elif isinstance(found, Closing):
            envelopes[-1].findings.extend(found.findings)
        elif found.interchange:
            nothing = Opening(found.interchange, b"", b"", found.span)
            envelopes.append(Envelope(nothing, Message(), list(found.findings), [], [], readable=False))
        elif found.ordinal is None or not envelopes:
            return Survey(refused=found.findings)
        else:
            envelopes[-1].bad.append(found)
            envelopes[-1].items += 1
    if not any(envelope.readable for envelope in envelopes):
        return Survey(refused=tuple(found for envelope in envelopes for found in envelope.findings))
    for envelope in envelopes:
        envelope.digest = _digest(stream, envelope)
    return Survey(tuple(envelopes))


def _opened(source: Format, opening: Opening) -> Envelope:
    """What an interchange says of itself; nothing where its head cannot be read."""
    outer = source.read_outer(opening)
    message = outer.record if isinstance(outer.record, Message) else Message()
    readable = outer.record is not None or not outer.findings
    return Envelope(opening, message, list(outer.findings), [], [], readable)


def _digest(stream: BinaryIO, envelope: Envelope) -> str:
    """SHA-256 over the bytes from the first item to the last: what makes one interchange the same as another."""
    digest = hashlib.sha256()
    spans = [(s.offset, s.offset + s.length) for s in envelope.slices]
    spans += [(one.span.offset, one.span.offset + one.span.length) for one in envelope.bad]
    if spans:
        start, end = min(first for first, _ in spans), max(last for _, last in spans)
        stream.seek(start)
        left = end - start
        while left and (block := stream.read(min(BLOCK, left))):
            digest.update(block)
            left -= len(block)
    return digest.hexdigest()
