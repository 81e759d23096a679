"""Several parcels in one declaration: pure, as all that workers do.

Each parcel is completed by itself under its own ruleset's law; what holds it holds it alone. Together they are one
record (`gateway.mapping.protocols.Grouper`), written under the LRN of the first. When that cannot be written, each is
written alone to find the one at fault; when each alone can be, they are too many: two halves, two declarations.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING

import msgspec

from gateway.findings import Finding
from gateway.mapping.format import Written
from gateway.mapping.protocols import Filing
from gateway.model import Consignment
from gateway.steps.working.filer import joined
from gateway.steps.working.outcome import Company, Draft, GroupDone, GroupJob, GroupPlan, Member, Rewrite, RoutePlan
from gateway.steps.working.routing import values_at
from gateway.steps.working.verdict import state_of, weigh

if TYPE_CHECKING:
    from gateway.steps.working.translation import Translator

CONSIGNMENTS = msgspec.json.Decoder(Consignment)
ALIKE = 16  # bytes of the digest of what the parcels of one declaration have in common


def draft(route: RoutePlan, filing: Filing, made: Written, findings: tuple[Finding, ...]) -> Draft:
    """One declaration, written or held."""
    state = "written" if made.text is not None and state_of(findings) == "accepted" else "held"
    return Draft(
        route.name, route.target, route.partner, route.connection, route.filer.declarant, filing.lrn, filing.attempt,
        state, (made.text or "").encode(), findings, edition=made.edition,
    )  # fmt: skip


def in_company(alone: Draft, said: Consignment, plan: GroupPlan) -> Draft:
    """A parcel that could be declared alone waits for others; it is written again with them."""
    state = "waiting" if alone.state == "written" else alone.state
    return msgspec.structs.replace(
        alone, state=state, text=b"", goods=len(said.goods_items), together=together(said, plan.by)
    )


def together(said: Consignment, by: Sequence[str]) -> str:
    """What names all that may stand in one declaration with it: a digest, since values may be of persons.

    >>> together(Consignment(nature="11"), ["nature"]) == together(Consignment(nature="11", ucr="A"), ["nature"])
    True
    """
    values = [sorted(values_at(said, path)) for path in by]
    return hashlib.blake2b(msgspec.json.encode(values), digest_size=ALIKE).hexdigest()


def declare(translator: "Translator", job: GroupJob) -> GroupDone:
    """Every group of a job as declarations, and the parcels that stand in their own way."""
    writer = _Writer(translator, job.now)
    for group in job.groups:
        writer.declare(group)
    return GroupDone(tuple(writer.companies), tuple(writer.held), job.setup.ruleset)


class _Ready(msgspec.Struct, frozen=True):
    """A parcel as it is declared; nothing of its own holds it."""

    order: Rewrite
    filing: Filing
    said: Consignment
    findings: tuple[Finding, ...]


class _Writer:
    """Writes one group after the other, of one set-up, at one moment."""

    def __init__(self, translator: "Translator", now: datetime) -> None:
        self._translator, self._now = translator, now
        self.companies: list[Company] = []
        self.held: list[tuple[str, Draft]] = []

    def declare(self, group: Sequence[Rewrite]) -> None:
        self._route = self._translator.routes[group[0].route]
        self._on = self._route.filer.day(self._now)
        self._together([ready for order in group if (ready := self._complete(order)) is not None])

    def _complete(self, order: Rewrite) -> _Ready | None:
        record = CONSIGNMENTS.decode(order.record)
        filing = self._translator.filing(self._route, order.key, order.attempt, self._now)
        said, found = self._translator.completed(record, self._route, filing, self._on)
        ready = _Ready(order, filing, said, weigh(found, self._route.findings, order.waived))
        if state_of(ready.findings) == "accepted":
            return ready
        self._hold(ready, ready.findings)
        return None

    def _together(self, parcels: Sequence[_Ready]) -> None:
        if not parcels:
            return
        made = self._write(parcels)
        if _is_fine(made):
            self._keep(parcels, made)
        elif len(parcels) == 1:
            self._hold(parcels[0], parcels[0].findings + made.findings)
        else:
            self._apart(parcels)

    def _apart(self, parcels: Sequence[_Ready]) -> None:
        """Without those that cannot be written alone; where all can, in two halves."""
        fine = [one for one in parcels if self._can_be_written(one)]
        if len(fine) < len(parcels):
            self._together(fine)
        else:
            middle = len(parcels) // 2
            self._together(parcels[:middle])
            self._together(parcels[middle:])

    def _can_be_written(self, one: _Ready) -> bool:
        made = self._write([one])
        if _is_fine(made):
            return True
        self._hold(one, one.findings + made.findings)
        return False

    def _write(self, parcels: Sequence[_Ready]) -> Written:
        """What a person has waived of one counts for the text of all: nobody else was without fault before."""
        said, waived = [one.said for one in parcels], {code for one in parcels for code in one.order.waived}
        made = self._translator.written(said, self._route, parcels[0].filing, self._on)
        return msgspec.structs.replace(made, findings=weigh(made.findings, self._route.findings, waived))

    def _keep(self, parcels: Sequence[_Ready], written: Written) -> None:
        lead = parcels[0]
        made = draft(self._route, lead.filing, written, lead.findings + written.findings)
        self.companies.append(Company(made, tuple(self._members(parcels))))

    def _members(self, parcels: Sequence[_Ready]) -> Iterator[Member]:
        """Where the goods of each stand: behind those of the one before it, or all under the same numbers."""
        said, route = [one.said for one in parcels], self._route
        whole = len(joined(said, route.target, parcels[0].filing, route.filer).goods_items)
        own = [len(one.goods_items) for one in said]
        ends = list(accumulate(own))
        for one, goods, end in zip(parcels, own, ends, strict=True):
            apart = whole == ends[-1]
            yield Member(one.order.filing, end - goods + 1 if apart else 1, goods if apart else whole)

    def _hold(self, one: _Ready, findings: tuple[Finding, ...]) -> None:
        self.held.append((one.order.filing, draft(self._route, one.filing, Written(None), findings)))


def _is_fine(made: Written) -> bool:
    return made.text is not None and state_of(made.findings) == "accepted"
