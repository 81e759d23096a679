"""Take due rows, and finish them behind a fence: the same two statements on both stores.

A claim writes owner, lease and attempt. Whoever finishes names them again: a worker that was taken for dead and comes
back late finds no row, and its transaction is rolled back. Time is the journal's: of the server where there is one.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, or_, select, true, update

from gateway.findings.errors import GatewayFault, JournalFault, Retryable
from gateway.journal.audit import Chain

LONGEST_WAIT = timedelta(minutes=15)  # for another try


class LeaseLost(GatewayFault, Retryable):
    """Someone else has taken over this work."""


class Claim(NamedTuple):
    """A row that is ours for a while."""

    id: str
    owner: str
    attempt: int


def now(conn: Connection) -> datetime:
    """The journal's time."""
    chain = conn.get_execution_options().get("journal_chain")
    if not isinstance(chain, Chain):
        raise JournalFault("claims are made inside `journal.write()` only")
    return chain.clock.now()


def is_due(table: Table, at: datetime) -> ColumnElement[bool]:
    """Rows that wait for no other try; one that would wait for longer than any does has seen the clock set back."""
    next_try: ColumnElement[datetime] = table.c.next_try_at
    return or_(next_try.is_(None), next_try <= at, next_try > at + LONGEST_WAIT)


def claim(
    conn: Connection,
    table: Table,
    states: tuple[str, str],
    owner: str,
    lease: timedelta,
    limit: int,
    where: ColumnElement[bool] | None = None,
) -> list[Claim]:
    """Take up to `limit` rows from the first state to the second, oldest first."""
    frm, to = states
    time = now(conn)
    due = [table.c.state == frm, true() if where is None else where]
    if "next_try_at" in table.c:
        due.append(is_due(table, time))
    chosen = select(table.c.id).where(*due).order_by(table.c.id).limit(limit).with_for_update(skip_locked=True)
    taken = (
        update(table)
        .where(table.c.id.in_(chosen.scalar_subquery()))
        .values(state=to, owner=owner, lease_until=time + lease, attempt=table.c.attempt + 1)
        .returning(table.c.id, table.c.attempt)
    )
    return sorted(Claim(row.id, owner, row.attempt) for row in conn.execute(taken))


def finish(conn: Connection, table: Table, held: Claim, states: tuple[str, str], **values: Any) -> None:
    """Complete claimed work, in the transaction of its effect.

    Raises: LeaseLost, so that the effect is rolled back.
    """
    frm, to = states
    fence = and_(
        table.c.id == held.id, table.c.owner == held.owner, table.c.attempt == held.attempt, table.c.state == frm
    )
    if conn.execute(update(table).where(fence).values(state=to, **values)).rowcount != 1:
        raise LeaseLost


def lapsed(conn: Connection, table: Table, state: str) -> Sequence[str]:
    """Ids of rows whose lease is over."""
    over = and_(table.c.state == state, or_(table.c.lease_until.is_(None), table.c.lease_until < now(conn)))
    return conn.scalars(select(table.c.id).where(over).order_by(table.c.id)).all()


def owners(conn: Connection, table: Table, state: str) -> frozenset[str]:
    """Who holds rows in `state`."""
    held = select(table.c.owner).where(table.c.state == state, table.c.owner.is_not(None))
    return frozenset(conn.scalars(held.distinct()))


def owned(
    conn: Connection, table: Table, state: str, owner: str | None = None, spare: Collection[str] = ()
) -> Sequence[str]:
    """Ids of rows in `state` (of one owner; of all but some): at start every lease of an earlier life is void."""
    mine = true() if owner is None else table.c.owner == owner
    if spare:
        mine = or_(table.c.owner.is_(None), table.c.owner.not_in(list(spare)))
    return conn.scalars(select(table.c.id).where(table.c.state == state, mine).order_by(table.c.id)).all()
