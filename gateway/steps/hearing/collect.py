"""Collect: what customs answered finds the filing it is about.

Which one is told by `gateway.steps.hearing.correlate`. What finds none is parked and tried again: answers come
unordered, twice, before our own "sent", or about filings we never made. What contradicts itself is unclaimed: a person
decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, func, select

from gateway.journal import schema
from gateway.journal.ids import new_ids
from gateway.model import Decision, Moment
from gateway.steps.ground import moves, notes
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import among
from gateway.steps.hearing.correlate import Match, matches
from gateway.steps.hearing.fan import fan_out
from gateway.steps.hearing.filings import ASTRAY
from gateway.steps.hearing.learn import learn
from gateway.steps.hearing.spoken import spoken
from gateway.steps.working.content import same_content
from gateway.steps.working.outcome import ItemOutcome

AHEAD = timedelta(days=1)  # nobody speaks later than we hear it, but for clocks and zones
PARKED = timedelta(days=14)  # the customs service keeps undelivered notifications for two weeks
ROUND = 500
DECISIONS = msgspec.json.Decoder(Decision)
d, f, i = schema.decision, schema.filing, schema.item


class Heard(NamedTuple):
    """A decision on its way into the journal: its item, what was read, where the record is kept, its name."""

    item: str
    outcome: ItemOutcome
    record: Any
    name: str


def notification(outcome: ItemOutcome) -> str:
    """What names a decision: the authority's id for it, else the hash of its bytes."""
    return outcome.item_id or outcome.content.partition(".")[0]


def seen_before(conn: Connection, authority: str, environment: str, names: Iterable[str]) -> dict[str, str]:
    """Those names that the journal has, each with the content that came under it."""
    known = (
        select(d.c.notification, i.c.content_hash)
        .outerjoin(i, i.c.id == d.c.item)
        .where(d.c.authority == authority, d.c.environment == environment)
    )
    return {row.notification: row.content_hash or "" for row in among(conn, known, d.c.notification, names)}


def is_repeat(before: str, outcome: ItemOutcome) -> bool:
    """Was the same said under this name? What has no content to compare counts as the same."""
    return not before or same_content(before, outcome.content)


def enter_decisions(gate: Gate, conn: Connection, origin: Mapping[Any, Any], heard: Sequence[Heard]) -> None:
    """Write decisions and match them, in the transaction of their batch (or of the person who releases one)."""
    if not heard:
        return
    authority = gate.hub.speaker(origin["connection"], origin["sender"])
    said = [
        _row(gate, ulid, origin, authority, one, DECISIONS.decode(one.outcome.record))
        for ulid, one in zip(new_ids(len(heard)), heard, strict=True)
    ]
    latest = _text(gate.now() + AHEAD)
    made = [row | {"issued_at": min(row["issued_at"], latest)} for row in said]
    about = matches(gate, conn, made)
    rows = [_matched(row, about[row["id"]].filing) for row in made]
    moves.enter(conn, "decision", rows, "C", "collect")
    _contradicted(conn, [(row, about[row["id"]]) for row in made])
    _ahead(conn, [row for row in said if row["issued_at"] > latest], latest)
    learn(conn, fan_out(gate, conn, [(row, row["filing"]) for row in rows if row["filing"]]))


def rematch(gate: Gate) -> int:
    """Parked decisions whose filing is known by now; the ones whose time is over become unclaimed."""
    after, done = "", 0
    while page := _parked(gate, after):
        after = page[-1]["id"]
        done += _match(gate, page)
    return done + _give_up(gate)


def assign(gate: Gate, conn: Connection, decision: str, filing: str, who: str) -> bool:
    """A person says which filing an unclaimed decision is about, or one that is still tried again."""
    row = conn.execute(select(d).where(d.c.id == decision)).mappings().one()
    filing = str(conn.scalar(select(func.coalesce(f.c.lead, f.c.id)).where(f.c.id == filing)))
    if not any(moves.move(conn, "decision", [decision], one, "matched", who, "match", filing=filing) for one in ASTRAY):
        return False
    learn(conn, fan_out(gate, conn, [(row, filing)]))
    return True


def utc_text(moment: Moment | None, zone: ZoneInfo) -> str:
    """A moment as text that sorts by time; one without a zone is of the authority's, one beyond all years is none."""
    try:
        return _text(moment.datetime(zone)) if moment else ""
    except OverflowError:
        return ""


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")[:-6] + "Z"


def _ahead(conn: Connection, rows: Iterable[Mapping[Any, Any]], latest: str) -> None:
    """Answers of a time to come: taken as they are, they would be the newest for ever."""
    for row in rows:
        found = notes.made("RSP732", said=row["issued_at"], taken=latest)
        notes.note(conn, "decision", row["id"], row["connection"], [found])


def _parked(gate: Gate, after: str) -> Sequence[Mapping[Any, Any]]:
    page = select(d).where(d.c.state == "parked", d.c.id > after).order_by(d.c.id).limit(ROUND)
    with gate.journal.read() as conn:
        return conn.execute(page).mappings().all()


def _match(gate: Gate, parked: Sequence[Mapping[Any, Any]]) -> int:
    with gate.journal.read() as conn:
        about = matches(gate, conn, parked)
    done = [(row, about[row["id"]]) for row in parked if about[row["id"]] != Match()]
    if done:
        with gate.journal.write("collect.match") as conn:
            pairs = [(row, match.filing) for row, match in done if match.filing]
            for row, filing in pairs:
                moves.move(conn, "decision", [row["id"]], "parked", "matched", "C", "match", filing=filing)
            _contradicted(conn, done)
            learn(conn, fan_out(gate, conn, pairs))
    return len(done)


def _contradicted(conn: Connection, done: Iterable[tuple[Mapping[Any, Any], Match]]) -> None:
    """Answers whose LRN and MRN lead to two filings, or to none that has both, wait for a person."""
    for row, match in done:
        if match.found is not None:
            moves.move(conn, "decision", [row["id"]], "parked", "unclaimed", "C", "contradiction")
            notes.note(conn, "decision", row["id"], row["connection"], [match.found])


def _give_up(gate: Gate) -> int:
    late = select(d.c.id).where(d.c.state == "parked", d.c.retry_until < gate.now())
    with gate.journal.read() as conn:
        ids = list(conn.scalars(late.limit(ROUND)))
    if ids:
        with gate.journal.write("collect.give_up") as conn:
            moves.move(conn, "decision", ids, "parked", "unclaimed", "C", "time over")
    return len(ids)


def _row(
    gate: Gate, ulid: str, origin: Mapping[Any, Any], authority: str, heard: Heard, record: Decision
) -> dict[str, Any]:
    outcome = heard.outcome
    return {
        "id": ulid, "authority": authority, "environment": origin["environment"], "notification": heard.name,
        "connection": origin["connection"], "interchange": origin["interchange"], "item": heard.item,
        "seq": outcome.ordinal, "offset": outcome.offset, "length": outcome.length, "line": outcome.line,
        "lrn": record.lrn, **spoken(record),
        "issued_at": utc_text(record.issued_at, gate.hub.zone(origin["connection"], origin["sender"])),
        "state": "parked", "filing": None,
        "retry_until": gate.now() + PARKED, **heard.record.columns("record"), "ruleset": origin["ruleset"],
    }  # fmt: skip


def _matched(row: dict[str, Any], filing: str | None) -> dict[str, Any]:
    return row | {"state": "matched", "filing": filing, "retry_until": None} if filing else row
