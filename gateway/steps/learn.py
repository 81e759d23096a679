"""What answers of customs teach about filings: that the delivery arrived, the MRN, the version, the outcome.

The outcome is folded from all decisions of a filing each time, so order and repetition make no difference.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from gateway.journal import schema
from gateway.steps import moves
from gateway.steps.fold import SAID, fold, heard, is_final
from gateway.steps.many import among

DOUBTFUL = ("queued", "unconfirmed", "in_doubt")
d, f = schema.decision, schema.filing


def learn(conn: Connection, said: Iterable[tuple[str, Mapping[Any, Any]]]) -> None:
    """Pairs of a filing and a decision about it, in the transaction that brings the decision in."""
    by_filing: dict[str, list[Mapping[Any, Any]]] = defaultdict(list)
    for filing, row in said:
        by_filing[filing].append(row)
    prove(conn, by_filing)
    for filing, rows in by_filing.items():
        newest = sorted(rows, key=lambda row: row["issued_at"] or "")
        refold(conn, filing, {name: value for row in newest for name in ("mrn", "version") if (value := row[name])})


def prove(conn: Connection, filings: Collection[str]) -> None:
    """An answer proves that the delivery arrived, whatever our own last line about it says: it is not sent again."""
    moves.move(conn, "filing", filings, "assembled", "lodged", "C", "answered")
    carried = among(conn, select(f.c.delivery).where(f.c.delivery.is_not(None)), f.c.id, filings)
    deliveries = {row.delivery for row in carried}
    arrived = [
        one for state in DOUBTFUL for one in moves.move(conn, "delivery", deliveries, state, "sent", "C", "answered")
    ]
    beside = among(conn, select(f.c.id).where(f.c.state == "assembled"), f.c.delivery, arrived)
    moves.move(conn, "filing", [row.id for row in beside], "assembled", "lodged", "C", "answered")


def answered(conn: Connection, deliveries: Iterable[str]) -> set[str]:
    """Those of some unsettled deliveries in which a filing is lodged already: customs has them."""
    lodged = select(f.c.delivery).where(f.c.state.in_(("lodged", "settled")))
    return {row.delivery for row in among(conn, lodged, f.c.delivery, deliveries)}


def refold(conn: Connection, filing: str, learned: Mapping[str, str]) -> None:
    """Say anew what customs' word on a filing is, and whether that settles it."""
    said = conn.execute(select(*(d.c[name] for name in SAID)).where(d.c.filing == filing)).mappings()
    outcome = fold(map(heard, said)).outcome
    conn.execute(update(f).where(f.c.id == filing).values(outcome=outcome or None, answer_due_at=None, **learned))
    if is_final(outcome):
        moves.move(conn, "filing", [filing], "lodged", "settled", "C", "settle")
    else:
        moves.move(conn, "filing", [filing], "settled", "lodged", "C", "reopen")
