"""Members of a declaration for several parcels: they stand in its bytes, travel with it, and part before it is sent."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, func, literal, select, update

from gateway.findings import Finding
from gateway.journal import schema
from gateway.steps.ground import moves, notes
from gateway.steps.ground.many import among, chunks
from gateway.steps.ground.parts import NOWHERE

f = schema.filing
LEAD = f.alias("lead")
NO_LRN = literal("~") + f.c.id  # the mark of what has none of its own
FREE = {"lead": None, "place": None, "delivery": None, **NOWHERE.columns("payload")}


def dissolve(conn: Connection, gone: Collection[str], who: str, action: str) -> None:
    """Filings have been withdrawn: what was to be declared together with them is declared anew, without them.

    A declaration that is on its way is not touched: none of its parcels can be withdrawn any more.
    """
    parted = list(among(conn, select(f.c.id, f.c.lead).where(f.c.lead.is_not(None)), f.c.id, gone))
    for some in chunks(row.id for row in parted):
        conn.execute(update(f).where(f.c.id.in_(some)).values(**FREE))
    leads = {row.lead for row in parted}
    rest = [row.id for row in among(conn, select(f.c.id), f.c.lead, leads)]
    moves.move(conn, "filing", rest, "written", "waiting", who, action, lrn=NO_LRN, **FREE)
    moves.move(conn, "filing", rest, "joined", "waiting", who, action, **FREE)


def not_alone(conn: Connection, filing: str, *, whole: bool = False) -> Finding | None:
    """Why nothing can be asked of customs for this parcel alone; None where its declaration is its own.

    What is asked for the `whole` declaration is asked about the filing that carries it.
    """
    said = select(f.c.lead, LEAD.c.lrn).join(LEAD, LEAD.c.id == f.c.lead).where(f.c.id == filing)
    row = conn.execute(said).first()
    count = parcels(conn, filing)
    if row is None or count == 1 or (whole and row.lead == filing):
        return None
    return notes.made("RTE151", parcels=str(count), lrn=row.lrn)


def parcels(conn: Connection, filing: str) -> int:
    """How many parcels the declaration of a filing speaks for."""
    lead = select(f.c.lead).where(f.c.id == filing).scalar_subquery()
    return conn.scalar(select(func.count()).where(f.c.lead == lead)) or 1


def on_the_way(conn: Connection, filings: Iterable[str]) -> set[str]:
    """Those that stand in a declaration which has left already, or is about to."""
    left = select(f.c.id).join(LEAD, LEAD.c.id == f.c.lead).where(f.c.state == "joined", LEAD.c.state != "written")
    return {row.id for row in among(conn, left, f.c.id, filings)}
