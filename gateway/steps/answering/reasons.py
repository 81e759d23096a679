"""Reasons: why customs or we say no to an item, each with what it is about, ready to be put into the sender's words.

A cause comes in one of three ways: a reason of customs with its pointer, a change that customs made, a finding of ours.
How wide its words may be, the answer's own table says.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from gateway.checks.lists import among, rows
from gateway.findings import Finding
from gateway.findings.catalogue import text as message
from gateway.findings.errors import MappingInvalid
from gateway.findings.telling import WIDEST, changed, clean
from gateway.journal import schema
from gateway.mapping.carriers import Carriers
from gateway.mapping.plan import Plan
from gateway.mapping.plugins import authority_for
from gateway.mapping.protocols import Lists
from gateway.model import Consignment, Decision, Reason
from gateway.ruleset.archive import RulesetMissing
from gateway.steps.answering.changes import changes
from gateway.steps.answering.pointer import Lead, trail_of
from gateway.steps.answering.telling import in_words, room, told
from gateway.steps.ground import source
from gateway.steps.ground.gate import Gate
from gateway.steps.working.verdict import own_code

NO_CODE = "ERR"  # UPU EAD status of an item whose data must be repaired (module 09)


class Cause(msgspec.Struct, frozen=True):
    """One cause: a reason with what it is about; a finding of ours, or what customs changed (old, new), if it is that.

    `authority` and `rules` are asked what a code of customs means.
    """

    lead: Lead
    finding: Finding | None = None
    change: tuple[str, str] | None = None
    authority: str = ""
    rules: Lists = rows


def said_by_customs(gate: Gate, conn: Connection, filing: str, said: Decision) -> Iterator[Cause]:
    """Every reason of a decision and every change that it tells, followed to the sender's message."""
    row = conn.execute(select(schema.filing).where(schema.filing.c.id == filing)).mappings().one()
    rules, pack = _lists(gate, row["ruleset"]), authority_for(row["kind"])
    authority = pack.name if pack is not None else ""
    trail = trail_of(gate, conn, filing) if said.reasons or said.changes or said.changed else None
    for reason in said.reasons:
        lead = trail.lead(reason) if trail is not None else Lead(reason)
        yield Cause(lead, authority=authority, rules=rules)
    for one in changes(said, trail) if trail is not None else ():
        yield Cause(one.lead, change=(one.old, one.new))


def found_in(
    gate: Gate, conn: Connection, row: Mapping[Any, Any], record: Consignment | None, found: Iterable[Finding]
) -> Iterator[Cause]:
    """The findings that stop an item, each with the element and line that it is about."""
    known = source.places(gate, conn, row) if record is not None else ()
    carriers = _carriers(gate, row)
    for one in found:
        if one.severity == "error":
            read_there = one.source.path if one.source and one.source.line is not None else ""
            around = carriers.element(one.model_path, known) if carriers else ""
            yield _found(source.placed(one, known, row), record, read_there or around)


def worded(cause: Cause, plan: Plan, language: str) -> Reason:
    """The reason as its sender reads it, as wide as the answer's elements; a code that is wider goes into the text."""
    reason, wide = cause.lead.reason, room(plan, "reasons.text")
    code = clean(reason.code or "") or NO_CODE
    if len(code) <= room(plan, "reasons.code"):
        return msgspec.structs.replace(reason, code=code, text=words(cause, language, wide))
    return msgspec.structs.replace(reason, code=NO_CODE, text=words(cause, language, wide, f"{code}: "))


def words(cause: Cause, language: str, wide: int = WIDEST, before: str = "") -> str:
    """A cause in a language."""
    return told(before + _text(cause, language), cause.lead.where, language, wide)


def _text(cause: Cause, language: str) -> str:
    if cause.finding is not None:
        return message(cause.finding, language)
    if cause.change is not None:
        return changed(*cause.change, language)
    reason = cause.lead.reason
    return in_words(reason.code or "", reason.text or "", cause.rules, cause.authority, language)


def _found(placed: Finding, record: Consignment | None, element: str) -> Cause:
    """Under the authority's own code where it is a rule of one; what could not be read has no value but as said."""
    read = source.value_at(record, placed.model_path) if record is not None and placed.model_path else ""
    code = own_code(placed)
    reason = Reason(
        code=code or placed.code, model_path=placed.model_path or None, sender_path=element or None,
        rule=placed.values.get("rule") if code else None,
    )  # fmt: skip
    line = placed.source.line if placed.source else None
    return Cause(Lead(reason, value=read or placed.values.get("value", ""), line=line), placed)


def _carriers(gate: Gate, row: Mapping[Any, Any]) -> Carriers | None:
    try:
        return source.table_of(gate, row).carriers
    except (RulesetMissing, MappingInvalid):
        return None


def _lists(gate: Gate, ruleset: str) -> Lists:
    """The dated lists of a filing's own ruleset; those of today where it is gone."""
    try:
        return among(gate.registry(ruleset).roots)
    except RulesetMissing:
        return among(gate.registry(gate.ruleset).roots)
