"""A consignment as it is declared: the sender's facts, what the filer knows, what follows from dated tables."""

from collections.abc import Mapping

import msgspec

from adapters.customs import masses, parties
from adapters.customs.rules import Facts
from adapters.customs.uk import filer, goods
from adapters.customs.uk.rules import Rules, follows
from gateway.mapping.protocols import Filing
from gateway.model import Consignment, Declaration, Party, Statement

ONE_PACKAGE = 1  # a mail item is one package


def declared(
    consignment: Consignment, filing: Filing, settings: Mapping[str, str], law: Rules, facts: Facts, relief: str
) -> Consignment:
    """The record that is written; `relief` is the additional procedure that its value allows."""
    known = _told(consignment, filing, settings, law)
    fiscal = tuple(parties.fiscal_references(known, law))
    codes = [relief, *(code for _, code in fiscal), *(one.code for one in follows(law.procedures, known, facts))]
    statements = (
        *(Statement(code=one.code, text=one.text or None) for one in follows(law.statements, known, facts)),
        *filer.statements(settings),
    )
    references = tuple(reference for reference, _ in fiscal)
    previous = tuple(filer.previous_documents(known.item_id, settings))
    common = goods.common(law, [code for code in codes if code], statements, known, references, previous, settings)
    items = tuple(
        goods.complete(each, number, gross, common, goods.tariff_code(each, settings))
        for number, (each, gross) in enumerate(zip(known.goods_items, masses.gross_masses(known), strict=True), start=1)
    )
    return msgspec.structs.replace(
        known,
        fiscal_references=references,
        documents=(*map(goods.stated, known.documents), *previous, *filer.payment(settings)),
        goods_items=items,
    )


def _told(consignment: Consignment, filing: Filing, settings: Mapping[str, str], law: Rules) -> Consignment:
    """The facts that stand above the goods."""
    return msgspec.structs.replace(
        consignment,
        consignor=parties.typed(consignment.consignor, law),
        consignee=parties.typed(consignment.consignee, law),
        declaration=filer.declaration(filing, settings, law.types, consignment.declaration or Declaration()),
        declarant=filer.declarant(settings, consignment.declarant),
        representative=filer.representative(settings, consignment.representative),
        goods_location=filer.location(settings, consignment.goods_location),
        transport=filer.transport(consignment.transport, settings),
        package_count=consignment.package_count or ONE_PACKAGE,
        export_country=consignment.export_country or country(consignment.consignor),
        destination_country=consignment.destination_country or country(consignment.consignee),
    )


def country(party: Party | None) -> str | None:
    return party.address.country if party and party.address else None
