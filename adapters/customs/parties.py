"""Numbers of parties: their kind where the form tells it, and those that are declared as fiscal references."""

from collections.abc import Iterator

import msgspec

from adapters.customs.law import Law
from gateway.model import Consignment, Identification, Party, Reference

UNTYPED = "OTHER"


def typed(party: Party | None, law: Law) -> Party | None:
    """The party with ids whose kind their form tells: GB and twelve digits is an EORI number, nine are a VAT number."""
    if party is None or not any(each.kind == UNTYPED for each in party.ids):
        return party
    return msgspec.structs.replace(party, ids=tuple(_typed(each, law) for each in party.ids))


def fiscal_references(consignment: Consignment, law: Law) -> Iterator[tuple[Reference, str]]:
    """Each number to declare as an additional fiscal reference, with the additional procedure that goes with it."""
    for rule in law.fiscal:
        party: Party | None = getattr(consignment, rule.party)
        for each in party.ids if party else ():
            if each.kind == rule.kind and each.id and rule.form.fullmatch(each.id):
                yield Reference(id=each.id, role=rule.role), rule.additional


def eori(number: str) -> tuple[Identification, ...]:
    return (Identification(kind="EORI", id=number),)


def _typed(known: Identification, law: Law) -> Identification:
    if known.kind != UNTYPED or not known.id:
        return known
    kinds = (kind for kind, form in law.identifiers if form.fullmatch(known.id or ""))
    return Identification(kind=next(kinds, UNTYPED), id=known.id)
