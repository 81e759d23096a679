"""Withdrawal: filings made under a ruleset since a moment are taken back, as far as that can be done.

What is not sent yet is withdrawn, and its item waits for a person (RTE141): released or retried, it is filed again by
today's tables. Of what customs has, a cancellation is asked. What customs has said its last word on, and what is just
being sent, is listed with the reason why not. Each is one transaction under the person's name: killed between two, the
rest is found again by doing it again.
"""

from collections.abc import Collection, Iterable
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, select

from gateway.journal import schema
from gateway.mapping.protocols import DECLARE, Purpose
from gateway.steps.declaring.groupmembers import dissolve, on_the_way
from gateway.steps.declaring.requests import ask
from gateway.steps.ground import moves, notes
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.refusal import NotPossible
from gateway.steps.hearing.filings import Listed, Wanted, listed
from gateway.steps.hearing.fold import is_final

CANCEL: Purpose = "cancel"
UNSENT = ("waiting", "held", "written", "joined")
f, i, dl = schema.filing, schema.item, schema.delivery
Way = Literal["withdrawn", "cancellation", "none"]


class Fate(msgspec.Struct, frozen=True):
    """What becomes of one filing, and why nothing can."""

    filing: Listed
    way: Way
    why: str = ""


def plan(conn: Connection, wanted: Wanted) -> list[Fate]:
    """What would be done, the oldest first; what was withdrawn before, or takes back itself, is not among it."""
    found = [one for one in reversed(listed(conn, wanted)) if one.state != "withdrawn" and one.purpose != CANCEL]
    queued, away = _queued(conn), on_the_way(conn, [one.id for one in found if one.state == "joined"])
    return [_fate(one, queued, away) for one in found]


def carry_out(gate: Gate, fates: Iterable[Fate], who: str, reason: str, note: str) -> list[Fate]:
    """Do it; returns what became of each, which may have changed meanwhile."""
    return [_done(gate, one, who, reason, note) for one in fates]


def _fate(one: Listed, queued: frozenset[str], away: Collection[str]) -> Fate:
    """`away` are parcels whose declaration, which another one carries, is on its way."""
    if (one.state in UNSENT and one.id not in away) or one.id in queued:
        return Fate(one, "withdrawn")
    if one.purpose != DECLARE:
        return Fate(one, "none", "a request that was sent cannot be taken back")
    if one.state in {"assembled", "joined"}:
        return Fate(one, "none", "it is being sent: do this again")
    if is_final(one.outcome):
        return Fate(one, "none", f"customs has said its last word: {one.outcome}")
    return Fate(one, "cancellation")


def _queued(conn: Connection) -> frozenset[str]:
    """Filings whose delivery has not begun to leave."""
    carried = select(f.c.id).join(dl, dl.c.id == f.c.delivery).where(f.c.state.in_(("assembled", "joined")))
    return frozenset(conn.scalars(carried.where(dl.c.state == "queued", dl.c.sent_at.is_(None))))


def _done(gate: Gate, fate: Fate, who: str, reason: str, note: str) -> Fate:
    if fate.way == "none":
        return fate
    try:
        with gate.journal.write("withdraw.filing") as conn:
            if fate.way == "withdrawn":
                take_back(conn, fate.filing.id, who)
            else:
                ask(gate, conn, fate.filing.id, CANCEL, who, reason=reason, note=note)
    except NotPossible as error:
        return Fate(fate.filing, "none", str(error))
    return fate


def take_back(conn: Connection, filing: str, who: str) -> None:
    """A filing that is not sent is withdrawn, and its item waits for a person. Raises: NotPossible."""
    row = conn.execute(select(f).where(f.c.id == filing)).mappings().one()
    if row["delivery"] is not None and row["state"] in {"assembled", "joined"}:
        _unqueue(conn, row, who)
    gone = [
        one for state in UNSENT for one in moves.move(conn, "filing", [filing], state, "withdrawn", who, "withdraw")
    ]
    if not gone:
        raise NotPossible("it has changed meanwhile")
    dissolve(conn, gone, who, "withdraw")
    if row["purpose"] == DECLARE:
        _let_the_item_wait(conn, row, who)


def _unqueue(conn: Connection, row: Any, who: str) -> None:
    """Out of its delivery, which nobody has begun to send. Raises: NotPossible.

    Others that stand in the same declaration are declared without it, perhaps under its LRN: the file's name is free.
    Others in the same envelope go in the next one; the number of this one is void: its delivery is dropped and stays.
    """
    carried = conn.execute(select(f.c.id).where(f.c.delivery == row["delivery"])).all()
    freed = {"final_name": dl.c.final_name + f"~{row['delivery']}"} if len(carried) > 1 else {}
    if not moves.move(conn, "delivery", [row["delivery"]], "queued", "dropped", who, "withdraw", **freed):
        raise NotPossible("it is being sent: do this again")
    moves.move(conn, "filing", [one.id for one in carried], "assembled", "written", who, "withdraw")


def _let_the_item_wait(conn: Connection, row: Any, who: str) -> None:
    """Nothing is filed for it any more: a person says what is to become of it."""
    live = select(f.c.id).where(f.c.dossier == row["dossier"], f.c.state != "withdrawn").limit(1)
    if conn.scalar(live) is None and moves.move(conn, "item", [row["item"]], "accepted", "held", who, "withdraw"):
        connection = select(schema.file.c.connection).join(i, i.c.file == schema.file.c.id).where(i.c.id == row["item"])
        notes.note(conn, "item", row["item"], str(conn.scalar(connection)), [notes.made("RTE141")])
