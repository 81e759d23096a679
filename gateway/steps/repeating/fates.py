"""Fates: what doing something again would mean, and what keeps it from being done twice. Nothing is changed here.

What customs has is never declared again, whatever is named: a file, an interchange, an item or a declaration.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, select

from gateway.journal import schema
from gateway.mapping.protocols import DECLARE
from gateway.steps.declaring.groupmembers import on_the_way
from gateway.steps.declaring.versions import FILED
from gateway.steps.ground import aside
from gateway.steps.ground.many import among
from gateway.transport.names import shown

Way = Literal["read", "accept", "file", "send", "match", "due", "filed", "suspect", "none"]
f, i, fl, dl, d, a, b, x = (
    schema.file, schema.item, schema.filing, schema.delivery, schema.decision, schema.answer, schema.blob,
    schema.interchange,
)  # fmt: skip
PURGED = "its raw bytes were purged; ask the sender for it again"
SENT = "it was sent with declarations in it: that is never done twice, ask the partner what became of it"
COMPARE = "it may be cut short: compare it with the sender's copy, then name it by itself"
DOUBTFUL = ("unconfirmed", "in_doubt", "clash")


class Fate(msgspec.Struct, frozen=True):
    """What becomes of one thing that is done again, and why nothing does; `name` is what people call it.

    Ways: its bytes are read again; a file that may be cut short is taken as it is; a declaration is written again; the
    same bytes are sent again; the filing of an answer is looked for again; what was set aside is due again; customs has
    it already; a person has to compare a file first; nothing can be done.
    """

    kind: str
    id: str
    name: str
    way: Way
    why: str = ""


def fates(conn: Connection, kind: str, ids: Sequence[str]) -> Iterator[Fate]:
    """One or more for each id, in their order."""
    marked = {row.subject for row in among(conn, aside.marked(), schema.finding.c.subject, ids)}
    yield from _KINDS[kind](conn, ids, marked)


def _cannot(kind: str, state: str) -> str:
    return f"{'an' if kind == 'item' else 'a'} {kind} that is {state} cannot be retried"


def _files(conn: Connection, ids: Sequence[str], _: set[str]) -> Iterator[Fate]:
    found = select(f.c.id, f.c.name, f.c.state, b.c.purged_at).outerjoin(b, b.c.id == f.c.blob)
    for row in among(conn, found, f.c.id, ids):
        name = shown(row.name)
        if row.state not in {"refused", "suspect"}:
            yield Fate("file", row.id, name, "none", _cannot("file", row.state))
        elif row.purged_at is not None:
            yield Fate("file", row.id, name, "none", PURGED)
        else:
            yield Fate("file", row.id, name, "read" if row.state == "refused" else "accept")


def _items(conn: Connection, ids: Sequence[str], _: set[str]) -> Iterator[Fate]:
    columns = (i.c.id, i.c.item_id, i.c.state, b.c.purged_at)
    found = select(*columns).join(f, f.c.id == i.c.file).outerjoin(b, b.c.id == f.c.blob)
    unsaid = _unsaid(conn, ids)
    filed = defaultdict(list)
    live = select(fl.c.id, fl.c.item, fl.c.state, fl.c.lrn, fl.c.purpose).where(fl.c.state != "withdrawn")
    for row in among(conn, live.order_by(fl.c.id), fl.c.item, ids):
        filed[row.item].append(row)
    away = on_the_way(conn, [row.id for rows in filed.values() for row in rows if row.state == "joined"])
    rows = {row.id: row for row in among(conn, found, i.c.id, ids)}
    for one in ids:
        yield from _item(rows[one], filed[one], away, aside=one in unsaid)


def _unsaid(conn: Connection, ids: Sequence[str]) -> set[str]:
    """Items with answers about them that were set aside."""
    marked = aside.marked()
    about = select(fl.c.item).join(d, d.c.filing == fl.c.id).where(d.c.id.in_(marked))
    told = select(a.c.item).where(a.c.id.in_(marked))
    both = (*among(conn, about, fl.c.item, ids), *among(conn, told, a.c.item, ids))
    return {row.item for row in both}


def _item(row: Any, filings: Sequence[Any], away: set[str], *, aside: bool) -> Iterator[Fate]:
    name = row.item_id or row.id
    if row.state in {"held", "quarantined"}:
        yield Fate("item", row.id, name, *(("none", PURGED) if row.purged_at else ("read", "")))
        return
    if aside:
        yield Fate("item", row.id, name, "due")
        return
    declared = [one for one in filings if one.purpose == DECLARE]
    out = [one for one in declared if one.state in FILED or one.id in away]
    held = [Fate("filing", one.id, _lrn(one, name), "file") for one in filings if one.state == "held"]
    if out:
        yield Fate("item", row.id, name, "filed", f"it is filed already as {', '.join(one.lrn for one in out)}")
    elif not held and any(one.state in {"written", "joined"} for one in declared) and not row.purged_at:
        yield Fate("item", row.id, name, "read")
    elif not held:
        waits = any(one.state == "waiting" for one in declared)
        yield Fate("item", row.id, name, "none", "it is about to be written" if waits else _cannot("item", row.state))
    yield from held


def _lrn(filing: Any, name: str) -> str:
    return name if filing.lrn.startswith("~") else str(filing.lrn)


def _filings(conn: Connection, ids: Sequence[str], marked: set[str]) -> Iterator[Fate]:
    found = select(fl.c.id, fl.c.lrn, fl.c.state, fl.c.item)
    for row in among(conn, found, fl.c.id, ids):
        if row.state == "held" or row.id in marked:
            yield Fate("filing", row.id, row.lrn, "file" if row.state == "held" else "due")
        elif row.state in FILED:
            yield Fate("filing", row.id, row.lrn, "filed", f"it is filed already as {row.lrn}")
        elif row.state == "withdrawn":
            yield Fate("filing", row.id, row.lrn, "none", _cannot("filing", row.state))
        else:
            yield from _items(conn, [row.item], marked)


def _deliveries(conn: Connection, ids: Sequence[str], marked: set[str]) -> Iterator[Fate]:
    carried = select(fl.c.id).where(fl.c.delivery == dl.c.id).exists()
    for row in among(conn, select(dl.c.id, dl.c.final_name, dl.c.state, carried.label("files")), dl.c.id, ids):
        if row.id in marked:
            yield Fate("delivery", row.id, row.final_name, "due")
        elif row.state in DOUBTFUL or (row.state == "sent" and not row.files):
            yield Fate("delivery", row.id, row.final_name, "send")
        elif row.state in {"sent", "acknowledged"}:
            yield Fate("delivery", row.id, row.final_name, "filed", SENT)
        else:
            yield Fate("delivery", row.id, row.final_name, "none", _cannot("delivery", row.state))


def _decisions(conn: Connection, ids: Sequence[str], marked: set[str]) -> Iterator[Fate]:
    for row in among(conn, select(d.c.id, d.c.lrn, d.c.mrn, d.c.state), d.c.id, ids):
        name = row.lrn or row.mrn or row.id
        if row.id in marked:
            yield Fate("decision", row.id, name, "due")
        elif row.state in {"parked", "unclaimed"}:
            yield Fate("decision", row.id, name, "match")
        else:
            yield Fate("decision", row.id, name, "none", "its filing has heard it: it counts once")


def _answers(conn: Connection, ids: Sequence[str], marked: set[str]) -> Iterator[Fate]:
    found = select(a.c.id, a.c.delivery, dl.c.final_name).outerjoin(dl, dl.c.id == a.c.delivery)
    for row in among(conn, found, a.c.id, ids):
        if row.id in marked:
            yield Fate("answer", row.id, row.id, "due")
        elif row.delivery is None:
            yield Fate("answer", row.id, row.id, "none", "it waits for its file, and goes with it")
        else:
            why = f"it went in {row.final_name}: `gateway items retry {row.delivery}` sends that file again"
            yield Fate("answer", row.id, row.id, "none", why)


_KINDS: Mapping[str, Callable[[Connection, Sequence[str], set[str]], Iterator[Fate]]] = {
    "file": _files,
    "item": _items,
    "filing": _filings,
    "delivery": _deliveries,
    "decision": _decisions,
    "answer": _answers,
}


def within(conn: Connection, kind: str, subject: str) -> tuple[str, Sequence[str]]:
    """What a subject consists of: the items of an envelope, of a batch, or of a file that is read; else itself."""
    column = {"interchange": i.c.interchange, "batch": i.c.batch}.get(kind)
    if kind == "file":
        read = select(f.c.id).where(f.c.id == subject, f.c.state.in_(("received", "read")))
        column = i.c.file if conn.scalar(read) is not None else None
    if column is None:
        return kind, [subject]
    return "item", list(conn.scalars(select(i.c.id).where(column == subject).order_by(i.c.file, i.c.seq)))
