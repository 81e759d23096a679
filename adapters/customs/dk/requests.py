"""Requests about a declaration that Danish customs has: amend, present, invalidate, ask for money back.

Sources: Danish Customs Agency, DMS import: schemas of amendments and corrections, presentations, invalidations,
invalidations with repayment, repayments; code lists 10057, 10187, 10270. Published: function 4 with the whole
declaration again, of which at least one element differs; function 24; function 1; function 37. A correction before the
goods are presented and an amendment after acceptance are one message: customs alone tells them apart.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from adapters.customs.asked import day_of, presented_before, unlisted, unnumbered
from adapters.customs.dated import Row, in_force
from adapters.customs.dk.law import AUTHORITY
from adapters.customs.rules import Day, Facts
from adapters.customs.rules.sentence import applies
from adapters.customs.rules.way import WHOLE
from adapters.customs.worth import Exchange
from gateway.checks import lists as shipped
from gateway.findings import Finding
from gateway.mapping.protocols import Filing, Lists, Purpose, Traced
from gateway.model import Amendment, Consignment, Declaration, Repayment

DECLARED = re.compile(r"customs/dk/h[67]")
CLEARED = "cleared"
FORMATS: Mapping[Purpose, str] = {
    "amend": "amendment",
    "cancel": "invalidation",
    "present": "presentation",
    "repay": "repayment",
}
AFTER_CLEARANCE: Mapping[Purpose, str] = {"cancel": "invalidation-repayment"}
FUNCTIONS: Mapping[Purpose, str] = {"amend": "4", "cancel": "1", "present": "24", "repay": "37"}
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
PRE_LODGED = "DEF"  # list 10214: last letter of a type that is lodged in advance
INVALIDATED = "E"  # list 10270: duty of a declaration that is invalidated
LRN = "D026"
ABOUT_BY_LRN = frozenset({f"{AUTHORITY}/h7-invalidation-repayment"})  # schema 1.4, the only one to say whose LRN it is
LOCATED = "H7"  # rule VR49; an H6 has no location of goods
REASONS = f"{AUTHORITY}/change-reasons"


class Requests:
    """What the Danish pack knows of requests."""

    def request_format(self, target: str, purpose: Purpose, outcome: str = "") -> str | None:
        """The format of a request; after clearance a declaration is invalidated together with repayment only.

        >>> Requests().request_format("customs/dk/h7", "cancel"), Requests().request_format("customs/dk/h7", "query")
        ('customs/dk/h7-invalidation', None)
        >>> Requests().request_format("customs/dk/h7", "cancel", "cleared")
        'customs/dk/h7-invalidation-repayment'
        """
        late = AFTER_CLEARANCE.get(purpose) if outcome == CLEARED else None
        name = late or FORMATS.get(purpose)
        return f"{target}-{name}" if name and DECLARED.fullmatch(target) else None

    def request(
        self,
        filing: Filing,
        filed: Consignment,
        changed: Consignment,
        settings: Mapping[str, str],
        traced: Traced,
        lists: Lists = shipped.rows,
    ) -> tuple[Consignment, tuple[Finding, ...]]:
        """The record of a request, and what stands in its way."""
        why = _reason(filing, filed, lists)
        said = _said(filing, filed, changed, why, settings)
        return said, (*_lacking(filing, said), *_unlisted(filing, why, lists), *_idle(filing, filed, changed, traced))


def _said(
    filing: Filing, filed: Consignment, changed: Consignment, why: Row, settings: Mapping[str, str]
) -> Consignment:
    record = changed if filing.purpose == "amend" else filed
    declaration = msgspec.structs.replace(
        record.declaration or Declaration(),
        function=FUNCTIONS.get(filing.purpose),
        lrn=filing.about if filing.target in ABOUT_BY_LRN else filing.lrn,
        mrn=filing.mrn or None,
    )
    amendment = Amendment(reason=why["code"] or None, text=filing.text or why["label"] or None)
    return msgspec.structs.replace(
        record,
        declaration=declaration,
        amendments=(amendment,) if filing.purpose in {"amend", "cancel"} else (),
        repayment=_repayment(filing, record, why, settings) if filing.target.endswith("repayment") else None,
    )


def _repayment(filing: Filing, record: Consignment, why: Row, settings: Mapping[str, str]) -> Repayment:
    """What is known of the application; what is claimed, only a person knows (`record` of the partner's file)."""
    known = record.repayment or Repayment()
    return msgspec.structs.replace(
        known,
        type=known.type or settings.get("repayment-type", "REP"),
        applicant=known.applicant or record.declarant,
        legal_basis=(why["code"] if filing.purpose == "repay" else known.legal_basis or INVALIDATED) or None,
        grounds=filing.text or why["label"] or None,
        bank=known.bank or settings.get("bank-account"),
    )


def _reason(filing: Filing, filed: Consignment, lists: Lists) -> Row:
    """The reason that is named, else the one that the record itself speaks for."""
    known = tuple(_reasons(filing, lists))
    named = (row for row in known if row["code"] == filing.reason)
    found = named if filing.reason else (row for row in known if row["when"] and _speaks_for(row, filed, lists))
    return next(found, {"code": filing.reason, "label": ""})


def _speaks_for(row: Row, filed: Consignment, lists: Lists) -> bool:
    return applies(row["when"], WHOLE, Day(lists, date.min))((filed,), Facts({}, Exchange("", {})))


def _reasons(filing: Filing, lists: Lists) -> Iterator[Row]:
    """Those in force on the day of the request, for a declaration at this stage."""
    outcome = CLEARED if filing.target.endswith(AFTER_CLEARANCE["cancel"]) else ""
    today = in_force(lists(REASONS), day_of(filing, COPENHAGEN))
    return (row for row in today if (row["purpose"], row["outcome"]) == (filing.purpose, outcome))


def _lacking(filing: Filing, said: Consignment) -> Iterator[Finding]:
    """What a request must say and this one does not."""
    yield from unnumbered(filing)
    if said.repayment is not None and said.repayment.amount is None:
        yield Finding("TGT590", values={"what": "repayment.amount"}, model_path="repayment.amount")
    category = said.declaration.category if said.declaration else None
    if filing.purpose == "present" and category == LOCATED and said.goods_location is None:
        yield Finding("TGT590", values={"what": "goods_location"}, model_path="goods_location", wco_id="L016")


def _unlisted(filing: Filing, why: Row, lists: Lists) -> Iterator[Finding]:
    """A request that has reasons has one of them, named or found in the record."""
    known = tuple(row["code"] for row in _reasons(filing, lists))
    if known and not why["label"]:
        yield from unlisted(filing, known, REASONS)


def _idle(filing: Filing, filed: Consignment, changed: Consignment, traced: Traced) -> Iterator[Finding]:
    """An amendment without a change, goods presented that were there already."""
    if filing.purpose == "present":
        yield from presented_before(filed, PRE_LODGED)
    if filing.purpose == "amend" and _facts(filed, traced) == _facts(changed, traced):
        yield Finding("TGT592")


def _facts(record: Consignment, traced: Traced) -> list[tuple[str, str]]:
    """What a declaration says, whichever reference it has."""
    return [(entry.message_path, entry.text) for entry in traced(record) if entry.wco_ids[-1:] != (LRN,)]
