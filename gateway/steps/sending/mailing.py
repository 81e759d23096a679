"""Answers that wait become files to be: so many in one, never those of two partners, each under a number of its own."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select, update

from gateway.findings import Finding
from gateway.journal import schema
from gateway.journal.ids import new_id
from gateway.steps.ground import aside, moves
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.hub import owner_of
from gateway.steps.ground.many import chunks, together
from gateway.steps.sending import collecting
from gateway.steps.sending.collecting import Collected
from gateway.steps.sending.outgoing import Due, delivery_row

PAGE = 5000
a, i, x, file = schema.answer, schema.item, schema.interchange, schema.file


class Said(NamedTuple):
    """An answer that waits, with what tells for whom it is."""

    id: str
    route: str
    line: str
    sender: str


def _partners(gate: Gate, *, flush: bool) -> Iterator[tuple[Due, list[str]]]:
    """Answers that wait, by the partner they are for: a mailbox carries several."""
    columns = (a.c.connection, a.c.kind, a.c.environment)
    waiting = select(*columns, func.count(), func.min(a.c.id)).where(a.c.delivery.is_(None)).group_by(*columns)
    with gate.journal.read() as conn:
        groups = conn.execute(waiting).all()
    for connection, kind, environment, count, oldest in groups:
        line = gate.hub.connections.get(connection)
        rules = {o.partner: o for o in line.outbound if o.format == kind} if line else {}
        if not any(
            flush or count >= rule.per_file or collecting.due(rule, oldest) <= gate.now() for rule in rules.values()
        ):
            continue
        by_partner: dict[str, list[str]] = {}
        for one in _waiting(gate, connection, kind, environment):
            partner = owner_of(gate.hub.told(one.route, one.line, one.sender))
            by_partner.setdefault(partner, []).append(one.id)
        for partner, ids in by_partner.items():
            if partner in rules:
                yield Due(connection, kind, environment, rules[partner]), ids
            else:
                _strand(gate, connection, ids)


def _strand(gate: Gate, connection: str, answers: Sequence[str]) -> None:
    """Whoever they are for is not in the configuration any more."""
    for one in answers:
        aside.put(gate, "answer", one, connection, Finding("RSP704"))


def _waiting(gate: Gate, connection: str, kind: str, environment: str) -> Iterator[Said]:
    wanted = (a.c.delivery.is_(None), a.c.connection == connection, a.c.kind == kind, a.c.environment == environment)
    due = said().where(*wanted, a.c.id.not_in(aside.marked())).order_by(a.c.id).limit(PAGE)
    page: Sequence[Said] = (Said("", "", "", ""),)
    while page:
        with gate.journal.read() as conn:
            page = [Said(*row) for row in conn.execute(due.where(a.c.id > page[-1].id))]
        yield from page


def said() -> Any:
    """Answers with the message that they answer."""
    columns = (a.c.id, a.c.route, file.c.connection, x.c.sender)
    joined = select(*columns).join(i, i.c.id == a.c.item).join(x, x.c.id == i.c.interchange)
    return joined.join(file, file.c.id == i.c.file)


def mail_answers(gate: Gate, *, flush: bool) -> int:
    """Reserve a number for each file that is full, or has waited for its time; returns how many."""
    return sum(_answers(gate, due, ids, flush=flush) for due, ids in _partners(gate, flush=flush))


def soonest(gate: Gate) -> timedelta | None:
    """How long until the first of the files that wait has waited for its time; None where none waits."""
    columns = (a.c.connection, a.c.kind)
    waiting = select(*columns, func.min(a.c.id)).where(a.c.delivery.is_(None), a.c.id.not_in(aside.marked()))
    with gate.journal.read() as conn:
        groups = conn.execute(waiting.group_by(*columns)).all()
    return min((left for group in groups for left in _left(gate, *group)), default=None)


def _left(gate: Gate, connection: str, kind: str, oldest: str) -> Iterator[timedelta]:
    line = gate.hub.connections.get(connection)
    rules = [rule for rule in line.outbound if rule.format == kind] if line else []
    return (collecting.due(rule, oldest) - gate.now() for rule in rules)


def _answers(gate: Gate, due: Due, ids: Sequence[str], *, flush: bool) -> int:
    """So many a file; a file that is not full waits for its time."""
    ready = collecting.files(due.rule, [Collected(one) for one in ids], gate.now(), flush=flush)

    def stop(group: Sequence[Collected], error: Exception) -> None:
        for one in group:
            aside.put(gate, "answer", one.id, due.connection, error)

    together(ready, lambda some: _reserve(gate, due, some), stop)
    return len(ready)


def _reserve(gate: Gate, due: Due, groups: Sequence[Sequence[Collected]]) -> None:
    """A number for each file to be."""
    with gate.journal.write("assemble.reserve") as conn:
        for group in groups:
            one = new_id()
            row = delivery_row(gate, conn, due, one, with_number=True)
            moves.enter(conn, "delivery", [row | {"state": "drafting", "units": len(group)}], "A", "reserve")
            for some in chunks(answer.id for answer in group):
                conn.execute(update(a).where(a.c.id.in_(some), a.c.delivery.is_(None)).values(delivery=one))
