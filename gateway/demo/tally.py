"""What happened, in numbers: asked of the journal, never counted along the way."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, func, literal, select

from gateway.journal import schema

OPEN = "no final word"

STOPPED = ("held", "quarantined", "returned")
HELD_BACK = "held_back"

i, f, d, a, v, g = schema.item, schema.filing, schema.decision, schema.answer, schema.delivery, schema.finding
PARCEL = i.c.kind == "consignment"


class Tally(msgspec.Struct, frozen=True):
    """Parcels received and what was refused before filing, filings by outcome, answers.

    `held_back` counts declarations that the target or the authority's rules do not let pass as they are. `faults` are
    the errors that stopped parcels, by what became of them (a state of theirs, or `held_back`), each with its number.
    """

    files: int
    items: int
    states: Mapping[str, int]
    faults: Mapping[str, Mapping[str, int]]
    filings: int
    held_back: int
    outcomes: Mapping[str, int]
    decisions: Mapping[str, int]
    answers: int
    answer_files: int


def count(conn: Connection) -> Tally:
    sent = a.join(v, v.c.id == a.c.delivery)
    return Tally(
        files=_number(conn, select(func.count(i.c.file.distinct())).where(PARCEL)),
        items=_number(conn, select(func.count()).select_from(i).where(PARCEL)),
        states=_groups(conn, i.c.state, select(i.c.state).where(PARCEL)),
        faults=_faults(conn),
        filings=_number(conn, select(func.count()).select_from(f).where(f.c.state.in_(("lodged", "settled")))),
        held_back=_number(conn, select(func.count()).select_from(f).where(f.c.state == "held")),
        outcomes=_groups(conn, f.c.outcome, select(f.c.outcome).where(f.c.state.in_(("lodged", "settled")))),
        decisions=_groups(conn, d.c.outcome, select(d.c.outcome)),
        answers=_number(conn, select(func.count()).select_from(sent).where(v.c.state == "sent")),
        answer_files=_number(conn, select(func.count(v.c.id.distinct())).select_from(sent).where(v.c.state == "sent")),
    )


def _faults(conn: Connection) -> Mapping[str, Mapping[str, int]]:
    """Codes of the errors that stopped a parcel before it was filed, the most frequent first."""
    found: dict[str, dict[str, int]] = {}
    items = select(i.c.id, i.c.state).where(PARCEL, i.c.state.in_(STOPPED)).subquery()
    filings = select(f.c.id, literal(HELD_BACK).label("state")).where(f.c.state == "held").subquery()
    for stopped in (items, filings):
        number = func.count(g.c.subject.distinct()).label("number")
        named = select(stopped.c.state, g.c.code, number).join(g, g.c.subject == stopped.c.id)
        named = named.where(g.c.severity == "error", g.c.waived_by.is_(None)).group_by(stopped.c.state, g.c.code)
        for row in conn.execute(named.order_by(number.desc(), g.c.code)):
            found.setdefault(row.state, {})[row.code] = row.number
    return found


def _groups(conn: Connection, by: ColumnElement[Any], rows: Select[Any]) -> Mapping[str, int]:
    grouped = rows.add_columns(func.count()).group_by(by).order_by(func.count().desc())
    return {name or OPEN: number for name, number in conn.execute(grouped)}


def _number(conn: Connection, query: Select[Any]) -> int:
    return conn.scalar(query) or 0
