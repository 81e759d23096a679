"""Find a parcel by anything that names it: S10 number, order, house waybill, receptacle, LRN, MRN, or one of our ids.

Identifiers are kept and compared without spaces and in capitals.

>>> normal(" rr 123 456 789 gb ")
'RR123456789GB'
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, Select, or_, select, union

from gateway.journal.pseudonym import names_of
from gateway.journal.schema import decision, dossier, filing, identifier, item

if TYPE_CHECKING:
    from gateway.journal.store import Journal

LIMIT = 100
PAGE = 1000  # items of one reading transaction, where all are wanted
ANY = "*"  # at the end of a text: whatever begins so
_LEAD = filing.alias("lead")


class Hit(msgspec.Struct, frozen=True):
    """One item that the text leads to."""

    item: str
    kind: str
    item_id: str | None
    state: str
    environment: str
    file: str
    dossier: str | None


def normal(value: str) -> str:
    return "".join(value.split()).upper()


def rows(parcel: str, named: Iterable[tuple[str, str]]) -> Iterator[dict[str, str]]:
    """The rows of the identifier table for a dossier's (kind, value) pairs; absent values leave none."""
    seen = dict.fromkeys((kind, normal(value)) for kind, value in named)
    return ({"kind": kind, "value": value, "dossier": parcel} for kind, value in seen if value)


def find(conn: Connection, wanted: str, limit: int = LIMIT, before: str = "") -> list[Hit]:
    """Items named by a text, the newest first; a text that ends in `*` finds every identifier that begins so.

    At most `limit` of them, of those that are older than the item `before` where one is said.
    """
    value = normal(wanted)
    named = union(*_dossiers(value, _spelt(conn, value))).subquery()
    alone = (
        item.c.dossier.is_(None) & item.c.item_id.in_(_spelt(conn, value)),
        item.c.id == value,
        item.c.file == value,
    )
    columns = (item.c.id, item.c.kind, item.c.item_id, item.c.state, item.c.environment, item.c.file, item.c.dossier)
    older = [item.c.id < before] if before else []
    hits = select(*columns).where(or_(item.c.dossier.in_(select(named.c[0])), *alone), *older)
    return [Hit(*row) for row in conn.execute(hits.order_by(item.c.id.desc()).limit(limit))]


def every(journal: "Journal", wanted: str) -> Iterator[Hit]:
    """All items named by a text, the newest first, a page of them in each reading transaction."""
    before = ""
    while True:
        with journal.read() as conn:
            page = find(conn, wanted, PAGE, before)
        yield from page
        if len(page) < PAGE:
            return
        before = page[-1].item


def _spelt(conn: Connection, value: str) -> list[str]:
    """How a number may stand in the journal: as it is, or, once it was purged, as its keyed hash."""
    return list(names_of(conn).by_pseudonym([value]))


def _dossiers(value: str, spelt: list[str]) -> tuple[Select[tuple[str]], ...]:
    if value.endswith(ANY):
        stem = value[:-1]
        return (
            select(identifier.c.dossier).where(identifier.c.value >= stem, identifier.c.value < stem + "\uffff"),
            select(dossier.c.id).where(dossier.c.business_id >= stem, dossier.c.business_id < stem + "\uffff"),
        )
    by_decision = select(filing.c.dossier).join(decision, decision.c.filing == filing.c.id)
    carried = select(filing.c.dossier).join(_LEAD, _LEAD.c.id == filing.c.lead)
    return (
        select(identifier.c.dossier).where(identifier.c.value.in_(spelt)),
        select(filing.c.dossier).where(filing.c.lrn == value),
        carried.where(_LEAD.c.lrn == value),  # parcels in the declaration of another
        select(filing.c.dossier).where(filing.c.mrn == value),
        select(filing.c.dossier).where(filing.c.id == value),
        by_decision.where(decision.c.id == value),
        by_decision.where(decision.c.notification == value),
        by_decision.where(decision.c.notification > f"{value}#", decision.c.notification < f"{value}$"),
        select(dossier.c.id).where(dossier.c.id == value),
    )
