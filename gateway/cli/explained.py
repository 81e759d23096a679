"""An item of the journal explained: what was said and found, what customs answered and to which element it leads."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.report import Report
from gateway.cli.stateful import gate_of, operator
from gateway.cli.waiting import ways_on

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gateway.findings import Finding
    from gateway.findings.render import LineAt
    from gateway.steps.answering.dossier import Filed, Said
    from gateway.steps.answering.pointer import Lead
    from gateway.steps.ground.gate import Gate


def explain_subject(report: Report, config: Path | None, text: str) -> dict[str, Any]:
    """`gateway explain ITEM | LRN | MRN | DECISION`."""
    from gateway.journal.search import find

    with gate_of(report, config) as gate:
        with gate.journal.read() as conn:
            hits = find(conn, text)
        if not hits:
            raise click.UsageError(f"nothing is known of {text!r}: name a file, or an item, LRN, MRN or decision")
        best = next((hit for hit in hits if hit.state != "repeat"), hits[0])
        return told(report, gate, best.item, reveal=True)


def told(report: Report, gate: "Gate", item: str, *, reveal: bool, history: bool = False) -> dict[str, Any]:
    """Print one item from all sides; returns the same as data. What is revealed of persons is in the audit trail."""
    from gateway.steps.answering import unseen

    if reveal:
        unseen.reveal(gate, item, operator())
    with gate.journal.read() as conn:
        return _told(report, gate, conn, item, reveal=reveal, history=history)


def _told(
    report: Report, gate: "Gate", conn: "Connection", item: str, *, reveal: bool, history: bool
) -> dict[str, Any]:
    import msgspec

    from gateway.steps.answering.dossier import dossier
    from gateway.steps.answering.unseen import unseen
    from gateway.steps.ground import source
    from gateway.steps.ground.notes import waived
    from gateway.transport.names import shown

    found = dossier(gate, conn, item)
    found = found if reveal else unseen(found)
    row = source.item_row(conn, item)
    raw = source.raw_of(gate, conn, row) if reveal else None
    facts = found.item
    report.line(f"item {facts['item_id'] or facts['id']}  {facts['state']}  {facts['environment']}")
    report.line(f"  came in {shown(row['name'])} from {row['connection']} (file {facts['file']})")
    report.line(f"    line {facts['line']}, bytes {facts['offset']}+{facts['length']}")
    if facts["erased_at"]:
        when = facts["erased_at"].astimezone(gate.hub.settings.gateway.timezone)
        report.line(f"  erased on {when:%Y-%m-%d}: what led to its persons is gone; states and references stay")
    _findings(report, found.findings, waived(conn, item), lambda at: _line(raw, facts["line"] or 1, at.line))
    for filed in found.filings:
        for text in _filing(filed):
            report.line(text)
        _findings(report, filed.findings, waived(conn, filed.id))
        for said in filed.decisions:
            for text in decision_told(said, raw, facts["line"] or 1):
                report.line(text)
    for answer in found.answers:
        report.line(
            f"  the sender was told of the {answer['cause_kind']} in {answer['final_name'] or 'a file to come'}"
        )
    for text in ways_on(facts, found.findings, found.filings):
        report.line(text)
    if history:
        report.line("  history")
        for at, who, action, before, after in found.history:
            when = datetime.fromisoformat(at).astimezone(gate.hub.settings.gateway.timezone).isoformat()
            report.line(f"    {when}  {_actor(who):<10} {action:<14} {before or '-'} → {after or '-'}")
    data: dict[str, Any] = msgspec.to_builtins(found, enc_hook=str)
    return data


def _findings(
    report: Report, found: Iterable["Finding"], forgiven: Collection[str], line_at: "LineAt | None" = None
) -> None:
    from gateway.steps.working.verdict import called

    for one in found:
        report.finding(one, line_at, "waived by a person" if called(one) in forgiven else "")


def _actor(who: str) -> str:
    """A step by its word, a person by name."""
    from gateway.steps.ground.states import WHO

    letter, _, person = who.partition(":")
    return person or WHO.get(letter, who)


def _filing(filed: "Filed") -> Iterator[str]:
    from gateway.cli.standing import lines

    mrn = f", MRN {filed.mrn}" if filed.mrn else ""
    became = filed.outcome or filed.state
    lrn = "(none yet)" if filed.lrn.startswith("~") else filed.lrn
    what = f"asked to {filed.purpose} {filed.about}" if filed.about else "filed"
    yield f"  {what} as LRN {lrn}{mrn} on route {filed.route}, attempt {filed.attempt}: {became}"
    if filed.delivery:
        yield f"    in {filed.delivery}"
    if filed.edition:
        yield f"    checked against schema {filed.edition}"
    if filed.parcels > 1:
        yield f"    with {filed.parcels - 1} other parcels in one declaration, from goods item {filed.place} on"
    for text in lines(filed.standing):
        yield f"    {text}"


def decision_told(said: "Said", raw: bytes | None = None, first: int = 1) -> Iterator[str]:
    """An answer of customs, with where each reason leads."""
    yield f"    {said.issued_at}  customs: {said.outcome.replace('_', ' ')} (code {said.code})"
    for lead, told in zip(said.leads, said.told, strict=True):
        yield from _lead(lead, raw, first)
        if told:
            yield f"        told:    {told}"


def _lead(lead: "Lead", raw: bytes | None, first: int) -> Iterator[str]:
    """One reason: customs' code and pointer, what we filed, the sender's element, line and value."""
    reason = lead.reason
    chain = " ".join(
        f"{step.section or ''}{f'[{step.number}]' if step.number else ''}{'/' + step.tag if step.tag else ''}"
        for step in reason.pointer
    )
    yield f"      reason {reason.code or ''} {reason.text or ''}".rstrip()
    if chain:
        yield f"        pointer: {chain}"
    if lead.written is not None:
        written, row = lead.written, lead.written.row
        yield f"        filed:   {written.message_path} = {written.text!r} by {row.file}:{row.line}"
    if reason.model_path:
        yield f"        fact:    {reason.model_path}"
    if lead.line is not None:
        said = f"= {lead.value!r}" if lead.value else "says nothing"
        yield f"        sender:  line {lead.line}: {reason.sender_path} {said}"
        line = _line(raw, first, lead.line)
        if line is not None:
            yield f"        {lead.line} | {line.strip()}"


def _line(raw: bytes | None, first: int, wanted: int | None) -> str | None:
    """A line of the file, as far as the item's own bytes hold it."""
    if raw is None or wanted is None:
        return None
    lines = raw.decode("utf-8", "replace").split("\n")
    return lines[wanted - first] if 0 <= wanted - first < len(lines) else None
