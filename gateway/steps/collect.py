"""Collect: what customs answered finds the filing it is about.

Matched by LRN, else by an MRN learned earlier, else parked and tried again: answers come unordered, twice, before our own
"sent", or about filings we never made. The filing's outcome is folded anew from all its decisions each time, so order
and repetition make no difference.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, select, update

from gateway.findings.failpoint import failpoint
from gateway.journal import schema
from gateway.journal.ids import new_id
from gateway.model import Decision, Moment
from gateway.steps import moves
from gateway.steps.fold import Word, fold, is_final
from gateway.steps.gate import Gate
from gateway.steps.outcome import ItemOutcome

PARKED = timedelta(days=14)  # the customs service keeps undelivered notifications for two weeks
PROVEN = ("unconfirmed", "in_doubt")
DECISIONS = msgspec.json.Decoder(Decision)


class Heard(NamedTuple):
    """A decision on its way into the journal: its item, its record, where the record is kept."""

    item: str
    outcome: ItemOutcome
    record: Any


def seen_before(conn: Connection, authority: str, environment: str, outcomes: Iterable[ItemOutcome]) -> set[str]:
    """Notifications of this batch that the journal has already."""
    d, wanted = schema.decision, [notification(o) for o in outcomes if o.kind == "decision"]
    found: set[str] = set()
    for at in range(0, len(wanted), 900):
        same = select(d.c.notification).where(
            d.c.authority == authority, d.c.environment == environment, d.c.notification.in_(wanted[at : at + 900])
        )
        found.update(conn.scalars(same))
    return found


def notification(outcome: ItemOutcome) -> str:
    """What names a decision: the authority's id for it, else the hash of its bytes."""
    return outcome.item_id or outcome.content.partition(".")[0]


def enter_decisions(gate: Gate, conn: Connection, batch: Any, heard: Sequence[Heard]) -> None:
    """Write decisions and match them, in the transaction of their batch."""
    if not heard:
        return
    authority = gate.hub.connections[batch["connection"]].owner
    records = [DECISIONS.decode(h.outcome.record) for h in heard]
    filings = _filings(conn, batch["environment"], records)
    rows = [_row(gate, batch, authority, h, record, filings) for h, record in zip(heard, records, strict=True)]
    moves.enter(conn, "decision", rows, "C", "collect")
    _learn(conn, [(row["filing"], row) for row in rows if row["filing"]])
    failpoint("collect.matched")


def rematch(gate: Gate) -> int:
    """Parked decisions whose filing is known by now; the ones whose time is over become unclaimed."""
    d, f, now = schema.decision, schema.filing, gate.now()
    same = (f.c.environment == d.c.environment) & ((f.c.lrn == d.c.lrn) | (f.c.mrn == d.c.mrn))
    found = select(d, f.c.id.label("found")).join(f, same).where(d.c.state == "parked").limit(500)
    with gate.journal.read() as conn:
        matches = {row["id"]: row for row in conn.execute(found).mappings()}
        late = list(conn.scalars(select(d.c.id).where(d.c.state == "parked", d.c.retry_until < now).limit(500)))
    if not matches and not late:
        return 0
    with gate.journal.write() as conn:
        for decision, row in matches.items():
            moves.move(conn, "decision", [decision], "parked", "matched", "C", "match", filing=row["found"])
        _learn(conn, [(row["found"], row) for row in matches.values()])
        moves.move(
            conn, "decision", [one for one in late if one not in matches], "parked", "unclaimed", "C", "time over"
        )
    return len(matches)


def assign(gate: Gate, conn: Connection, decision: str, filing: str, who: str) -> bool:
    """A person says which filing an unclaimed decision is about."""
    row = conn.execute(select(schema.decision).where(schema.decision.c.id == decision)).mappings().one()
    if not moves.move(conn, "decision", [decision], "unclaimed", "matched", who, "match", filing=filing):
        return False
    _learn(conn, [(filing, row)])
    return True


def _filings(conn: Connection, environment: str, records: Iterable[Decision]) -> Mapping[tuple[str, str], str]:
    """Filings by ("lrn", value) and ("mrn", value)."""
    f, found = schema.filing, dict[tuple[str, str], str]()
    for name in ("lrn", "mrn"):
        wanted = [value for record in records if (value := getattr(record, name))]
        for at in range(0, len(wanted), 900):
            known = select(f.c[name], f.c.id).where(
                f.c.environment == environment, f.c[name].in_(wanted[at : at + 900])
            )
            found |= {(name, value): ulid for value, ulid in conn.execute(known)}
    return found


def _row(
    gate: Gate, batch: Any, authority: str, heard: Heard, record: Decision, filings: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    filing = filings.get(("lrn", record.lrn or "")) or filings.get(("mrn", record.mrn or ""))
    outcome = heard.outcome
    return {
        "id": new_id(), "authority": authority, "environment": batch["environment"],
        "notification": notification(outcome), "connection": batch["connection"], "interchange": batch["interchange"],
        "item": heard.item, "seq": outcome.ordinal, "offset": outcome.offset, "length": outcome.length,
        "line": outcome.line, "lrn": record.lrn, "mrn": record.mrn, "version": record.version,
        "issued_at": utc_text(record.issued_at), "outcome": record.outcome or "notice", "original": record.code,
        "state": "matched" if filing else "parked", "filing": filing,
        "retry_until": None if filing else gate.now() + PARKED, **heard.record.columns("record"),
        "ruleset": batch["ruleset"],
    }  # fmt: skip


def utc_text(moment: Moment | None) -> str:
    """A moment as text that sorts by time; one without a zone sorts as if it were UTC."""
    return moment.datetime(UTC).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def _learn(conn: Connection, said: Iterable[tuple[str, Mapping[Any, Any]]]) -> None:
    """What decisions teach about their filings: MRN, version, proof of delivery, and the outcome folded anew."""
    by_filing: dict[str, list[Mapping[Any, Any]]] = defaultdict(list)
    for filing, row in said:
        by_filing[filing].append(row)
    _prove(conn, list(by_filing))
    for filing, rows in by_filing.items():
        _refold(conn, filing, {name: value for row in rows for name in ("mrn", "version") if (value := row[name])})


def _prove(conn: Connection, filings: Sequence[str]) -> None:
    """An answer proves that the delivery arrived, whatever our own last line about it says."""
    f = schema.filing
    waiting = select(f.c.id, f.c.delivery).where(f.c.id.in_(filings), f.c.state == "assembled")
    proven = conn.execute(waiting).all()
    moves.move(conn, "filing", [row.id for row in proven], "assembled", "lodged", "C", "answered")
    for state in PROVEN:
        moves.move(conn, "delivery", {row.delivery for row in proven}, state, "sent", "C", "answered")


def _refold(conn: Connection, filing: str, learned: dict[str, str]) -> None:
    d, f = schema.decision, schema.filing
    said = conn.execute(select(d.c.outcome, d.c.version, d.c.issued_at).where(d.c.filing == filing)).all()
    outcome = fold(Word(row.outcome or "", row.version or "", row.issued_at or "") for row in said)
    conn.execute(update(f).where(f.c.id == filing).values(outcome=outcome or None, answer_due_at=None, **learned))
    if is_final(outcome):
        moves.move(conn, "filing", [filing], "lodged", "settled", "C", "settle")
    else:
        moves.move(conn, "filing", [filing], "settled", "lodged", "C", "reopen")
