"""Correlate: which filing an answer of customs is about.

By the reference of a request first, then by our LRN, then by an MRN that customs told earlier; always among the filings
made with the authority that answers, in the same environment. An LRN alone is not believed where the answer names an
MRN that is another filing's or differs from the filing's own, where it was issued before the filing was out, or after
the time for which the authority keeps LRNs apart (`lrn_unique` of a `receives` rule; UK CDS: two days from
acceptance). What is said about a request of ours never becomes a word about the declaration, and the other way round.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, or_, select

from gateway.findings import Finding
from gateway.journal import schema
from gateway.mapping.protocols import DECLARE
from gateway.model.outcomes import outcome
from gateway.steps.ground.gate import Gate
from gateway.steps.ground.many import among
from gateway.steps.ground.notes import made

TOLERANCE = timedelta(days=1)  # clocks differ, and times without a zone are read as the authority's
UNDER_WAY = ("assembled", "lodged")
OF_BOTH = frozenset({"rejected", "received"})
"""What is said of a declaration before it is accepted, and of a request about it afterwards."""
ANSWERS = frozenset({"request_granted", "request_denied"}) | OF_BOTH
"""What is said of a request although only the declaration is named, when one request about it is under way."""

d, f, dl = schema.decision, schema.filing, schema.delivery
COLUMNS = (
    f.c.id, f.c.lrn, f.c.mrn, f.c.environment, f.c.connection, f.c.kind, f.c.route, f.c.purpose, f.c.about, f.c.state,
    f.c.outcome,
)  # fmt: skip
OUT = (
    select(*COLUMNS, dl.c.sent_at)
    .outerjoin(dl, dl.c.id == f.c.delivery)
    .where(or_(f.c.lead.is_(None), f.c.lead == f.c.id))  # of several parcels in one declaration the one that carries it
)
Row = Mapping[Any, Any]
Place = tuple[str, str]  # environment, authority


class Match(NamedTuple):
    """The filing that an answer is about; without one it waits, or what was found keeps it for a person."""

    filing: str | None = None
    found: Finding | None = None


def matches(gate: Gate, conn: Connection, decisions: Collection[Row]) -> dict[str, Match]:
    """What each decision (by its id) is about."""
    names = _Names(gate, conn, decisions)
    return {row["id"]: names.match(row) for row in sorted(decisions, key=lambda row: row["issued_at"] or "")}


def of_request(said: str) -> bool:
    """Whether an outcome can be an answer to a request; the others are about the declaration itself.

    >>> of_request("request_denied"), of_request("rejected"), of_request("cancelled"), of_request("released")
    (True, True, False, False)
    """
    meant = outcome(said)
    return meant.aspect in {"request", "notice"} or bool(meant.of_request) or said == "accepted"


class _Names:
    """The filings that some decisions may be about, by every name they go by."""

    def __init__(self, gate: Gate, conn: Connection, decisions: Collection[Row]) -> None:
        self.gate, self.conn = gate, conn
        self.filings: dict[str, Row] = {}
        self.by_lrn: dict[tuple[str, Place], Row] = {}
        self.by_mrn: dict[tuple[str, Place], list[Row]] = defaultdict(list)
        self._find("lrn", {row[name] for row in decisions for name in ("lrn", "request") if row[name]})
        self._find("mrn", {row[name] for row in decisions for name in ("mrn", "request") if row[name]})
        self._find("id", {row["about"] for row in self.filings.values() if row["about"]} - self.filings.keys())

    def match(self, decision: Row) -> Match:
        place = (decision["environment"], decision["authority"])
        mine = self._asked(decision["request"], place)
        if mine is None and (mine := self.by_lrn.get((decision["lrn"], place))) is not None:
            if (found := self._contradiction(mine, decision, place)) is not None:
                return Match(found=found)
            mine = mine if self._believed(mine, decision) else None
        mine = mine or self._known(decision["mrn"], place)
        if mine is None:
            return Match()
        if decision["mrn"]:
            self._name(decision["mrn"], place, mine)
        return Match(self._subject(mine, decision))

    def _find(self, name: str, wanted: Iterable[str]) -> None:
        for row in among(self.conn, OUT, f.c[name], wanted):
            one: Row = row._mapping  # noqa: SLF001  # SQLAlchemy's public name for it
            self.filings[one["id"]] = one
            place = (one["environment"], self.gate.hub.receiver(one["connection"], one["kind"], one["route"]))
            self.by_lrn[one["lrn"], place] = one
            if one["mrn"]:
                self._name(one["mrn"], place, one)

    def _name(self, mrn: str, place: Place, mine: Row) -> None:
        """An MRN belongs to the filing it was told for: also to the next answer of the same batch."""
        owners = self.by_mrn[mrn, place]
        if all(one["id"] != mine["id"] for one in owners) and not (mine["about"] and owners):
            owners.append(mine)

    def _asked(self, reference: str | None, place: Place) -> Row | None:
        """The request of ours that customs names."""
        named = [self.by_lrn.get((reference or "", place)), *self.by_mrn.get((reference or "", place), ())]
        return next((one for one in named if one is not None and one["purpose"] != DECLARE), None)

    def _known(self, mrn: str | None, place: Place) -> Row | None:
        """The filing that the MRN was told for: the declaration before a request, the newest before others."""
        owners = self.by_mrn.get((mrn or "", place), [])
        return max(owners, key=lambda one: (one["purpose"] == DECLARE, one["id"]), default=None)

    def _contradiction(self, mine: Row, decision: Row, place: Place) -> Finding | None:
        """Why the LRN and the MRN of an answer cannot both be meant."""
        mrn, kin = decision["mrn"], {mine["id"], mine["about"]} - {None}
        if not mrn:
            return None
        other = next((one for one in self.by_mrn.get((mrn, place), ()) if not kin & {one["id"], one["about"]}), None)
        if other is not None:
            return made("RSP741", lrn=mine["lrn"], mrn=mrn, other=other["lrn"])
        known = {self.filings[one]["mrn"] for one in kin if one in self.filings} - {None}
        if mine["mrn"] and mrn not in known:
            return made("RSP742", lrn=mine["lrn"], mrn=mrn, known=mine["mrn"])
        return None

    def _believed(self, mine: Row, decision: Row) -> bool:
        """Whether the LRN is enough: the MRN agrees, or the answer falls into the time in which the LRN is ours."""
        said = _moment(decision["issued_at"])
        if said is None or (decision["mrn"] and decision["mrn"] == mine["mrn"]):
            return True
        if mine["sent_at"] is not None and said < mine["sent_at"] - TOLERANCE:
            return False
        way = self.gate.hub.way(mine["connection"], mine["kind"], mine["route"])
        if decision["mrn"] or not mine["mrn"] or way is None or way.lrn_unique is None:
            return True
        accepted = self._accepted(mine)
        return accepted is None or said - accepted <= way.lrn_unique + TOLERANCE

    def _accepted(self, mine: Row) -> datetime | None:
        """When customs first named the MRN of a filing."""
        first = select(func.min(d.c.issued_at)).where(d.c.filing == mine["id"], d.c.mrn == mine["mrn"])
        return _moment(self.conn.scalar(first))

    def _subject(self, mine: Row, decision: Row) -> str:
        """The request or its declaration, whichever the answer speaks of."""
        said = decision["outcome"]
        if mine["about"]:
            return str(mine["id"] if of_request(said) else mine["about"])
        accepted = mine["outcome"] and mine["outcome"] != "rejected" and outcome(mine["outcome"]).rank > 1
        if said in ANSWERS and (said not in OF_BOTH or accepted):
            asked = select(f.c.id).where(f.c.about == mine["id"], f.c.state.in_(UNDER_WAY))
            open_ = list(self.conn.scalars(asked))
            return str(open_[0] if len(open_) == 1 else mine["id"])
        return str(mine["id"])


def _moment(text: str | None) -> datetime | None:
    """A moment as the journal keeps it with decisions."""
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
