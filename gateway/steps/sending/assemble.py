"""Assemble: written filings and answers become deliveries: files with a final name and, in an envelope, a reference.

What waits is taken by kind of file: connection, format, environment and the rule by which it leaves
(`gateway.steps.sending.collecting` says when). A document that stands alone is queued as it lies in the spool
(`gateway.steps.sending.queueing`). Messages in an envelope take a number first (`gateway.steps.sending.reserving`:
`drafting` holds it), are rendered, and are queued: killed between the two, the same delivery is rendered again under
the same number, so that numbers have no gap. Two partners behind one mailbox never share a file.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select

from gateway.findings.errors import MappingInvalid
from gateway.journal import schema
from gateway.steps.ground import aside, standstill, switches
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import chunks, together
from gateway.steps.sending import collecting, mailing, recognise
from gateway.steps.sending.collecting import Collected
from gateway.steps.sending.outgoing import Due
from gateway.steps.sending.queueing import queue
from gateway.steps.sending.render import render_drafts
from gateway.steps.sending.reserving import reserve

ROUND = 500
f, i = schema.filing, schema.item
Paused = Collection[tuple[str, str]]


class Waiting(NamedTuple):
    """How many filings of one kind wait, which is the oldest, and when the first transport of theirs leaves."""

    filings: int
    oldest: str
    departs_at: datetime | None


def assemble(gate: Gate, *, flush: bool = False, paused: Paused = ()) -> int:
    """Make the deliveries that are due; with `flush` without waiting for a fuller file. Returns how many.

    `paused` are routes, each with the environment in which it is stopped.
    """
    if standstill.is_on(gate):
        return 0
    made = recognise.recognise(gate) + sum(_filings(gate, due, mine, flush=flush) for due, mine in _kinds(gate, paused))
    return made + mailing.mail_answers(gate, flush=flush) + render_drafts(gate)


def soonest(gate: Gate, paused: Paused = ()) -> timedelta | None:
    """How long until the first of the files that are being filled goes out; None where none is."""
    waits = [(due, _waiting(gate, mine)) for due, mine in _kinds(gate, paused)]
    out = [collecting.due(due.rule, one.oldest, one.departs_at) - gate.now() for due, one in waits if one.filings]
    answers = mailing.soonest(gate)
    return min(out if answers is None else [*out, answers], default=None)


def _kinds(gate: Gate, paused: Paused) -> Iterator[tuple[Due, ColumnElement[bool]]]:
    """Kinds of files for which filings wait, and which filings, where the line still takes them to the partner.

    The brake keeps declarations back, not what is asked about those that customs has: so these can be cancelled.
    """
    columns = (f.c.route, f.c.environment, f.c.connection, f.c.kind, f.c.about.is_not(None))
    by_a_person = switches.paused_routes(gate, switches.BY_A_PERSON)
    with gate.journal.read() as conn:
        groups = conn.execute(select(*columns).where(f.c.state == "written").distinct()).all()
    found: dict[Due, list[ColumnElement[bool]]] = defaultdict(list)
    for route, environment, connection, kind, asked in groups:
        rule = gate.hub.way(connection, kind, route)
        if rule is not None and (route, environment) not in (by_a_person if asked else paused):
            mine = and_(f.c.route == route, f.c.about.is_not(None) if asked else f.c.about.is_(None))
            found[Due(connection, kind, environment, rule)].append(mine)
    for due, routes in found.items():
        place = (f.c.connection == due.connection, f.c.kind == due.kind, f.c.environment == due.environment)
        yield due, and_(f.c.state == "written", *place, or_(*routes), f.c.id.not_in(aside.marked()))


def _waiting(gate: Gate, mine: ColumnElement[bool]) -> Waiting:
    counted = select(func.count(), func.min(f.c.id), func.min(i.c.departs_at))
    with gate.journal.read() as conn:
        return Waiting(*conn.execute(counted.outerjoin_from(f, i, i.c.id == f.c.item).where(mine)).one())


def _filings(gate: Gate, due: Due, mine: ColumnElement[bool], *, flush: bool) -> int:
    """The files that are full, or need not wait longer."""
    collects = due.rule.per_file > 1
    if collects and not flush:
        count, oldest, departs_at = _waiting(gate, mine)
        if not count or (count < due.rule.per_file and collecting.due(due.rule, oldest, departs_at) > gate.now()):
            return 0
    ready = collecting.files(due.rule, _oldest(gate, due, mine), gate.now(), flush=flush)
    if not _several(gate, due):
        return _alone(gate, due, [one for group in ready for one in group])

    def stop(group: Sequence[Collected], error: Exception) -> None:
        _aside(gate, due, group, error)

    together(ready, lambda some: reserve(gate, due, some), stop)
    return len(ready)


def _alone(gate: Gate, due: Due, filings: Sequence[Collected]) -> int:
    """One declaration, one file."""
    for some in chunks(filings, ROUND):
        together(some, lambda few: queue(gate, due, few), lambda one, error: _aside(gate, due, [one], error))
    return len(filings)


def _aside(gate: Gate, due: Due, filings: Sequence[Collected], error: Exception) -> None:
    for one in filings:
        aside.put(gate, "filing", one.id, due.connection, error)


def _oldest(gate: Gate, due: Due, mine: ColumnElement[bool]) -> list[Collected]:
    """As many as are taken in a round, in whole files."""
    round_ = due.rule.per_file * max(1, ROUND // due.rule.per_file)
    page = select(f.c.id, i.c.departs_at).outerjoin(i, i.c.id == f.c.item).where(mine).order_by(f.c.id).limit(round_)
    with gate.journal.read() as conn:
        return [Collected(*row) for row in conn.execute(page)]


def _several(gate: Gate, due: Due) -> bool:
    """Whether a file of this kind holds several messages, each of which is written for itself."""
    try:
        return gate.registry(gate.ruleset).format(due.kind, gate.now().date()).plan.framed
    except MappingInvalid:  # each filing says so for itself
        return False
