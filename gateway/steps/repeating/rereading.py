"""An item read again by a person's word: from its raw bytes, under today's rules, beside what came since."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from gateway.findings import Finding
from gateway.journal import schema
from gateway.journal.ids import new_id
from gateway.journal.search import rows as identifiers
from gateway.mapping.protocols import Opening, Slice, Span
from gateway.steps.declaring import change
from gateway.steps.declaring.refile import file_again, hear
from gateway.steps.declaring.versions import earlier, find_dossier, held_as
from gateway.steps.ground import moves, notes, source
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.parts import Place, store_parts
from gateway.steps.ground.refusal import NotPossible
from gateway.steps.ground.setup import setup_for
from gateway.steps.hearing.collect import is_repeat, notification, seen_before
from gateway.steps.repeating.fates import PURGED
from gateway.steps.working.departure import departure
from gateway.steps.working.outcome import ItemOutcome
from gateway.steps.working.translation import Translator

d = schema.dossier
Row = Mapping[Any, Any]


def retry_item(gate: Gate, item: str, who: str) -> str:
    with gate.journal.read() as conn:
        row = source.item_row(conn, item)
        raw = source.raw_of(gate, conn, row)
    outcome = read_again(gate, row, raw)
    blob, (place,) = store_parts(gate, "record", row["connection"], [outcome.record])
    with gate.journal.write("reread.item") as conn:
        if blob is not None:
            gate.blobs.add(conn, blob)
        return _replace(gate, conn, row, outcome, place, who)


def read_again(gate: Gate, row: Row, raw: bytes | None) -> ItemOutcome:
    """What an item is understood to say today. Raises: NotPossible."""
    if raw is None:
        raise NotPossible(PURGED)
    translator = Translator(setup_for(gate, row, gate.ruleset))
    opening = Opening(row["number"], row["head"], row["tail"], Span(0, len(row["head"]), 1))
    at = Slice(row["number"], row["seq"], row["offset"], row["length"], row["line"], 1)
    outcome = next(translator.batch(opening, at, raw, gate.now()), None)
    if outcome is None:
        raise NotPossible("no item is found in its bytes any more")
    return outcome


def _replace(gate: Gate, conn: Connection, row: Row, outcome: ItemOutcome, record: Place, who: str) -> str:
    """The same item with what is understood of it today, beside what its dossier holds by now."""
    values = {
        "ruleset": gate.ruleset, "content_hash": outcome.content or None, "attempt": row["attempt"] + 1,
        "kind": outcome.kind, "item_id": outcome.item_id or None, **record.columns("record"),
        "departs_at": departure(outcome.departs, gate.hub.zone(row["connection"], row["sender"])),
    }  # fmt: skip
    state, found, dossier = _judge(gate, conn, row, outcome)
    if not moves.move(
        conn, "item", [row["id"]], row["state"], state, who, "retry", **values, dossier=dossier or row["dossier"]
    ):
        raise NotPossible("it has changed meanwhile")
    notes.replace(conn, "item", row["id"], row["connection"], found)
    if state == "accepted":
        again = source.item_row(conn, row["id"])
        if outcome.kind == "decision":
            hear(gate, conn, again, record)
        else:
            file_again(gate, conn, again)
    return state


def _judge(gate: Gate, conn: Connection, row: Row, outcome: ItemOutcome) -> tuple[str, tuple[Finding, ...], str | None]:
    """State, findings and dossier: as when it came, but what came since counts too."""
    state, found = outcome.state, outcome.findings
    if outcome.kind == "decision":
        return *_judge_decision(gate, conn, row, outcome), None
    if outcome.key is None:
        return state, found, None
    name = outcome.key.business_id
    known = earlier(conn, row["environment"], [name], without=row["id"]).get(name, ())
    before = find_dossier(known, outcome.key.epoch)
    if before is None:
        return state, found, _open(conn, row["environment"], outcome)
    standing = before.standing(outcome.content, (row["file"], row["seq"]))
    if standing == "repeat":
        return "repeat", found, before.id
    goes_on = state == "quarantined" or (standing == "filed" and change.by_itself(gate, conn, before, _routes(outcome)))
    held = () if goes_on else held_as(standing, outcome.item_id)
    return "held" if held else state, (*found, *held), before.id


def _routes(outcome: ItemOutcome) -> set[str]:
    return {draft.route for draft in outcome.drafts}


def _judge_decision(gate: Gate, conn: Connection, row: Row, outcome: ItemOutcome) -> tuple[str, tuple[Finding, ...]]:
    authority, name = gate.hub.speaker(row["connection"], row["sender"]), notification(outcome)
    before = seen_before(conn, authority, row["environment"], [name]).get(name)
    if outcome.state != "accepted" or before is None:
        return outcome.state, outcome.findings
    if is_repeat(before, outcome):
        return "repeat", outcome.findings
    return "held", (*outcome.findings, Finding("RSP701", values={"notification": name}))


def _open(conn: Connection, environment: str, outcome: ItemOutcome) -> str:
    assert outcome.key is not None
    ulid, key = new_id(), outcome.key
    conn.execute(d.insert().values(
        id=ulid, environment=environment, kind=key.kind, business_id=key.business_id, epoch=key.epoch))  # fmt: skip
    for one in identifiers(ulid, outcome.names):
        conn.execute(schema.identifier.insert().values(**one))
    return ulid
