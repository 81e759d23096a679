"""Ask: the record of a request about a declaration that customs has, made of what was filed and what holds now.

What was filed is completed again as it was: by its own ruleset's tables and filer, on its own day. What holds now is
completed by today's, but on that same day too, whose law a declaration is under. Workers, `explain` and pointers make
requests by the same function, so that they agree.
"""

from collections.abc import Iterator
from datetime import UTC

import msgspec

from gateway.checks.lists import among
from gateway.findings import Finding
from gateway.mapping.plugins import authority_for
from gateway.mapping.protocols import Filing, Requester
from gateway.mapping.registry import Registry
from gateway.mapping.trace import Entry, Trace
from gateway.model import Consignment, Moment
from gateway.model.laying import laid_under
from gateway.steps.working.filer import Filer, completed
from gateway.steps.working.outcome import Asked

CONSIGNMENTS = msgspec.json.Decoder(Consignment)
CHANGES = "amend"


def filing(named: Filing, asked: Asked) -> Filing:
    """A request with what is known of its declaration."""
    return msgspec.structs.replace(
        named, purpose=asked.purpose, about=asked.declared.lrn, mrn=asked.mrn, version=asked.version,
        reason=asked.reason, text=asked.note,
    )  # fmt: skip


def requested(
    asked: Asked, holds: Consignment, request: Filing, filer: Filer, today: Registry, earlier: Registry
) -> tuple[Consignment | None, tuple[Finding, ...]]:
    """The record of a request, and what stands in its way; None where a change would change nothing.

    `earlier` are the tables of the declaration's ruleset.
    """
    declared = asked.declared
    pack = authority_for(declared.target)
    if not isinstance(pack, Requester):
        return holds, (Finding("RTE142", values={"purpose": asked.purpose, "format": declared.target}),)
    day = declared.filer.day(declared.written_at)
    written_at = Moment(iso=declared.written_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    was = Filing(declared.lrn, written_at, declared.attempt, declared.target)
    record = laid_under(CONSIGNMENTS.decode(declared.record), Consignment(repayment=asked.claimed))
    filed, _ = completed(record, declared.target, was, declared.filer, day, among(earlier.roots))
    now, found = filed, tuple[Finding, ...]()

    table = today.format(declared.target, day)

    def traced(record: Consignment) -> tuple[Entry, ...]:
        return table.trace_write(record).entries

    if asked.purpose == CHANGES:
        now, found = completed(holds, declared.target, was, filer, day, among(today.roots))
        if _said(traced(filed)) == _said(traced(now)):
            return None, (Finding("RTE143", "info", {"lrn": declared.lrn}),)
        found = (*found, *_unsaid(table.trace_write(now)))
    said, lacking = pack.request(request, filed, now, filer.settings, traced, among(today.roots))
    return said, (*found, *lacking)


def _unsaid(trace: Trace) -> Iterator[Finding]:
    """Why a fact that holds now cannot be declared: to customs it would look as if it were gone."""
    said = {entry.model_path for entry in trace.entries}
    return (one for one in trace.findings if one.severity == "error" and one.model_path not in said)


def _said(entries: tuple[Entry, ...]) -> list[tuple[str, str]]:
    """What customs sees of a declaration."""
    return [(entry.message_path, entry.text) for entry in entries]
