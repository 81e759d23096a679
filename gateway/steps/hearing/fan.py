"""Fan: what customs says of a declaration for several parcels is said to each of them, as far as it speaks of it.

The authority's pack narrows an answer to one member (`Grouper.narrowed`): numbers and pointers become its own. The
answer itself stays what it is, in its item; its row is the first member's, under the name that customs gave it, each
other member has a row of its own (`name#2`, …), so that a repetition finds them all there. An answer that does not
speak of a member says nothing to it. A rejection rejects the whole: a parcel that it does not speak of is declared
again without those at fault, as another attempt, and hears nothing of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, func, select, update

from gateway.journal import schema
from gateway.journal.ids import new_id
from gateway.mapping.plugins import authority_for
from gateway.mapping.protocols import Grouper
from gateway.model import Decision
from gateway.steps.ground import moves, notes, source
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import among
from gateway.steps.ground.parts import Place, store_parts
from gateway.steps.hearing.spoken import spoken

ENCODER = msgspec.json.Encoder(decimal_format="string")
REJECTED = "rejected"
SILENT = "notice"
SAME = ("dossier", "environment", "route", "purpose", "item", "connection", "kind", "declarant", "together", "goods")
"""What a further attempt has in common with the one before it."""

d, f = schema.decision, schema.filing
Row = Mapping[Any, Any]


class Share(NamedTuple):
    """What an answer says of one member; None where it speaks of others only."""

    filing: Row
    said: Decision | None


def fan_out(gate: Gate, conn: Connection, pairs: Sequence[tuple[Row, str]]) -> list[tuple[str, Row]]:
    """Pairs of a filing and what was said of it, for decisions that have just been matched, in their transaction."""
    grouped = _members(conn, {filing for _, filing in pairs})
    return [said for row, filing in pairs for said in _heard(gate, conn, row, filing, grouped.get(filing, ()))]


def _members(conn: Connection, filings: Iterable[str]) -> dict[str, list[Row]]:
    """The members of the declarations that some filings carry, in the order of their goods items."""
    found: dict[str, list[Row]] = {}
    carried = select(f).where(f.c.lead.is_not(None))
    for row in sorted(among(conn, carried, f.c.lead, filings), key=lambda row: row.place):
        found.setdefault(row.lead, []).append(row._mapping)  # noqa: SLF001  # SQLAlchemy's public name for it
    return found


def _heard(gate: Gate, conn: Connection, row: Row, filing: str, members: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    whole = _said(gate, conn, row) if members else None
    if whole is None:
        yield filing, row
        return
    rejected = row["outcome"] == REJECTED
    shares = list(_shares(whole, members, rejected=rejected))
    known = {name: func.coalesce(f.c[name], row[name]) for name in ("mrn", "version") if row[name]}
    conn.execute(update(f).where(f.c.lead == filing).values(answer_due_at=None, **known))
    yield from ((told["filing"], told) for told in _tell(gate, conn, row, shares, rejected=rejected))
    if rejected:
        _declare_again(gate, conn, [share.filing for share in shares if share.said is None], members[0]["lrn"])


def _said(gate: Gate, conn: Connection, row: Row) -> Decision | None:
    """None once its bytes are gone: then it counts for whoever carries the declaration."""
    try:
        return source.said_in(gate, conn, row)
    except source.GONE:
        return None


def _shares(whole: Decision, members: Sequence[Row], *, rejected: bool) -> Iterator[Share]:
    """What it says of each; a rejection that speaks of none of them rejects them all."""
    pack = authority_for(members[0]["kind"])
    said = [pack.narrowed(whole, one["place"], one["goods"]) if isinstance(pack, Grouper) else whole for one in members]
    if rejected and all(one is None for one in said):
        reasons = tuple(msgspec.structs.replace(reason, pointer=()) for reason in whole.reasons)
        said = [msgspec.structs.replace(whole, reasons=reasons)] * len(members)
    return map(Share, members, said)


def _tell(gate: Gate, conn: Connection, row: Row, shares: Sequence[Share], *, rejected: bool) -> Sequence[Row]:
    """A row for each member of whom something is said; the one that is there becomes the first member's."""
    texts = [ENCODER.encode(share.said) if share.said is not None else b"" for share in shares]
    blob, places = store_parts(gate, "record", row["connection"], texts)
    if blob is not None:
        gate.blobs.add(conn, blob)
    first, *others = map(_share_row, [row] * len(shares), count(1), shares, places)
    conn.execute(update(d).where(d.c.id == row["id"]).values(**first))
    told = [one for one, share in zip(others, shares[1:], strict=True) if share.said or rejected]
    moves.enter(conn, "decision", told, "C", "collect")
    silent = {share.filing["id"] for share in shares if share.said is None}
    rows = [first, *told]
    moves.move(conn, "decision", [one["id"] for one in rows if one["filing"] in silent], "matched", "noted", "C", "fan")
    return rows


def _share_row(row: Row, n: int, share: Share, place: Place) -> dict[str, Any]:
    """The row of one member: what is said of it; of one that is only rejected with others, that it was."""
    mine = {**row, "state": "matched", "retry_until": None, "filing": share.filing["id"]}
    if n > 1:
        mine |= {"id": new_id(), "notification": f"{row['notification']}#{n}"}
    if share.said is not None:
        return mine | spoken(share.said) | place.columns("record")
    return mine if row["outcome"] == REJECTED else mine | {"outcome": SILENT}


def _declare_again(gate: Gate, conn: Connection, filings: Sequence[Row], lrn: str) -> None:
    """Another attempt for each that is still to be filed: together at once, without those at fault."""
    due = [(row, new_id(), attempt) for row in filings if (attempt := _next(conn, row)) is not None]
    again = [
        {name: row[name] for name in SAME}
        | {"id": one, "attempt": attempt, "lrn": f"~{one}", "state": "waiting", "replaces": row["id"]}
        | {"wait_until": gate.now(), "ruleset": gate.ruleset}
        for row, one, attempt in due
    ]
    moves.enter(conn, "filing", again, "C", "declare again")
    for row, *_ in due:
        notes.note(conn, "filing", row["id"], row["connection"], [notes.made("RTE152", lrn=lrn)])


def _next(conn: Connection, row: Row) -> int | None:
    """The number of its next attempt; None where another one is under way, or its item is not to be filed any more."""
    mine = (f.c.dossier == row["dossier"], f.c.route == row["route"], f.c.purpose == row["purpose"])
    filings = conn.execute(select(f.c.attempt, f.c.state, f.c.replaces).where(*mine)).all()
    state = conn.scalar(select(schema.item.c.state).where(schema.item.c.id == row["item"]))
    replaced = any(one.replaces == row["id"] and one.state != "withdrawn" for one in filings)
    return None if replaced or state != "accepted" else max(one.attempt for one in filings) + 1
