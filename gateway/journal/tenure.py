"""Who may do what only one host does at a time: the steps of the core, the work on one line.

A duty changes hands with a new term. Every transaction of its work names the term it was begun under, so that a host
that was taken for dead, and comes back late, writes nothing.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from gateway.findings.errors import GatewayFault, Retryable
from gateway.journal.schema.operations import duty


class TenureLost(GatewayFault, Retryable):
    """Another host has taken over this work."""


class Tenure(NamedTuple):
    """A duty, and the number of this time that someone has it."""

    duty: str
    term: int


def begin(conn: Connection, name: str, holder: str) -> Tenure:
    """The duty is the holder's from here on; whoever had it before is refused."""
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    since = conn.get_execution_options()["journal_chain"].clock.now()
    facts = {"holder": holder, "since": since}
    taken = (
        insert(duty)
        .values(name=name, term=1, **facts)
        .on_conflict_do_update(index_elements=[duty.c.name], set_={"term": duty.c.term + 1, **facts})
        .returning(duty.c.term)
    )
    return Tenure(name, conn.execute(taken).scalar_one())


def check(conn: Connection, held: Sequence[Tenure]) -> None:
    """All of these still stand. Raises: TenureLost."""
    if held:
        now = select(duty.c.name, duty.c.term).where(duty.c.name.in_([one.duty for one in held]))
        if {tuple(row) for row in conn.execute(now)} != set(held):
            raise TenureLost


def holder(conn: Connection, name: str) -> str | None:
    """Who has had the duty last."""
    return conn.scalar(select(duty.c.holder).where(duty.c.name == name))
