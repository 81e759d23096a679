"""What answers of customs teach about filings: that the delivery arrived, the MRN, the version, the outcome.

The outcome is folded from all decisions of a filing each time, so order and repetition make no difference. A request
has an outcome of its own (`gateway.steps.hearing.granted`), which is looked at again whenever its declaration hears
something.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, or_, select, update

from gateway.findings import Finding
from gateway.journal import schema
from gateway.model.outcomes import outcome
from gateway.steps.ground import moves, notes
from gateway.steps.ground.many import among
from gateway.steps.hearing.fold import fold, is_final
from gateway.steps.hearing.granted import REFUSED, became_of
from gateway.steps.hearing.remarks import remark
from gateway.steps.hearing.words import SAID, heard, number

ON_THE_WAY = ("assembled", "joined")
DOUBTFUL = ("queued", "unconfirmed", "in_doubt")
ARRIVED = ("lodged", "settled")
d, f, dl = schema.decision, schema.filing, schema.delivery
KIN = [f.c[name] for name in ("id", "purpose", "about", "lrn", "mrn", "version", "connection", "outcome", "state")]
_ABOUT = f.alias("about")
Row = Mapping[Any, Any]


def learn(conn: Connection, said: Iterable[tuple[str, Row]]) -> None:
    """Pairs of a filing and a decision about it, in the transaction that brings the decision in."""
    by_filing: dict[str, list[Row]] = defaultdict(list)
    for filing, row in said:
        by_filing[filing].append(row)
    prove(conn, by_filing)
    heard = list(_with_declaration(conn, f.c.id, by_filing))
    declared = [mine for mine in heard if not mine["about"]]
    for mine in declared:
        remark(conn, mine, by_filing[mine["id"]])
        _learn(conn, mine, by_filing[mine["id"]])
    asked = _requests(conn, heard)
    for mine in asked:
        _learn(conn, mine, by_filing.get(mine["id"], []))
    acknowledge(conn, {mine["id"] for mine in (*heard, *asked)})


def prove(conn: Connection, filings: Collection[str]) -> None:
    """An answer proves that the delivery arrived, whatever our own last line about it says: it is not sent again."""
    known = select(f.c.state, f.c.delivery, dl.c.state.label("sending")).outerjoin(dl, dl.c.id == f.c.delivery)
    carried = list(among(conn, known, f.c.id, filings))
    if all(row.state in ARRIVED and row.sending not in DOUBTFUL for row in carried):
        return  # as nearly always
    moves.move(conn, "filing", filings, "assembled", "lodged", "C", "answered")
    deliveries = {row.delivery for row in carried if row.delivery}
    for state in DOUBTFUL:
        moves.move(conn, "delivery", deliveries, state, "sent", "C", "answered")
    beside = list(among(conn, select(f.c.id, f.c.state).where(f.c.state.in_(ON_THE_WAY)), f.c.delivery, deliveries))
    for state in {row.state for row in beside}:
        ids = [row.id for row in beside if row.state == state]
        moves.move(conn, "filing", ids, state, "lodged", "C", "answered")


def acknowledge(conn: Connection, filings: Iterable[str]) -> None:
    """Whatever customs says about a filing is the receipt of the file that it went in."""
    heard = or_(f.c.outcome.is_not(None), select(d.c.id).where(d.c.filing == f.c.id).exists())
    known = select(f.c.delivery).join(dl, dl.c.id == f.c.delivery).where(dl.c.state == "sent", heard)
    files = {row.delivery for row in among(conn, known, f.c.id, filings)}
    moves.move(conn, "delivery", files, "sent", "acknowledged", "C", "receipt")


def answered(conn: Connection, deliveries: Iterable[str]) -> set[str]:
    """Those of some unsettled deliveries in which a filing is lodged already: customs has them."""
    lodged = select(f.c.delivery).where(f.c.state.in_(ARRIVED))
    return {row.delivery for row in among(conn, lodged, f.c.delivery, deliveries)}


def refold(conn: Connection, filing: str) -> None:
    """Say anew what customs' word on a filing is, and whether that settles it."""
    for mine in list(_with_declaration(conn, f.c.id, [filing])):
        _refold(conn, mine, {})
    acknowledge(conn, [filing])


def _with_declaration(conn: Connection, column: Any, values: Iterable[str]) -> Iterator[Row]:
    """Filings, each with the names and the outcome of the declaration that it is about."""
    about = [_ABOUT.c[name].label(f"about_{name}") for name in ("lrn", "mrn", "outcome")]
    for row in among(conn, select(*KIN, *about).outerjoin(_ABOUT, _ABOUT.c.id == f.c.about), column, values):
        yield row._mapping  # noqa: SLF001  # SQLAlchemy's public name for it


def _requests(conn: Connection, heard: Iterable[Row]) -> list[Row]:
    """What was asked that some answers may be about: beside what they say of its declaration by now."""
    about = {mine["about"] or mine["id"] for mine in heard}
    named = {mine["id"] for mine in heard if mine["about"]}
    asked = _with_declaration(conn, f.c.about, about)
    return [one for one in asked if one["id"] in named or one["state"] in ARRIVED]


def _learn(conn: Connection, mine: Row, rows: list[Row]) -> None:
    newest = sorted(rows, key=lambda row: row["issued_at"] or "")
    mrns = [mrn for row in newest for mrn in (row["request"] if mine["about"] else None, row["mrn"]) if mrn]
    own = [mrn for mrn in mrns if mrn not in {mine["about_mrn"], mine["lrn"]}]
    version = max((row["version"] for row in (mine, *rows) if row["version"]), key=_counted, default=None)
    _refold(conn, mine, {"mrn": own[-1] if own else mine["mrn"], "version": version})


def _counted(version: str) -> int:
    """Versions may be told out of order."""
    return number(version) or 0


def _refold(conn: Connection, mine: Row, learned: Mapping[str, str | None]) -> None:
    """A declaration is answered by any word of customs, a request by the one that ends it."""
    about, known = mine["about"], {**mine, **learned}
    now = became_of(conn, known, mine["about_outcome"] or "") if about else _declared(conn, known)
    ends = outcome(now).aspect == "request" if about else is_final(now)
    told = {"outcome": now or None, **learned, **({} if about and not ends else {"answer_due_at": None})}
    conn.execute(update(f).where(f.c.id == mine["id"]).values(**told))
    if ends:
        moves.move(conn, "filing", [mine["id"]], "lodged", "settled", "C", "settle")
    else:
        moves.move(conn, "filing", [mine["id"]], "settled", "lodged", "C", "reopen")
    if now == REFUSED != mine["outcome"]:
        values = {"purpose": mine["purpose"], "lrn": mine["about_lrn"]}
        notes.note(conn, "filing", mine["id"], mine["connection"], [Finding("RSP740", "warning", values)])


def _declared(conn: Connection, mine: Row) -> str:
    """The outcome of a declaration."""
    said = conn.execute(select(*(d.c[name] for name in SAID)).where(d.c.filing == mine["id"])).mappings()
    return fold(map(heard, said)).outcome
