"""What every authority looks at in a request: its day, the MRN, a reason of its list, goods that were there already."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gateway.findings import Finding
from gateway.mapping.protocols import Filing
from gateway.model import Consignment


def day_of(filing: Filing, zone: ZoneInfo) -> date:
    """The day of a request as the authority counts days.

    >>> from gateway.model import Moment
    >>> day_of(Filing("", Moment(iso="2026-06-30T22:30:00Z")), ZoneInfo("Europe/Copenhagen")).isoformat()
    '2026-07-01'
    """
    return datetime.fromisoformat(filing.issued_at.iso).astimezone(zone).date()


def unnumbered(filing: Filing) -> Iterator[Finding]:
    """A request names the declaration by customs' own number."""
    if not filing.mrn:
        yield Finding("TGT590", values={"what": "MRN"}, model_path="declaration.mrn", wco_id="D014")


def unlisted(filing: Filing, known: Collection[str], name: str) -> Iterator[Finding]:
    """A request has a reason, and it is a code of the authority's list of that name."""
    at = "amendments[1].reason"
    if not filing.reason:
        yield Finding("TGT590", values={"what": "reason"}, model_path=at, wco_id="099")
    elif filing.reason not in known:
        values = {"reason": filing.reason, "known": ", ".join(known), "list": f"codes/{name}.csv"}
        yield Finding("TGT591", values=values, model_path=at, wco_id="099")


def presented_before(filed: Consignment, pre_lodged: str) -> Iterator[Finding]:
    """Goods are presented once: where the last letter of the declaration's type says it was lodged before they came."""
    kind = filed.declaration.type if filed.declaration else None
    if kind and kind[-1] not in pre_lodged:
        yield Finding("TGT594", values={"type": kind}, model_path="declaration.type", wco_id="D013")
