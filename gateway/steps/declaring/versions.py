"""What a dossier holds before an item comes, and what that makes of the item.

Said before is a repeat; said otherwise after it was filed is held, or amends the declaration where the route says so
(`gateway.steps.declaring.change`); said otherwise before it was filed, or after customs rejected it, takes the place of
the older version; and what was sent earlier than what we have already is late. Batches of a file, and files of a round,
may be settled in any order: which version is newer is told by their places, not by that order.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

import msgspec
from sqlalchemy import Connection, select

from gateway.findings import Finding
from gateway.journal import schema
from gateway.journal.pseudonym import names_of
from gateway.mapping.protocols import DECLARE
from gateway.steps.declaring.groupmembers import dissolve, on_the_way
from gateway.steps.ground import moves
from gateway.steps.ground.many import among
from gateway.steps.working.content import same_content

REUSE = timedelta(days=365)  # S10 numbers are not used again within 12 months (UPU S10-12)
FILED = frozenset({"assembled", "lodged", "settled"})
OPEN = ("waiting", "held", "written", "joined")
GONE = ("superseded", "returned", "cancelled")
SUPERSEDED = (DECLARE, "amend")  # what a newer version of the parcel makes void
d, f, i = schema.dossier, schema.filing, schema.item

Standing = Literal["new", "repeat", "late", "filed"]


class Made(msgspec.Struct):
    """One filing of a dossier: a declaration of one of its items, or a request about one."""

    id: str
    route: str
    purpose: str
    attempt: int
    state: str
    outcome: str = ""
    item: str = ""
    kind: str = ""

    @property
    def declares(self) -> bool:
        return self.purpose == DECLARE

    @property
    def is_out(self) -> bool:
        return self.state in FILED

    @property
    def refused(self) -> str:
        """By which final word customs has it no more."""
        return self.outcome if self.state == "settled" and self.outcome in {"rejected", "cancelled"} else ""


class Earlier(msgspec.Struct):
    """The newest version that counts (`item`, `state`, `content`, its place in file and sequence) and all filings."""

    id: str
    epoch: str
    item: str = ""
    state: str = ""
    content: str = ""
    place: tuple[str, int] = ("", 0)
    version: int = 0
    filings: list[Made] = []

    @property
    def with_customs(self) -> list[Made]:
        """Declarations that are out, without those that customs rejected: these may be corrected and filed anew."""
        return [one for one in self.filings if one.declares and one.is_out and one.refused != "rejected"]

    @property
    def is_filed(self) -> bool:
        return bool(self.with_customs)

    def next_attempt(self, route: str, purpose: str = DECLARE) -> int:
        mine = (one.attempt for one in self.filings if (one.route, one.purpose) == (route, purpose))
        return max(mine, default=0) + 1

    def replaced(self, route: str) -> str | None:
        """The declaration whose place a further attempt on a route takes: the last one that was out, else the last."""
        here = [one for one in self.filings if one.declares and one.route == route]
        out = [one for one in self.filings if one.declares and one.is_out]
        choices = [one for one in here if one.is_out], out, here
        return max((one.id for one in next(filter(None, choices), [])), default=None)

    def standing(self, content: str, place: tuple[str, int]) -> Standing:
        """What an item of this content, at this place, is beside what is here."""
        if self.item and same_content(self.content, content):
            return "repeat"
        if self.item and place < self.place:
            return "late"
        return "filed" if self.is_filed else "new"


def held_as(standing: Standing, item_id: str) -> tuple[Finding, ...]:
    """The finding that holds an item because of its standing."""
    code = {"filed": "RTE125", "late": "RTE129"}.get(standing)
    return (Finding(code, item_id=item_id),) if code else ()


def earlier(
    conn: Connection, environment: str, business_ids: Iterable[str], without: str = ""
) -> dict[str, list[Earlier]]:
    """What the journal holds on these parcels, by business id; `without` one item, which is looked at again."""
    found: dict[str, list[Earlier]] = {}
    by_id: dict[str, Earlier] = {}
    known = select(d.c.id, d.c.business_id, d.c.epoch).where(d.c.environment == environment, d.c.kind == "consignment")
    spelt = names_of(conn).by_pseudonym(business_ids)
    for row in among(conn, known, d.c.business_id, spelt):
        by_id[row.id] = Earlier(row.id, row.epoch, filings=[])
        found.setdefault(spelt[row.business_id], []).append(by_id[row.id])
    _filings(conn, by_id)
    _newest(conn, by_id, without)
    return found


def _filings(conn: Connection, by_id: dict[str, Earlier]) -> None:
    made = select(f.c.id, f.c.dossier, f.c.route, f.c.purpose, f.c.attempt, f.c.state, f.c.outcome, f.c.item, f.c.kind)
    rows = list(among(conn, made, f.c.dossier, by_id))
    away = on_the_way(conn, [row.id for row in rows if row.state == "joined"])
    for row in rows:
        state = "assembled" if row.id in away else row.state
        one = Made(row.id, row.route, row.purpose, row.attempt, state, row.outcome or "", row.item or "", row.kind)
        by_id[row.dossier].filings.append(one)


def _newest(conn: Connection, by_id: dict[str, Earlier], without: str) -> None:
    """The newest version that counts. One that was returned does not: said again, it is looked at again."""
    columns = (i.c.id, i.c.dossier, i.c.state, i.c.content_hash, i.c.version, i.c.file, i.c.seq)
    said = select(*columns).where(i.c.state.not_in(("repeat", "quarantined")), i.c.id != without)
    for row in among(conn, said, i.c.dossier, by_id):
        known, place = by_id[row.dossier], (row.file, row.seq)
        known.version = max(known.version, int(row.version or 0))
        if _counts(row.state, known) and (not known.item or place > known.place):
            known.item, known.state, known.content, known.place = row.id, row.state, row.content_hash or "", place


def _counts(state: str, known: Earlier) -> bool:
    """A closed version counts when it was filed; else it was returned."""
    return state not in GONE and (state != "closed" or any(one.state != "withdrawn" for one in known.filings))


def find_dossier(known: Iterable[Earlier], epoch: str) -> Earlier | None:
    """The dossier of this parcel: the one whose epoch lies within a year of this posting date."""
    day = date.fromisoformat(epoch)
    near = [e for e in known if abs(date.fromisoformat(e.epoch) - day) < REUSE]
    return min(near, key=lambda e: abs(date.fromisoformat(e.epoch) - day), default=None)


def supersede(conn: Connection, before: Earlier) -> None:
    """A newer version takes the place of one that is not with customs: that one goes, what was to be filed of it too.

    Of a parcel that is with customs, only a version goes that was held to replace it.
    """
    if before.state == "held" or (before.state == "accepted" and not before.is_filed):
        moves.move(conn, "item", [before.item], before.state, "superseded", "T", "supersede")
    if not before.is_filed:
        withdraw(conn, before)


def withdraw(conn: Connection, before: Earlier) -> None:
    """Take back every declaration, and every change of one, that is not on its way yet."""
    open_ = [one for one in before.filings if one.state in OPEN and one.purpose in SUPERSEDED]
    for state in OPEN if open_ else ():  # one of a group may have gone from state to state since it was looked up
        gone = moves.move(conn, "filing", [one.id for one in open_], state, "withdrawn", "T", "supersede")
        dissolve(conn, gone, "T", "supersede")
    for one in open_:
        one.state = "withdrawn"
