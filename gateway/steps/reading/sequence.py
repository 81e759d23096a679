"""Sequence: of senders whose references run, each one that comes is noted, and a missing one is an alarm.

Whether references run is said in the partner's file (`sequence:` of what it sends), never learned. A number is noted in
the transaction that opens its file, so that it is noted once, however often that is done again. A gap that lasts
longer than is agreed (`grace`) is an alarm of its run, which ends when the last missing one has come, or a person has
said that there is nothing behind it (`gateway gaps close`).

A number far from all before it begins a new run, and the old one is laid aside: its gaps are looked for as before, and
a number that lies near it goes on with it; of two runs, with the one that it is next to. In the journal the prefix of a
run laid aside ends with the interchange that began the next one. Of those without a gap only the newest is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from gateway.findings import Finding
from gateway.journal import schema
from gateway.settings.partner import Numbering
from gateway.settings.values import duration_text
from gateway.steps.ground import notes
from gateway.steps.ground.gate import Gate
from gateway.steps.reading.runs import Stretch, is_far, is_new_run, missing, numbered, spelt, unrolled
from gateway.steps.watching.watch import Wrong, reconcile

MISSING = "INT940"
ASIDE = "\x1f"  # behind the prefix of a run laid aside: a unit separator stands in no reference
MOST = 10  # gaps that an alarm names
WHOSE = ("environment", "partner", "kind")
r, x, f = schema.run, schema.interchange, schema.file
KEY = (r.c.environment, r.c.sender, r.c.kind, r.c.prefix)
Key = tuple[str, str, str, str]


class Gap(NamedTuple):
    """Numbers of a run that did not come, and since when they are missed."""

    environment: str
    sender: str
    kind: str
    prefix: str
    numbers: str
    first: int
    last: int
    since: datetime
    overdue: bool
    partner: str
    grace: timedelta

    @property
    def begins(self) -> str:
        """What the references of its run begin with."""
        return self.prefix.partition(ASIDE)[0]

    @property
    def run(self) -> str:
        """Its run as a person reads it; one laid aside by the interchange that began the next one."""
        return self.begins + "…" + self.prefix[len(self.begins) :].replace(ASIDE, " before ")


def note_number(
    gate: Gate, conn: Connection, connection: str, interchange: Mapping[str, Any], message: Any
) -> Iterator[Finding]:
    """Note the number of an interchange that was not read before; yields what is strange about it."""
    rule = gate.hub.numbering(connection, interchange["sender"], interchange["type"])
    if rule is None:
        return
    text = getattr(message, rule.of) or ""
    found = numbered(text, rule.digits)
    if found is None:
        yield notes.made("INT942", reference=text, sender=interchange["sender"])
        return
    kind = "" if rule.shared else interchange["type"]
    key = (interchange["environment"], interchange["sender"], kind, found.prefix)
    yield from _note(conn, key, found.number, rule, gate.now(), interchange["id"])


def _note(
    conn: Connection, key: Key, number: int, rule: Numbering, now: datetime, interchange: str
) -> Iterator[Finding]:
    runs = _runs(conn, key)
    places = {run.prefix: unrolled(number, run.last, rule.digits) for run in runs}
    near = [run for run in runs if not is_new_run(places[run.prefix], run.first, run.last)]
    near.sort(key=lambda run: is_far(places[run.prefix], run.first, run.last))
    prefix = near[0].prefix if near else key[3]
    number = places.get(prefix, number)
    if runs and not near:
        _lay_aside(conn, key, runs, interchange)
        yield notes.made("INT941", sender=key[1], run=_name(key), number=str(number), last=str(runs[0].last))
    _add(conn, (*key[:3], prefix), number, now, interchange)


def _runs(conn: Connection, key: Key) -> list[Any]:
    """The run that goes on, then those that were laid aside, the newest of them first."""
    ours = [column == value for column, value in zip(KEY[:3], key, strict=False)]
    begins = (r.c.prefix == key[3]) | (func.substr(r.c.prefix, 1, len(key[3]) + 1) == key[3] + ASIDE)
    found = select(r.c.prefix, func.min(r.c.first).label("first"), func.max(r.c.last).label("last"), func.count())
    rows = conn.execute(found.where(*ours, begins).group_by(r.c.prefix)).all()
    return sorted(sorted(rows, key=attrgetter("prefix"), reverse=True), key=lambda run: bool(run.prefix != key[3]))


def _lay_aside(conn: Connection, key: Key, runs: Sequence[Any], interchange: str) -> None:
    """The run that went on so far; of those laid aside before the ones without a gap go: nothing is missing in them."""
    for run in runs[1:]:
        if run.count == 1:
            conn.execute(delete(r).where(*_mine((*key[:3], run.prefix))))
    conn.execute(update(r).where(*_mine(key)).values(prefix=key[3] + ASIDE + interchange))


def _mine(key: Sequence[str]) -> list[ColumnElement[bool]]:
    return [column == value for column, value in zip(KEY, key, strict=True)]


def _add(conn: Connection, key: Key, number: int, now: datetime, interchange: str) -> None:
    """Lengthen the stretch that the number touches, join two, or begin one: then a gap was noticed now, or is cut."""
    mine = _mine(key)
    below = conn.execute(select(r).where(*mine, r.c.first <= number).order_by(r.c.first.desc()).limit(1)).first()
    above = conn.execute(select(r).where(*mine, r.c.first > number).order_by(r.c.first).limit(1)).first()
    if below is not None and number <= below.last:
        return
    last = number
    if above is not None and above.first == number + 1:
        last = above.last
        conn.execute(delete(r).where(*mine, r.c.first == above.first))
    if below is not None and below.last == number - 1:
        conn.execute(update(r).where(*mine, r.c.first == below.first).values(last=last))
        return
    since = above.since if above is not None and below is not None else now
    row = dict(zip([column.name for column in KEY], key, strict=True))
    conn.execute(insert(r).values(**row, first=number, last=last, since=since, interchange=interchange))
    if below is None and above is not None and last == number:
        conn.execute(update(r).where(*mine, r.c.first == above.first).values(since=now))


def watch(gate: Gate) -> int:
    """Bring the alarms in line with what is missing; returns how many changed."""
    with gate.journal.read() as conn:
        overdue = [gap for gap in gaps(gate, conn) if gap.overdue]
    overdue.sort(key=attrgetter(*WHOSE, "prefix", "first"))
    return reconcile(gate, [MISSING], [_alarm(list(mine)) for _, mine in groupby(overdue, key=attrgetter(*WHOSE))])


def _alarm(mine: Sequence[Gap]) -> Wrong:
    """One for all runs of a partner in a format. Its subject is made of names of ours, not of what messages say."""
    one = mine[0]
    numbers = "; ".join(f"{gap.run} {gap.numbers}" for gap in mine[:MOST])
    values = {"sender": one.partner, "run": one.kind or "all", "grace": duration_text(one.grace), "numbers": numbers}
    return Wrong(MISSING, " ".join(filter(None, (one.environment, one.partner, one.kind))), values)


def gaps(gate: Gate, conn: Connection) -> Iterator[Gap]:
    """Everything that is missing, also what may still be on its way."""
    broken = select(*KEY).group_by(*KEY).having(func.count() > 1).order_by(*KEY)
    for key in conn.execute(broken).all():
        partner, rule = _rule(gate, conn, tuple(key))
        if rule is None:
            continue
        mine = _mine(key)
        rows = conn.execute(select(r.c.first, r.c.last, r.c.since).where(*mine).order_by(r.c.first)).all()
        since = {row.first: row.since for row in rows}
        for first, last in missing([Stretch(row.first, row.last) for row in rows], rule.digits):
            noticed = since[last + 1]
            said = spelt([(first, last)], rule.digits)
            overdue = noticed + rule.grace < gate.now()
            yield Gap(*key, said, first, last, noticed, overdue, partner, rule.grace)


def close(conn: Connection, gap: Gap) -> None:
    """A person says that nothing comes any more: the numbers count as seen."""
    mine = _mine(gap[:4])
    after = conn.execute(select(r).where(*mine, r.c.first == gap.last + 1)).one()
    before = conn.execute(select(r).where(*mine, r.c.last == gap.first - 1)).one()
    conn.execute(delete(r).where(*mine, r.c.first == after.first))
    conn.execute(update(r).where(*mine, r.c.first == before.first).values(last=after.last))


def _rule(gate: Gate, conn: Connection, key: Sequence[str]) -> tuple[str, Numbering | None]:
    """Whose run it is and what is agreed about it today; nothing where its sender or connection is gone."""
    mine = _mine(key)
    came = select(f.c.connection, x.c.type).join(x, x.c.file == f.c.id).join(r, r.c.interchange == x.c.id)
    row = conn.execute(came.where(*mine).order_by(r.c.first.desc()).limit(1)).one()
    return gate.hub.speaker(row.connection, key[1]), gate.hub.numbering(row.connection, key[1], row.type)


def _name(key: Sequence[str]) -> str:
    """A run by its format and prefix."""
    return " ".join(filter(None, (key[2], f"{key[3]}…")))
