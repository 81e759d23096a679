"""Walk the edges of `gateway.steps.ground.states`: check, change, write the audit trail, in the caller's transaction.

`who` is the letter of the step, or the operator as `O:<name>`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, update

from gateway.findings.errors import JournalFault
from gateway.journal import bulk, claims, schema
from gateway.journal.audit import Entry, append_many
from gateway.journal.claims import Claim
from gateway.steps.ground.many import chunks
from gateway.steps.ground.states import MACHINES, NEW, allowed

TABLES: Mapping[str, Table] = {machine: schema.METADATA.tables[machine] for machine in MACHINES}


def check(machine: str, frm: str, to: str, who: str) -> None:
    """Raises: JournalFault for a pair that is not in the table."""
    if not allowed(machine, frm, to, who.partition(":")[0]):
        raise JournalFault(f"{machine}: {who} may not go from {frm} to {to}")


def enter(conn: Connection, machine: str, rows: Sequence[Mapping[Any, Any]], who: str, action: str) -> None:
    """Insert new rows (of one set of columns), each in the state it names."""
    for to in {row["state"] for row in rows}:
        check(machine, NEW, to, who)
    if rows:
        bulk.insert(conn, TABLES[machine], rows)
        append_many(conn, [Entry(action, row["id"], None, row["state"], who) for row in rows])


def move(
    conn: Connection, machine: str, ids: Iterable[str], frm: str, to: str, who: str, action: str, **values: Any
) -> tuple[str, ...]:
    """Take those of `ids` that are in `frm` to `to`, setting `values` with it; returns the ids that went."""
    check(machine, frm, to, who)
    table, moved = TABLES[machine], list[str]()
    for some in chunks(ids):
        change = update(table).where(table.c.id.in_(some), table.c.state == frm).values(state=to, **values)
        gone = set(conn.scalars(change.returning(table.c.id)))
        moved += [one for one in dict.fromkeys(some) if one in gone]
    append_many(conn, [Entry(action, one, frm, to, who) for one in moved])
    return tuple(moved)


def claim(
    conn: Connection,
    machine: str,
    frm: str,
    to: str,
    who: str,
    *,
    owner: str,
    lease: timedelta,
    limit: int = 1,
    where: ColumnElement[bool] | None = None,
) -> list[Claim]:
    """Take up to `limit` due rows, oldest first, as the work of `owner` for as long as the lease lasts."""
    check(machine, frm, to, who)
    taken = claims.claim(conn, TABLES[machine], (frm, to), owner, lease, limit, where)
    append_many(conn, [Entry("claim", one.id, frm, to, who) for one in taken])
    return taken


def finish(
    conn: Connection, machine: str, held: Claim, frm: str, to: str, who: str, action: str, **values: Any
) -> None:
    """Complete claimed work behind its fence.

    Raises: LeaseLost when someone else has taken over.
    """
    check(machine, frm, to, who)
    claims.finish(conn, TABLES[machine], held, (frm, to), **values)
    append_many(conn, [Entry(action, held.id, frm, to, who)])


def expire(conn: Connection, machine: str, frm: str, to: str, who: str, spare: Collection[str] = ()) -> tuple[str, ...]:
    """Take rows whose lease is over, but for some to `spare`, back to where they are due."""
    over = [one for one in claims.lapsed(conn, TABLES[machine], frm) if one not in spare]
    return move(conn, machine, over, frm, to, who, "lease over", owner=None)


def void(conn: Connection, machine: str, frm: str, to: str, who: str, spare: Collection[str] = ()) -> tuple[str, ...]:
    """Leases of an earlier life are void, and those of whoever is gone: all but those of the owners to `spare`."""
    left = claims.owned(conn, TABLES[machine], frm, spare=spare)
    return move(conn, machine, left, frm, to, who, "lease void", owner=None)
