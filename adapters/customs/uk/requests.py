"""Requests about a declaration that customs has: change it, withdraw it, say that its goods are here.

Sources: HMRC customs-declarations API, version 3: `amend` (example TT_IM02b), `cancellation-requests` (TT_EX010a),
`arrival-notification`. All three are function 13 with a reference of their own and the declaration's MRN. The status of
a declaration is asked of an HTTP service alone (customs-declarations-information: GET by MRN, DUCR, UCR or inventory
reference): there is no message for it, and none can be put into a file.
"""

from collections.abc import Callable, Iterator, Mapping
from zoneinfo import ZoneInfo

from adapters.customs.asked import day_of, presented_before, unlisted, unnumbered
from adapters.customs.dated import in_force
from adapters.customs.uk.amendment import amendment
from adapters.customs.uk.asking import reason, request
from gateway.checks import lists as shipped
from gateway.findings import Finding
from gateway.mapping.protocols import Filing, Lists, Purpose, Traced
from gateway.model import Amendment, Consignment, Identification, Party

AMENDMENTS: Mapping[str, str] = {
    "customs/uk/h7": "customs/uk/amendment",
    "customs/uk/h7-grouped": "customs/uk/amendment-grouped",
    "customs/uk/birds": "customs/uk/amendment-birds",
    "customs/uk/low-value-import": "customs/uk/amendment-import",
    "customs/uk/low-value-export": "customs/uk/amendment-export",
}
"""By what is declared: each data set states the same facts in elements of its own."""

OTHERS: Mapping[Purpose, str] = {"cancel": "customs/uk/cancellation", "present": "customs/uk/presentation"}
EXPORTS = frozenset({"customs/uk/low-value-export"})
"""Their goods are presented by the movement messages of the ports, not by a declaration."""
REASONED = frozenset({"amend", "cancel"})
REASONS = "customs/uk/change-reasons"
CANCELLATION, PRESENTATION = "INV", "GPR"
LONDON = ZoneInfo("Europe/London")
PRE_LODGED = "DEFK"  # last letter of a declaration's type (data element 1/2)


class Requests:
    """What a pack of the United Kingdom knows of requests."""

    def request_format(self, target: str, purpose: Purpose, outcome: str = "") -> str | None:  # noqa: ARG002 - one way for all
        """The format of a request; None for a query, which is no message, and for goods that leave.

        >>> Requests().request_format("customs/uk/h7", "cancel"), Requests().request_format("customs/uk/h7", "query")
        ('customs/uk/cancellation', None)
        """
        if target not in AMENDMENTS or (purpose == "present" and target in EXPORTS):
            return None
        return AMENDMENTS[target] if purpose == "amend" else OTHERS.get(purpose)

    def request(
        self,
        filing: Filing,
        filed: Consignment,
        changed: Consignment,
        settings: Mapping[str, str],  # noqa: ARG002 - what the filer knows stands in the record already
        traced: Traced,
        lists: Lists = shipped.rows,
    ) -> tuple[Consignment, tuple[Finding, ...]]:
        """The record of a request, and what stands in its way."""
        if filing.purpose == "amend":
            said, found = amendment(filing, filed, changed, traced)
        else:
            said, found = MADE[filing.purpose](filing, filed)
        return said, (*_lacking(filing, lists), *found)


Made = tuple[Consignment, tuple[Finding, ...]]


def _cancellation(filing: Filing, filed: Consignment) -> Made:
    return Consignment(
        declaration=request(filing, CANCELLATION),
        submitter=_submitter(filed),
        statements=(reason(filing),),
        amendments=(Amendment(reason=filing.reason or None),),
    ), ()


def _presentation(filing: Filing, filed: Consignment) -> Made:
    said = Consignment(declaration=request(filing, PRESENTATION), submitter=_submitter(filed))
    return said, tuple(presented_before(filed, PRE_LODGED))


MADE: Mapping[str, Callable[[Filing, Consignment], Made]] = {"cancel": _cancellation, "present": _presentation}


def _submitter(filed: Consignment) -> Party | None:
    """Who submits, by EORI number: as the filer says, else who lodged it, the representative where there is one."""
    parties = (filed.submitter, filed.representative, filed.declarant)
    known = (each.id for party in parties if party for each in party.ids if each.kind == "EORI")
    number = next(known, None)
    return Party(ids=(Identification(kind="EORI", id=number),)) if number else None


def _lacking(filing: Filing, lists: Lists) -> Iterator[Finding]:
    """What a request must say and this one does not."""
    yield from unnumbered(filing)
    if filing.purpose in REASONED:
        if not filing.text:
            yield Finding("TGT590", values={"what": "text"}, model_path="statements[1].text", wco_id="225")
        yield from unlisted(filing, _reasons(filing, lists), REASONS)


def _reasons(filing: Filing, lists: Lists) -> tuple[str, ...]:
    """The reasons in force on the day of the request."""
    today = in_force(lists(REASONS), day_of(filing, LONDON))
    return tuple(row["code"] for row in today if row["purpose"] == filing.purpose)
