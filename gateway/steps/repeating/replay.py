"""Replay: many things done again at once, counted first: those that are named, or all that fit a selection.

A plan says for each what would become of it (`gateway.steps.repeating.fates`); carried out, each is done for itself
(`gateway.steps.repeating.retry`), so that one that cannot be done keeps no other from it, and killed in between the
rest is found by doing it again. A plan changes nothing: what reading again would give is found by reading, which leaves
no trace.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, Table, select

from gateway.findings.errors import JournalFault
from gateway.journal import audit, schema
from gateway.journal.ids import floor
from gateway.steps.ground import aside, source
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import chunks
from gateway.steps.ground.refusal import NotPossible
from gateway.steps.repeating.fates import COMPARE, DOUBTFUL, Fate, fates, within
from gateway.steps.repeating.rereading import read_again
from gateway.steps.repeating.retry import DOES_NOTHING, retry
from gateway.steps.repeating.subjects import state_of

PAGE = 200  # subjects that are looked at in one reading transaction
f, i, fl, dl, d, a, fi = (
    schema.file, schema.item, schema.filing, schema.delivery, schema.decision, schema.answer, schema.finding,
)  # fmt: skip


class Wanted(msgspec.Struct, frozen=True):
    """What is to be done again: what is named by ids, or all that fits; what is left empty takes all."""

    named: tuple[str, ...] = ()
    file: str = ""
    connection: str = ""
    code: str = ""
    since: datetime | None = None


class Planned(msgspec.Struct, frozen=True):
    """A fate, and what it came to: the state that reading again would give, or the one that it has now."""

    fate: Fate
    state: str = ""


def plan(gate: Gate, wanted: Wanted) -> list[Planned]:
    """What would be done, in the order in which things came; nothing is changed."""
    return [Planned(one) for one in _fates(gate, wanted)]


def tried(gate: Gate, planned: Iterable[Planned]) -> list[Planned]:
    """A plan with the state that each item would have after it was read again."""
    return [Planned(one.fate, _would_be(gate, one.fate)) for one in planned]


def carry_out(gate: Gate, planned: Iterable[Planned], who: str, subject: str = "selection") -> list[Planned]:
    """Do it; returns what became of each, which may have changed meanwhile. `subject` is what was asked for."""
    done = [_done(gate, one.fate, who) for one in planned]
    with gate.journal.write("replay.note") as conn:
        ways = dict.fromkeys(one.fate.way for one in done)
        said = ", ".join(f"{sum(one.fate.way == way for one in done)} {way}" for way in ways)
        audit.append(conn, "replay", subject, None, said or "nothing", who)
    return done


def _done(gate: Gate, fate: Fate, who: str) -> Planned:
    if fate.way in DOES_NOTHING:
        return Planned(fate)
    try:
        return Planned(fate, retry(gate, fate.id, who))
    except (NotPossible, JournalFault) as error:  # JournalFault: no such way between two states any more
        return Planned(msgspec.structs.replace(fate, way="none", why=str(error)))


def _would_be(gate: Gate, fate: Fate) -> str:
    if (fate.kind, fate.way) != ("item", "read"):
        return ""
    with gate.journal.read() as conn:
        row = source.item_row(conn, fate.id)
        raw = source.raw_of(gate, conn, row)
    try:
        return read_again(gate, row, raw).state
    except NotPossible:
        return "none"


def _fates(gate: Gate, wanted: Wanted) -> Iterator[Fate]:
    for kind, ids in _subjects(gate, wanted):
        for some in chunks(ids, PAGE):
            with gate.journal.read() as conn:
                found = list(fates(conn, kind, some))
            yield from found if wanted.named else map(_chosen, found)


def _chosen(fate: Fate) -> Fate:
    """Nobody has compared what was merely chosen with others."""
    return msgspec.structs.replace(fate, way="suspect", why=COMPARE) if fate.way == "accept" else fate


def _subjects(gate: Gate, wanted: Wanted) -> Iterator[tuple[str, Sequence[str]]]:
    """What is named, each with all that it consists of; else the selection, kind by kind."""
    with gate.journal.read() as conn:
        if wanted.named:
            named = [within(conn, state_of(conn, one)[0], one) for one in wanted.named]
        else:
            named = [(kind, list(conn.scalars(found))) for kind, found in _selected(conn, wanted)]
    yield from named


def _selected(conn: Connection, wanted: Wanted) -> Iterator[tuple[str, Select[tuple[str]]]]:
    """Of items all, so that it is said what is filed already; of the rest what waits for a person."""
    file = _file(conn, wanted.file)
    yield "file", _fitting(f, f.c.connection, wanted, f.c.state.in_(("refused", "suspect"))).where(*file)
    items = _fitting(i, f.c.connection, wanted, _coded(i.c.id, wanted, with_filings=True)).join(f, f.c.id == i.c.file)
    yield "item", items.where(*file)
    if not wanted.file:
        yield "delivery", _fitting(dl, dl.c.connection, wanted, dl.c.state.in_(DOUBTFUL))
        yield "decision", _fitting(d, d.c.connection, wanted, d.c.state.in_(("parked", "unclaimed")))
        yield "answer", _fitting(a, a.c.connection, wanted, a.c.id.in_(aside.marked()))


def _file(conn: Connection, name: str) -> list[ColumnElement[bool]]:
    """Raises: NotPossible for a file that the journal does not know."""
    if not name:
        return []
    if conn.scalar(select(f.c.id).where(f.c.id == name)) is None:
        raise NotPossible(f"there is no file {name}; `gateway items show` names the file of an item")
    return [f.c.id == name]


def _fitting(
    table: Table, connection: ColumnElement[str], wanted: Wanted, also: ColumnElement[bool]
) -> Select[tuple[str]]:
    found = select(table.c.id).where(also).order_by(table.c.id)
    if wanted.connection:
        found = found.where(connection == wanted.connection)
    if wanted.since is not None:
        found = found.where(table.c.id >= floor(wanted.since))
    return found if table is i else found.where(_coded(table.c.id, wanted))


def _coded(subject: ColumnElement[str], wanted: Wanted, *, with_filings: bool = False) -> ColumnElement[bool]:
    """Subjects with a finding of the code, of items also those whose filing has it."""
    if not wanted.code:
        return subject.is_not(None)
    found = select(fi.c.subject).where(fi.c.code == wanted.code)
    filed = select(fl.c.item).where(fl.c.id.in_(found))
    return subject.in_(found) | subject.in_(filed) if with_filings else subject.in_(found)
