"""The United Kingdom's customs declaration service: what must be said beside the sender's facts to file an H7.

Sources: HMRC customs-declarations API (schemas, example TT_IM067a); limits, procedures and rates are dated tables
(`mappings/codes/customs/uk`), who declares is in the partner's settings (`filer.KEYS`).
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import msgspec

from adapters.customs.dated import Lists
from adapters.customs.uk import filer, goods, parties, value
from adapters.customs.uk.rules import Rules, rules
from gateway.checks import lists as shipped
from gateway.findings import Finding
from gateway.mapping.protocols import Filing
from gateway.model import Consignment

COUNTRY = "GB"
ONE_PACKAGE = 1  # a mail item is one package

SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "goods_items.tariff_code": "goods_items.hs_code",
        "goods_items.gross_mass": "gross_mass",
        "goods_items.number": "goods_items.number",
        "goods_items.documents": "documents",
        "goods_items.additional_procedures": "nature",
        "fiscal_references": "consignor.ids",
        "documents[kind=previous]": "item_id",
    }
)
"""Which of the sender's facts stands behind a fact that this pack adds: customs' pointers end there."""


class UnitedKingdom:
    """Authority pack `customs/uk`."""

    name = "customs/uk"
    settings = filer.KEYS
    sources = SOURCES

    def complete(
        self,
        consignment: Consignment,
        filing: Filing,
        settings: Mapping[str, str],
        on: date,
        lists: Lists = shipped.rows,
    ) -> tuple[Consignment, tuple[Finding, ...]]:
        """The consignment as it is declared on that day; findings where a person must decide first."""
        try:
            law = rules(lists, on)
        except LookupError:
            return consignment, (Finding("TGT560", values={"date": on.isoformat()}),)
        worth = value.worth(consignment, law, settings)
        relief, above = value.relief(consignment, worth, law)
        said = _said(consignment, filing, settings, law, relief.code if relief else "")
        return said, (*_destination(consignment), *above, *filer.faults(settings), *goods.faults(said))


def _said(
    consignment: Consignment, filing: Filing, settings: Mapping[str, str], law: Rules, relief: str
) -> Consignment:
    known = msgspec.structs.replace(
        consignment,
        consignor=parties.typed(consignment.consignor, law),
        consignee=parties.typed(consignment.consignee, law),
    )
    fiscal = tuple(parties.fiscal_references(known, law))
    additional = [code for code in (relief, *(code for _, code in fiscal)) if code]
    common = goods.common(law, additional, filer.statements(settings), known)
    items = tuple(
        goods.complete(each, number, gross, common, goods.tariff_code(each, settings))
        for number, (each, gross) in enumerate(zip(known.goods_items, goods.gross_masses(known), strict=True), start=1)
    )
    return msgspec.structs.replace(
        known,
        declaration=filer.declaration(filing, settings),
        declarant=filer.declarant(settings),
        representative=filer.representative(settings),
        goods_location=filer.location(settings),
        transport=filer.transport(known.transport, settings),
        package_count=known.package_count or ONE_PACKAGE,
        fiscal_references=tuple(reference for reference, _ in fiscal),
        documents=(*known.documents, *filer.previous_documents(known.item_id, settings)),
        goods_items=items,
    )


def _destination(consignment: Consignment) -> tuple[Finding, ...]:
    address = consignment.consignee.address if consignment.consignee else None
    country = consignment.destination_country or (address.country if address else None)
    if country in {COUNTRY, None}:
        return ()
    return (Finding("TGT550", values={"country": country or ""}, model_path="consignee.address.country", wco_id="242"),)
