"""Retry: one thing is done again by a person's word, under today's rules, and never twice.

An item is read again from its raw bytes, also one whose declaration is not sent yet: that is taken back first. A held
filing is written again from its record. A file that was refused is opened again; one that may be cut short is taken as
it is. A delivery is sent again, same bytes, name and reference. An answer of customs looks for its filing again. What
was set aside is due again. What customs has stays as it is. Each act is one transaction under the operator's name, or
two that are found again in between.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, select, update

from gateway.journal import schema
from gateway.steps.declaring import requests
from gateway.steps.declaring.refile import file_again
from gateway.steps.declaring.withdrawal import take_back
from gateway.steps.ground import aside, moves, notes, source
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.refusal import NotPossible
from gateway.steps.hearing.collect import assign
from gateway.steps.hearing.correlate import matches
from gateway.steps.keeping.retention import UNDECIDED
from gateway.steps.repeating import fates
from gateway.steps.repeating.fates import Fate
from gateway.steps.repeating.rereading import retry_item
from gateway.steps.repeating.subjects import state_of

i, fl, fi, f, d = schema.item, schema.filing, schema.finding, schema.file, schema.decision
DOES_NOTHING = ("filed", "suspect", "none")


def retry(gate: Gate, subject: str, who: str) -> str:
    """Do it; returns how it stands then. Raises: NotPossible."""
    with gate.journal.write("retry.act") as conn:
        kind, state = state_of(conn, subject)
        kinds, ids = fates.within(conn, kind, subject)
        if len(ids) != 1:
            raise NotPossible(f"it holds {len(ids)} items: `gateway items retry` does them one by one")
        found = list(fates.fates(conn, kinds, ids))
        one = next((fate for fate in found if fate.way not in DOES_NOTHING), found[0])
        if (act := _ACTS.get((one.kind, one.way))) is not None:
            return act(gate, conn, one.id, who)
        if one.way == "due":
            _take_up(conn, one)
            return state
    if one.way != "read":
        raise NotPossible(one.why)
    return _read_again(gate, one.id, who)


def _read_again(gate: Gate, item: str, who: str) -> str:
    """An item from its bytes; what was to be filed of it and is not sent is taken back, and held until it is read."""
    with gate.journal.write("retry.take_back") as conn:
        unsent = select(fl.c.id).where(fl.c.item == item, fl.c.state.in_(("written", "joined")))
        for filing in conn.scalars(unsent.order_by(fl.c.id)).all():
            take_back(conn, filing, who)
        if state_of(conn, item)[1] not in UNDECIDED:  # another declaration of it has left since we looked
            raise NotPossible("it is being sent: do this again")
    return retry_item(gate, item, who)


def accept_file(gate: Gate, conn: Connection, file: str, who: str) -> str:
    """A person has compared a file that could be read only once: it is the sender's."""
    mark = {"waived_by": who, "waived_at": gate.now()}
    conn.execute(update(fi).where(fi.c.subject == file).values(**mark))
    moves.move(conn, "file", [file], "suspect", "received", who, "accept")
    return "received"


def has_bytes(gate: Gate, conn: Connection, file: str) -> None:
    """Raises: NotPossible when there is nothing left to read."""
    blob = conn.scalar(select(f.c.blob).where(f.c.id == file))
    try:
        here = blob is not None and gate.blobs.path_of(conn, blob).exists()
    except source.GONE:
        here = False
    if not here:
        raise NotPossible(fates.PURGED)


def _file(gate: Gate, conn: Connection, file: str, who: str) -> str:
    has_bytes(gate, conn, file)
    notes.clear(conn, file)
    moves.move(conn, "file", [file], "refused", "received", who, "retry", items=None)
    return "received"


def _filing(gate: Gate, conn: Connection, filing: str, who: str) -> str:
    """In place of the held filing another attempt, written by today's rules; a request is asked again."""
    row = conn.execute(select(fl).where(fl.c.id == filing)).mappings().one()
    if row["about"] is None:
        file_again(gate, conn, source.item_row(conn, row["item"]))
    else:
        moves.move(conn, "filing", [filing], "held", "withdrawn", who, "retry")
        why = {"reason": row["reason"] or "", "note": row["note"] or ""}
        requests.ask(gate, conn, row["about"], row["purpose"], who, item=row["item"], **why)
    return "waiting"


def _delivery(_gate: Gate, conn: Connection, delivery: str, who: str) -> str:
    state = state_of(conn, delivery)[1]
    moves.move(conn, "delivery", [delivery], state, "queued", who, "retry", owner=None, next_try_at=None)
    return "queued"


def _decision(gate: Gate, conn: Connection, decision: str, who: str) -> str:
    row = conn.execute(select(d).where(d.c.id == decision)).mappings().one()
    found = matches(gate, conn, [row])[decision]
    if found.filing is None:
        raise NotPossible("no filing fits it still; `gateway filings claim` says which one it is about")
    assign(gate, conn, decision, found.filing, who)
    return "matched"


def _take_up(conn: Connection, one: Fate) -> None:
    """What was set aside is due again; of an item the answers about it."""
    if one.kind != "item":
        aside.take_up(conn, one.id)
        return
    about = select(d.c.id).join(fl, fl.c.id == d.c.filing).where(fl.c.item == one.id)
    told = select(schema.answer.c.id).where(schema.answer.c.item == one.id)
    for answer in (*conn.scalars(about), *conn.scalars(told)):
        aside.take_up(conn, answer)


_ACTS: Mapping[tuple[str, fates.Way], Callable[[Gate, Connection, str, str], str]] = {
    ("file", "read"): _file,
    ("file", "accept"): accept_file,
    ("filing", "file"): _filing,
    ("delivery", "send"): _delivery,
    ("decision", "match"): _decision,
}
