"""Granted: what became of a request, by what customs and persons have said since it left, in whatever order it came.

What customs says of the request itself stands before all. Then a person's word (`gateway filings settle`). Then what
customs' own word on the declaration proves: that there is a version above the one of when the request left, or that the
declaration was changed (DK DMS: CWMRES; UK CDS: a response with a higher VersionID). At last, that customs has said its
last word on the declaration, after which it changes nothing (`request_over`). A repayment is answered long after that.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, or_, select

from gateway.journal import schema
from gateway.model.outcomes import outcome
from gateway.steps.ground import notes
from gateway.steps.hearing.words import number

GRANTED, REFUSED, OVER = "request_granted", "request_denied", "request_over"
CHANGED = "changed_by_customs"
DONE = (CHANGED, "cancelled")  # said of the declaration where a request is named: it was granted
LOST = ("rejected", "cancelled")
BY_A_PERSON = "RTE145"
CHANGE, CANCEL, REPAY = "amend", "cancel", "repay"
ENDS = (CHANGE, "present")  # what nobody answers any more once the declaration has its last word
d, f, dl = schema.decision, schema.filing, schema.delivery
Row = Mapping[Any, Any]


class Said(msgspec.Struct, frozen=True):
    """One answer, of the request or of its declaration; `since`: it was said after the request had left."""

    outcome: str
    of_declaration: bool = False
    issued_at: str = ""
    version: int | None = None
    named: bool = False
    since: bool = False


def became_of(conn: Connection, mine: Row, declared: str) -> str:
    """The outcome of a request, beside the one of its declaration."""
    return answer(mine["purpose"], declared, _said(conn, mine), _person(conn, mine["id"]))


def answer(purpose: str, declared: str, said: Sequence[Said], person: str = "") -> str:
    """What became of a request; "" while nothing is known.

    >>> answer("amend", "accepted", [Said("accepted", True, version=1), Said("accepted", True, version=2, since=True)])
    'request_granted'
    >>> answer("amend", "cleared", [Said("cleared", True, version=1, since=True)], person="request_denied")
    'request_denied'
    """
    heard = [(outcome(name).aspect == "request", one.issued_at, name) for one in said if (name := _of_request(one))]
    explicit, _, last = max(heard, default=(False, "", ""))
    if explicit or person:
        return last if explicit else person
    about = [one for one in said if one.of_declaration]
    if purpose == CHANGE and _was_changed(about):
        return GRANTED
    if purpose == CANCEL and declared == "cancelled":
        return GRANTED
    return OVER if _is_over(purpose, declared, about) else last


def _was_changed(about: Sequence[Said]) -> bool:
    before = [one.version for one in about if one.version is not None and not one.since]
    later = [one for one in about if one.since]
    risen = before and any((one.version or 0) > max(before) for one in later)
    return bool(risen) or any(one.outcome == CHANGED for one in later)


def _is_over(purpose: str, declared: str, about: Iterable[Said]) -> bool:
    if declared in LOST:
        return purpose != REPAY
    return purpose in ENDS and outcome(declared).final and any(outcome(one.outcome).final for one in about if one.since)


def _of_request(one: Said) -> str:
    """What an answer says of the request; "" where it says nothing of it."""
    if one.of_declaration and not one.named:
        return ""
    if one.of_declaration and one.outcome in DONE:
        return GRANTED
    meant = outcome(one.outcome)
    if meant.aspect == "request" or (one.outcome == "accepted" and not one.of_declaration):
        return one.outcome
    return "" if one.of_declaration or meant.of_request != REFUSED else REFUSED


def _said(conn: Connection, mine: Row) -> list[Said]:
    """All answers that count, without those that speak of another request about the declaration."""
    names = {name for name in (mine["lrn"], mine["mrn"]) if name}
    columns = (d.c.id, d.c.filing, d.c.outcome, d.c.issued_at, d.c.version, d.c.request)
    found = conn.execute(select(*columns).where(or_(d.c.filing == mine["id"], d.c.filing == mine["about"])))
    delivery, left = _left(conn, mine["id"])
    return [
        Said(
            row.outcome or "", row.filing == mine["about"], row.issued_at or "", number(row.version or ""),
            row.request in names, since=row.id > delivery and (not row.issued_at or row.issued_at >= left),
        )
        for row in found
        if row.filing == mine["id"] or not row.request or row.request in names
    ]  # fmt: skip


def _left(conn: Connection, request: str) -> tuple[str, str]:
    """The delivery of a request, and when it was sent, as decisions tell times.

    Ids rise with time: what came before the delivery was made is known to be older, whatever the clock of customs says.
    """
    carried = select(dl.c.id, dl.c.sent_at).join(f, f.c.delivery == dl.c.id).where(f.c.id == request)
    row = conn.execute(carried).first()
    sent: datetime | None = row.sent_at if row else None
    return row.id if row else request, sent.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if sent else ""


def _person(conn: Connection, request: str) -> str:
    """What a person has said of a request."""
    found = [one for one in notes.findings_of(conn, request) if one.code == BY_A_PERSON]
    return found[-1].values["outcome"] if found else ""
