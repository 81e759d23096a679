"""Numbers of parties: their kind where the form tells it, and those that are declared as fiscal references."""

from collections.abc import Iterator

import msgspec

from adapters.customs.uk.rules import Rules
from gateway.model import Consignment, Identification, Party, Reference

UNTYPED = "OTHER"


def typed(party: Party | None, rules: Rules) -> Party | None:
    """The party with ids whose kind their form tells: GB and twelve digits is an EORI number, nine are a VAT number."""
    if party is None or not any(each.kind == UNTYPED for each in party.ids):
        return party
    return msgspec.structs.replace(party, ids=tuple(_typed(each, rules) for each in party.ids))


def fiscal_references(consignment: Consignment, rules: Rules) -> Iterator[tuple[Reference, str]]:
    """Each number to declare as an additional fiscal reference, with the additional procedure that goes with it."""
    for rule in rules.fiscal:
        party: Party | None = getattr(consignment, rule.party)
        for each in party.ids if party else ():
            if each.kind == rule.kind and each.id and rule.form.fullmatch(each.id):
                yield Reference(id=each.id, role=rule.role), rule.additional


def _typed(known: Identification, rules: Rules) -> Identification:
    if known.kind != UNTYPED or not known.id:
        return known
    kinds = (kind for kind, form in rules.identifiers if form.fullmatch(known.id or ""))
    return Identification(kind=next(kinds, UNTYPED), id=known.id)
