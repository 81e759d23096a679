"""What a person may do with what waits: release it, retry it (`gateway.steps.repeating.retry`), return it.

To release waives named findings, to retry applies today's rules, to return tells the sender no. Subjects are items,
filings, files and deliveries. Every action is one transaction under the operator's name; nothing is decided twice,
nothing is lost when it fails.
"""

from collections.abc import Callable, Collection, Mapping

from sqlalchemy import Connection, select, update

from gateway.findings.catalogue import entry
from gateway.journal import audit, schema
from gateway.steps.declaring.refile import file_again, hear
from gateway.steps.ground import moves, notes, source, switches
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.parts import Place
from gateway.steps.ground.refusal import NotPossible
from gateway.steps.hearing import learn
from gateway.steps.repeating.retry import accept_file, has_bytes, retry
from gateway.steps.repeating.subjects import state_of
from gateway.steps.working.verdict import called, names

__all__ = ["NotPossible", "give_back", "release", "retry", "switch"]

fl, fi = schema.filing, schema.finding


def release(gate: Gate, subject: str, waive: Collection[str], who: str) -> str:
    """Waive findings and let an item, a held filing, a file or a delivery go on; returns what became of it.

    Raises: NotPossible when a finding is left that was not waived, or one that nobody may waive.
    """
    with gate.journal.write("operate.release") as conn:
        kind, state = state_of(conn, subject)
        act = _RELEASES.get((kind, state))
        if act is None:
            raise NotPossible(f"a {kind} that is {state} cannot be released")
        return act(gate, conn, subject, waive, who)


def give_back(gate: Gate, subject: str, who: str) -> str:
    """Return an item that is held, quarantined or whose filing is held (its sender is told); refuse a suspect file.

    Raises: NotPossible.
    """
    with gate.journal.write("operate.give_back") as conn:
        kind, state = state_of(conn, subject)
        if (kind, state) == ("filing", "held"):
            return _return_filing(conn, subject, who)
        if (kind, state) == ("file", "suspect"):
            moves.move(conn, "file", [subject], "suspect", "refused", who, "refuse")
            return "refused"
        if kind != "item" or state not in {"held", "quarantined"}:
            raise NotPossible(f"a {kind} that is {state} cannot be returned")
        moves.move(conn, "item", [subject], state, "returned", who, "return")
        return "returned"


def _return_filing(conn: Connection, filing: str, who: str) -> str:
    """The declaration that waits is given up, and its item with it, when nothing else of it is with customs.

    Of a request nothing is given up but the asking.
    """
    moves.move(conn, "filing", [filing], "held", "withdrawn", who, "return")
    if conn.scalar(select(fl.c.about).where(fl.c.id == filing)) is not None:
        return "withdrawn"
    item = str(conn.scalar(select(fl.c.item).where(fl.c.id == filing)))
    if conn.scalar(select(fl.c.id).where(fl.c.item == item, fl.c.state != "withdrawn").limit(1)) is not None:
        raise NotPossible("another declaration of this item is on its way")
    moves.move(conn, "item", [item], "accepted", "returned", who, "return")
    return "returned"


def _waive(gate: Gate, conn: Connection, subject: str, waive: Collection[str], who: str) -> None:
    """Mark what the person waives; everything that stops the subject must be named."""
    found = notes.open_of(conn, subject)
    named = {seq for seq, one in found if any(name in waive for name in names(one))}
    stopping = [(seq, one) for seq, one in found if one.severity == "error"]
    if left := sorted({called(one) for seq, one in stopping if seq not in named}):
        raise NotPossible(f"not waived: {', '.join(left)}")
    if barred := sorted({one.code for _, one in stopping if not entry(one.code).waivable}):
        raise NotPossible(f"nobody may waive {', '.join(barred)}; retry after it was mended, or return it")
    mark = {"waived_by": who, "waived_at": gate.now()}
    conn.execute(update(fi).where(fi.c.subject == subject, fi.c.seq.in_(named)).values(**mark))


def _release_item(gate: Gate, conn: Connection, item: str, waive: Collection[str], who: str) -> str:
    _waive(gate, conn, item, waive, who)
    moves.move(conn, "item", [item], "held", "accepted", who, "release")
    row = source.item_row(conn, item)
    if row["kind"] == "decision":
        hear(gate, conn, row, Place(row["record_blob"], row["record_offset"], row["record_length"]))
    else:
        file_again(gate, conn, row)
    return "accepted"


def _release_filing(gate: Gate, conn: Connection, filing: str, waive: Collection[str], who: str) -> str:
    """What is declared together with others has no text yet: it is looked at again and waits for them."""
    _waive(gate, conn, filing, waive, who)
    row = conn.execute(select(fl.c.payload_blob, fl.c.route).where(fl.c.id == filing)).one()
    if row.payload_blob is None and gate.hub.group(row.route) is not None:
        moves.move(conn, "filing", [filing], "held", "waiting", who, "release")
        return "waiting"
    if row.payload_blob is None:
        raise NotPossible("nothing could be written for it: mend what its findings say, then retry it")
    moves.move(conn, "filing", [filing], "held", "written", who, "release")
    return "written"


def _release_file(gate: Gate, conn: Connection, file: str, waive: Collection[str], who: str) -> str:
    """A refused file is opened again; that it repeats another one needs no naming when that alone is why."""
    has_bytes(gate, conn, file)
    _waive(gate, conn, file, {*waive, "RTE121"}, who)
    moves.move(conn, "file", [file], "refused", "received", who, "release", items=None)
    return "received"


def _arrived(_gate: Gate, conn: Connection, delivery: str, _waive: Collection[str], who: str) -> str:
    """The partner says that it has the file."""
    state = state_of(conn, delivery)[1]
    moves.move(conn, "delivery", [delivery], state, "sent", who, "confirm")
    carried = list(conn.scalars(select(fl.c.id).where(fl.c.delivery == delivery)))
    learn.prove(conn, carried)
    for one in carried:
        learn.refold(conn, one)
    return "sent"


_RELEASES: Mapping[tuple[str, str], Callable[[Gate, Connection, str, Collection[str], str], str]] = {
    ("item", "held"): _release_item,
    ("filing", "held"): _release_filing,
    ("file", "refused"): _release_file,
    ("file", "suspect"): lambda gate, conn, file, _waive, who: accept_file(gate, conn, file, who),
    ("delivery", "unconfirmed"): _arrived,
    ("delivery", "in_doubt"): _arrived,
}


def switch(gate: Gate, kind: str, name: str, state: str, who: str, reason: str = "") -> None:
    """Pause or resume a connection or a route; a route in all environments."""
    values = {"state": state, "since": gate.now(), "who": who, "reason": reason or None}
    with gate.journal.write("operate.switch") as conn:
        everywhere = {"environment": None} if kind == "route" else {}
        before = switches.put(gate, conn, kind, name, **values, **everywhere, next_try_at=None, failures=0)
        audit.append(conn, "switch", f"{kind} {name}", before, state, who)
